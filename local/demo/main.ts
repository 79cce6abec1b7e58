import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { startChannel } from "../channel/channel.ts";
import { projectRoot } from "../channel/projectRoot.ts";
import { generateFleet } from "../fleet/generate.ts";
import { sampleFleet } from "../fleet/sample.ts";
import { startHost } from "../host/startHost.ts";
import { startResourceGraph } from "../resourceGraph/server.ts";
import { startAzurite } from "../storage/azurite.ts";
import { api } from "./api.ts";
import { logToFile } from "./logFile.ts";
import { openOn } from "./ports.ts";
import { summary } from "./summary.ts";
import { watchAlert, watchAudit } from "./watchAudit.ts";

const help = `Audits a sample fleet with the same functions that Azure runs, and shows what it finds.

Options:
  --once        end after the audit instead of staying up
  --clusters N  a generated fleet of N clusters instead of the sample fleet
  --help        this text`;

interface Options {
	readonly once: boolean;
	readonly clusters: number | null;
}

async function main(): Promise<void> {
	const options = readOptions();
	if (options === "help") {
		console.log(help);
		return;
	}
	const closers: (() => Promise<void>)[] = [];
	const close = async () => {
		for (const one of closers.reverse()) await one();
	};
	endOnSignal(close);
	try {
		await run(options, closers);
	} catch (error) {
		await close();
		throw error;
	}
	if (options.once) await close();
	else console.log("\nCtrl-C ends it.");
}

async function run(
	options: Options,
	closers: (() => Promise<void>)[],
): Promise<void> {
	const fleet = fleetOf(options);
	const storage = await startAzurite();
	closers.push(storage.close);
	const graph = await startResourceGraph({ ...fleet, quota: "off" });
	closers.push(graph.close);
	let hostUrl: string | null = null;
	const channel = await openOn(8080, "channel", (port) =>
		startChannel({ port, apiUrl: () => hostUrl }),
	);
	closers.push(channel.close);
	const artifacts = `${projectRoot()}/artifacts`;
	mkdirSync(artifacts, { recursive: true });
	const log = logToFile(`${artifacts}/demo.log`);
	closers.push(log.close);
	const host = await openOn(7071, "functions host", (port) =>
		startHost({
			port,
			log: log.sink,
			env: {
				AzureWebJobsStorage: storage.connectionString,
				AUDIT_STORAGE: storage.connectionString,
				RESOURCE_MANAGER_ENDPOINT: graph.url,
				TEAMS_WEBHOOK_URL: channel.webhookUrl,
				REPORT_URL: `${channel.url}/`,
				AUDIT_SUBSCRIPTIONS: "",
				AUDIT_MANAGEMENT_GROUPS: "",
				ALERT_MIN_SEVERITY: "high",
			},
		}),
	);
	closers.push(host.close);
	hostUrl = host.url;
	const calls = api(host.url);
	const auditId = await calls.startAudit();
	await watchAudit(calls, auditId);
	const audit = await watchAlert(calls, auditId);
	console.log(`\n${summary(audit, await calls.openFindings(1000))}\n`);
	console.log(`Channel and report  ${channel.url}/`);
	console.log(`API                 ${host.url}/api/findings`);
	console.log(`Log                 ${artifacts}/demo.log`);
	if (audit.state === "failed") process.exitCode = 1;
}

function fleetOf({ clusters }: Options) {
	if (clusters !== null) return { resources: generateFleet({ clusters }) };
	const { resources, readableSubscriptions } = sampleFleet();
	return { resources, readableSubscriptions };
}

function readOptions(): Options | "help" {
	const { values } = parseArgs({
		options: {
			once: { type: "boolean" },
			clusters: { type: "string" },
			help: { type: "boolean" },
		},
	});
	if (values.help) return "help";
	const clusters = values.clusters ?? null;
	if (clusters !== null && !/^[1-9]\d{0,5}$/.test(clusters))
		throw new Error(
			`--clusters takes a whole number from 1 on, not ${JSON.stringify(clusters)}`,
		);
	return {
		once: values.once ?? false,
		clusters: clusters === null ? null : Number(clusters),
	};
}

function endOnSignal(close: () => Promise<void>): void {
	let ending = false;
	const end = () => {
		if (ending) process.exit(130);
		ending = true;
		close().then(() => process.exit(0), fail);
	};
	process.on("SIGINT", end);
	process.on("SIGTERM", end);
}

function fail(error: unknown): void {
	console.error(error instanceof Error ? error.message : String(error));
	process.exit(1);
}

main().catch(fail);
