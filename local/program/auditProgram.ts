import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Audit } from "../../shared/contract.ts";
import { type Channel, startChannel } from "../channel/channel.ts";
import type { Clock } from "../host/clock.ts";
import { type Host, startHost } from "../host/startHost.ts";
import { projectRoot } from "../projectRoot.ts";
import { startAzurite } from "../storage/azurite.ts";
import { type Api, api } from "./api.ts";
import { logToFile } from "./logFile.ts";
import { openOn } from "./ports.ts";
import { summary } from "./summary.ts";
import { watchAlert, watchAudit } from "./watchAudit.ts";

export interface AuditProgram {
	/** Names the log file. */
	readonly name: string;
	/** End after the audit instead of staying up. */
	readonly once: boolean;
	/** Where the report goes as one file. Undefined: nowhere. */
	readonly report: string | undefined;
	/** Starts what is audited, and says with which settings it is found. */
	readonly start: (closers: Closers) => Promise<Record<string, string>>;
	/** What else one can do while it stays up, in lines. */
	readonly hints?: () => readonly string[];
	/** What is done once everything has started. One audit by default. Returns the last audit. */
	readonly play?: (stage: Stage) => Promise<Audit>;
	/** The time of the host, whose timers then do not fire by themselves. Real by default. */
	readonly clock?: Clock;
}

/** What has been started. */
export interface Stage {
	readonly host: Host;
	readonly calls: Api;
	readonly channel: Channel;
}

export interface Closers {
	push(close: () => Promise<void>): void;
}

/** Starts storage, a channel and the functions, audits, prints what was found, and stays up. */
export async function runAuditProgram(program: AuditProgram): Promise<void> {
	const closers: (() => Promise<void>)[] = [];
	const close = async () => {
		while (closers.length > 0) await closers.pop()?.();
	};
	endOnSignal(close);
	try {
		await run(program, closers);
	} catch (error) {
		await close();
		throw error;
	}
	if (program.once) await close();
	else console.log("\nPress Ctrl+C to stop.");
}

async function run(
	{
		name,
		once,
		report,
		start,
		hints = () => [],
		play = auditOnce,
		clock,
	}: AuditProgram,
	closers: Closers,
): Promise<void> {
	const settings = await start(closers);
	const storage = await startAzurite();
	closers.push(storage.close);
	let reportUrl: string | null = null;
	const channel = await openOn(8080, "channel", (port) =>
		startChannel({ port, reportUrl: () => reportUrl }),
	);
	closers.push(channel.close);
	const log = openLog(name);
	closers.push(log.close);
	const host = await openOn(7071, "functions host", (port) =>
		startHost({
			port,
			log: log.sink,
			...(clock && { clock, timers: false }),
			env: {
				AzureWebJobsStorage: storage.connectionString,
				AUDIT_STORAGE: storage.connectionString,
				TEAMS_WEBHOOK_URL: channel.webhookUrl,
				// Cards stay on this machine, whatever local.settings.json says.
				ALERT_ROUTES: "",
				// The host's own address.
				REPORT_URL: "",
				...settings,
			},
		}),
	);
	closers.push(host.close);
	reportUrl = `${host.url}/api/report`;
	const calls = api(host.url);
	const audit = await play({ host, calls, channel });
	// What ends now has no address to go to.
	if (!once) {
		console.log(`\nReport   ${reportUrl}`);
		console.log(`Channel  ${channel.url}/`);
		console.log(`API      ${host.url}/api/findings`);
	}
	console.log(`${once ? "\n" : ""}Log      ${log.path}`);
	if (report !== undefined) {
		writeFileSync(report, await calls.report());
		console.log(`File     ${report}`);
	}
	if (!once) for (const line of hints()) console.log(line);
	if (audit.state === "failed") process.exitCode = 1;
}

/** One audit, with progress on the terminal. */
async function auditOnce({ calls }: Stage): Promise<Audit> {
	const auditId = await calls.startAudit();
	await watchAudit(calls, auditId);
	const audit = await watchAlert(calls, auditId);
	console.log(`\n${summary(audit, await calls.openFindings(1000))}`);
	return audit;
}

function openLog(name: string) {
	const folder = join(projectRoot(), "artifacts");
	mkdirSync(folder, { recursive: true });
	const path = join(folder, `${name}.log`);
	return { path, ...logToFile(path) };
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

/** One line for people: the stack of an error that was foreseen helps nobody. */
export function fail(error: unknown): never {
	console.error(error instanceof Error ? error.message : String(error));
	process.exit(1);
}
