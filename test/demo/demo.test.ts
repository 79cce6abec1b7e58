import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import type { Finding } from "../../shared/contract.ts";

const root = join(import.meta.dirname, "../..");
vi.setConfig({ testTimeout: 60_000 });
let children: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
	for (const child of children) child.kill("SIGKILL");
	children = [];
});

interface Running {
	readonly child: ChildProcessWithoutNullStreams;
	/** What it has printed so far. */
	output(): string;
	/** The first match in what it prints. */
	prints(pattern: RegExp): Promise<RegExpExecArray>;
	readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
	const child = spawn(process.execPath, ["local/run.mjs", ...args], {
		cwd: root,
		env: { ...process.env, ...env },
	});
	children.push(child);
	let output = "";
	const take = (chunk: Buffer) => {
		output += chunk.toString();
	};
	child.stdout.on("data", take);
	child.stderr.on("data", take);
	const ended = new Promise<{ code: number | null; signal: string | null }>(
		(resolve) =>
			child.once("exit", (code, signal) => resolve({ code, signal })),
	);
	return {
		child,
		output: () => output,
		async prints(pattern) {
			for (;;) {
				const match = pattern.exec(output);
				if (match) return match;
				if (child.exitCode !== null)
					throw new Error(`it ended without ${pattern}: ${output}`);
				await delay(20);
			}
		},
		ended,
	};
}

/** Processes that the process has started. Linux shows them. */
function startedBy(pid: number | undefined): number[] {
	return globSync("/proc/[0-9]*").flatMap((folder) => {
		const id = Number(folder.replace("/proc/", ""));
		return statOf(id)?.parent === pid ? [id] : [];
	});
}

/** Those of the processes that are still there after a second. */
async function left(pids: readonly number[]): Promise<number[]> {
	const alive = () => pids.filter((pid) => statOf(pid) !== null);
	for (let attempt = 0; attempt < 50 && alive().length > 0; attempt++)
		await delay(20);
	return alive();
}

/** Null: it has ended, whether or not anybody has taken note of that. */
function statOf(pid: number): { readonly parent: number } | null {
	try {
		const [, state, parent] =
			/\) (\S) (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ??
			[];
		return state === "Z" ? null : { parent: Number(parent) };
	} catch {
		return null;
	}
}

it("audits the sample fleet once, prints what it found and no address that is gone, and leaves nothing behind", async () => {
	// Real channels in the settings hear nothing of a demo.
	const ALERT_ROUTES = JSON.stringify([{ channel: "real", webhook: "HOOK" }]);
	const demo = run(["demo", "--once"], {
		ALERT_ROUTES,
		HOOK: "http://127.0.0.1:1/",
	});
	await demo.prints(/Reading the fleet/);
	const helpers = startedBy(demo.child.pid);
	if (existsSync("/proc")) expect(helpers.length).toBeGreaterThan(0);
	const log = join(root, "artifacts", "demo.log");

	expect(await demo.ended).toEqual({ code: 0, signal: null });
	expect(demo.output()).toMatch(
		/Audit \d{8}T\d{9}Z-[0-9a-f]{8} is completed\./,
	);
	expect(demo.output()).toContain("33 clusters, 1 not evaluated");
	expect(demo.output()).toContain("5 of 5 subscriptions answered");
	expect(demo.output()).toContain(
		"Open findings: 6 critical, 10 high, 6 medium, 13 low, 3 info.",
	);
	expect(demo.output()).toContain("Alert: sent.");
	expect(demo.output()).toMatch(
		/critical aks-ingress-prod-weu: Subnet snet-ingress is 12 to 41 IPs short for an upgrade/,
	);
	expect(demo.output()).not.toContain("http://");
	expect(demo.output()).toContain(log);
	expect(Date.now() - statSync(log).mtimeMs).toBeLessThan(60_000);
	expect(await left(helpers)).toEqual([]);
});

it("plays nights in a row, with a card only where there is news, and with the time of each night", async () => {
	const demo = run(["demo", "--nights", "6"]);
	await demo.prints(/Press Ctrl\+C to stop/);
	const nights = [
		...demo.output().matchAll(/^ ?(\d+) {2}(\S+) {2}(\w+) +(card|-) /gm),
	].map(([, night, date, state, card]) => `${night} ${date} ${state} ${card}`);
	expect(nights).toEqual([
		"1 2026-09-01 completed card",
		"2 2026-09-02 completed -",
		"3 2026-09-03 completed -",
		"4 2026-09-04 completed -",
		"5 2026-09-05 completed card",
		"6 2026-09-06 completed card",
	]);
	expect(demo.output()).toContain(
		"6 nights: 3 cards; 3 nights without a card (2-4).",
	);

	const [, channel = ""] = await demo.prints(/Channel +(http:\S+)/);
	const { posts } = (await (await fetch(`${channel}posts?after=0`)).json()) as {
		posts: { receivedAt: string }[];
	};
	expect(posts.map(({ receivedAt }) => receivedAt.slice(0, 10))).toEqual([
		"2026-09-01",
		"2026-09-05",
		"2026-09-06",
	]);
	demo.child.kill("SIGINT");
	expect(await demo.ended).toEqual({ code: 0, signal: null });
}, 180_000);

it("stays up with everything where it says, until a signal ends all of it", async () => {
	const demo = run(["demo", "--clusters", "12"]);
	await demo.prints(/Press Ctrl\+C to stop/);
	const [, channel = ""] = await demo.prints(/Channel +(http:\S+)/);
	const [, findings = ""] = await demo.prints(/API +(http:\S+)/);
	const [, report = ""] = await demo.prints(/Report +(http:\S+)/);
	for (const page of [
		await fetch(channel),
		await fetch(report),
		await fetch(`${channel}report`),
	]) {
		expect(page.status).toBe(200);
		expect(page.headers.get("content-type")).toMatch(/^text\/html/);
	}
	const body = (await (await fetch(findings)).json()) as {
		findings: Finding[];
	};
	expect(Array.isArray(body.findings)).toBe(true);
	const latest = await fetch(
		findings.replace("/api/findings", "/api/audits/latest"),
	);
	expect(await latest.json()).toMatchObject({
		state: "completed",
		progress: { clusters: 12, evaluated: 12 },
	});

	const helpers = startedBy(demo.child.pid);
	demo.child.kill("SIGINT");
	expect(await demo.ended).toEqual({ code: 0, signal: null });
	expect(await left(helpers)).toEqual([]);
	await expect(fetch(channel)).rejects.toThrow();
	await expect(fetch(findings)).rejects.toThrow();
});

it("leaves no storage behind where it is killed outright", async () => {
	const demo = run(["demo", "--clusters", "1"]);
	await demo.prints(/Press Ctrl\+C to stop/);
	const helpers = startedBy(demo.child.pid);
	demo.child.kill("SIGKILL");
	await demo.ended;
	expect(await left(helpers)).toEqual([]);
});

it.each([
	{
		args: ["demo", "--clusters", "many"],
		says: '--clusters is "many"; use a whole number from 1 to 999999',
	},
	{ args: ["demo", "--onse"], says: "Unknown option '--onse'" },
	{
		args: ["demo", "--nights", "0"],
		says: '--nights is "0"; use a whole number from 1 to 999999',
	},
	{
		args: ["demo", "--nights", "3", "--clusters", "3"],
		says: "--nights works only with the sample fleet; leave out --clusters",
	},
])("refuses $args", async ({ args, says }) => {
	const demo = run(args);
	expect(await demo.ended).toEqual({ code: 1, signal: null });
	expect(demo.output()).toContain(says);
});

it("serves the functions alone, says where, and ends at a signal", async () => {
	const host = run(["host", "--port", "0"], {
		AUDIT_STORAGE: "no connection string",
	});
	const [, url = ""] = await host.prints(
		/Functions host listening on (http:\/\/127\.0\.0\.1:\d+)/,
	);
	await host.prints(/\[timer 0 0 5 \* \* \*\] schedule/);
	for (const route of [
		"[POST] URL/api/audits",
		"[GET] URL/api/audits",
		"[GET] URL/api/audits/{auditId}",
		"[GET] URL/api/findings",
		"[GET] URL/api/capacity",
		"[GET,HEAD] URL/api/health",
	])
		expect(host.output()).toContain(route.replace("URL", url));

	const response = await fetch(`${url}/api/audits`);
	expect(response.status).toBe(500);
	expect(response.headers.get("content-type")).toMatch(
		/^application\/problem\+json/,
	);
	expect(await response.json()).toMatchObject({ title: "Wrong settings" });

	host.child.kill("SIGTERM");
	expect(await host.ended).toEqual({ code: 0, signal: null });
});
