import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile } from "./jsonFile.ts";
import { resolveSettings } from "./settings.ts";

/** What this host takes from host.json. Everything else in it is for Azure. */
interface HostJson {
	readonly routePrefix: string;
	readonly hubName: string;
	/** Undefined: the extension's default, ten per core. */
	readonly maxConcurrentActivities: number | undefined;
}

export function readHostJson(root: string): HostJson {
	const path = join(root, "host.json");
	const { extensions } = (existsSync(path) ? readJsonFile(path) : {}) as Wire;
	return {
		routePrefix: extensions?.http?.routePrefix ?? "api",
		hubName: resolveSettings(
			extensions?.durableTask?.hubName ?? "TestHubName",
			"host.json",
		),
		maxConcurrentActivities:
			extensions?.durableTask?.maxConcurrentActivityFunctions,
	};
}

interface Wire {
	readonly extensions?: {
		readonly http?: { readonly routePrefix?: string };
		readonly durableTask?: {
			readonly hubName?: string;
			readonly maxConcurrentActivityFunctions?: number;
		};
	};
}
