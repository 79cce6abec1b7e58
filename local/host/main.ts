import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { quiet } from "./log.ts";
import { type Host, type HostOptions, startHost } from "./startHost.ts";

const help = `Runs the functions on this machine, without Core Tools or an Azure account.

Options:
  --port N   port on 127.0.0.1 (default 7071; 0 takes a free port)
  --root F   folder of package.json and host.json (default: this project)
  --quiet    write no log
  --help     show this text

Settings come from the environment and from local.settings.json. The environment wins.`;

/** How long an orderly end may take before the process ends anyway. */
const closingMilliseconds = 1000;

async function main(): Promise<void> {
	const options = readOptions();
	if (options === "help") {
		console.log(help);
		return;
	}
	const host = await startHost(options);
	console.log(`Functions host listening on ${host.url}`);
	for (const line of host.functions) {
		console.log(`  ${line}`);
	}
	closeOnSignal(host);
}

function readOptions(): HostOptions | "help" {
	const { values } = parseArgs({
		options: {
			port: { type: "string" },
			root: { type: "string" },
			quiet: { type: "boolean" },
			help: { type: "boolean" },
		},
	});
	if (values.help) {
		return "help";
	}
	const port = Number(values.port ?? "7071");
	if (!/^\d+$/.test(values.port ?? "0") || port > 65535) {
		throw new Error(
			`--port is ${JSON.stringify(values.port)}; use a number from 0 to 65535.`,
		);
	}
	return {
		port,
		...(values.root === undefined ? {} : { root: resolve(values.root) }),
		...(values.quiet ? { log: quiet } : {}),
	};
}

function closeOnSignal(host: Host): void {
	const close = (): void => {
		setTimeout(() => process.exit(0), closingMilliseconds).unref();
		host.close().then(() => process.exit(0), fail);
	};
	process.once("SIGINT", close);
	process.once("SIGTERM", close);
}

function fail(error: unknown): void {
	console.error(error instanceof Error ? error.message : String(error));
	process.exit(1);
}

main().catch(fail);
