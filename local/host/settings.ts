import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile } from "./jsonFile.ts";

/**
 * Puts the settings where functions look for them, into process.env: `given` first, then what the environment has
 * already, then the Values of local.settings.json. Returns how to take them out again.
 */
export function applySettings(
	root: string,
	given: Readonly<Record<string, string>> = {},
): () => void {
	const added = { ...missing(localSettings(root)), ...given };
	const changed = { ...added, ...directLoopback({ ...process.env, ...added }) };
	const before = Object.keys(changed).map(
		(name) => [name, process.env[name]] as const,
	);
	Object.assign(process.env, changed);
	return () => {
		for (const [name, value] of before) {
			if (value === undefined) {
				delete process.env[name];
			} else {
				process.env[name] = value;
			}
		}
	};
}

/**
 * Tells functions where they answer, as App Service and Core Tools do. One that is set already wins. Returns how to take
 * it back.
 */
export function tellHostname(hostname: string): () => void {
	if (process.env.WEBSITE_HOSTNAME) return () => {};
	process.env.WEBSITE_HOSTNAME = hostname;
	return () => {
		if (process.env.WEBSITE_HOSTNAME === hostname)
			delete process.env.WEBSITE_HOSTNAME;
	};
}

/** Replaces `%NAME%` by the setting. If there is no such setting, throws an error with its name and who asked. */
export function resolveSettings(text: string, askedBy: string): string {
	return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
		const value = process.env[name];
		if (value === undefined || value === "") {
			throw new Error(
				`${askedBy} needs the setting ${name}, which is not set.`,
			);
		}
		return value;
	});
}

function localSettings(root: string): Record<string, string> {
	const path = join(root, "local.settings.json");
	if (!existsSync(path)) {
		return {};
	}
	const { IsEncrypted, Values } = readJsonFile(path) as {
		IsEncrypted?: boolean;
		Values?: Record<string, unknown>;
	};
	if (IsEncrypted) {
		throw new Error(`${path} is encrypted. Run func settings decrypt.`);
	}
	return Object.fromEntries(
		Object.entries(Values ?? {}).map(([name, value]) => [name, String(value)]),
	);
}

function missing(settings: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(settings).filter(
			([name]) => process.env[name] === undefined,
		),
	);
}

/** The durable client calls this host through a library that would send even loopback calls to a configured proxy. */
function directLoopback(env: NodeJS.ProcessEnv): Record<string, string> {
	if (!env.http_proxy && !env.HTTP_PROXY && !env.all_proxy && !env.ALL_PROXY) {
		return {};
	}
	const direct = [env.no_proxy ?? env.NO_PROXY, "127.0.0.1", "localhost"]
		.filter(Boolean)
		.join(",");
	return { no_proxy: direct, NO_PROXY: direct };
}
