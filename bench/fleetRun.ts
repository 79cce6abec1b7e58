import { setTimeout as delay } from "node:timers/promises";
import { documentedQuota } from "../local/resourceGraph/quota.ts";
import { type Azurite, startAzurite } from "../local/storage/azurite.ts";
import {
	type AuditPair,
	auditOnce,
	auditTwice,
	type Graph,
} from "./auditRun.ts";
import type { Floor, FloorCalls } from "./floorProcess.ts";
import type { GraphCalls } from "./graphProcess.ts";
import type { Judging } from "./judgingProcess.ts";
import { judgeGenerated } from "./judgingRun.ts";
import { median, quotaMilliseconds } from "./measure.ts";
import { leastRequests } from "./queries.ts";
import { startRemote } from "./remote.ts";

export interface FleetSize {
	readonly clusters: number;
	/** How often audit and floor are measured; the medians count. */
	readonly repetitions: number;
}

/** Everything that was measured of one fleet. */
export interface FleetRun {
	readonly clusters: number;
	readonly queries: number;
	readonly leastRequests: number;
	readonly audits: readonly AuditPair[];
	readonly floors: readonly Floor[];
	readonly judging: Judging;
	readonly underQuota: UnderQuota;
}

interface UnderQuota {
	readonly wallMs: number;
	readonly requests: number;
	/** What the quota alone asks for, for the least possible requests. */
	readonly quotaMs: number;
}

export async function runFleet(
	{ clusters, repetitions }: FleetSize,
	note: (message: string) => void,
): Promise<FleetRun> {
	note("judging alone");
	const judging = await judgeGenerated(clusters);
	const remote = startRemote<GraphCalls>("./graphProcess.js");
	try {
		note("generating the fleet");
		await remote.call("generate", clusters);
		const graph = { url: await remote.call("serve", "off"), remote };
		const totals = await totalsOf(graph);
		const measured = await repeat(graph, repetitions, note);
		note("audit under the real quota");
		const least = leastRequests(totals);
		const underQuota = await auditUnderQuota(graph, least);
		return {
			clusters,
			queries: totals.length,
			leastRequests: least,
			...measured,
			judging,
			underQuota,
		};
	} finally {
		await remote.close();
	}
}

async function totalsOf({ url }: Graph): Promise<number[]> {
	const remote = startRemote<FloorCalls>("./floorProcess.js");
	try {
		return await remote.call("totals", url);
	} finally {
		await remote.close();
	}
}

/**
 * Audit and floor in turns, each first every other time. What the floor writes comes from an audit of its own, since the
 * storages of the others hold their second audits as well.
 */
async function repeat(
	graph: Graph,
	repetitions: number,
	note: (message: string) => void,
): Promise<{ audits: AuditPair[]; floors: Floor[] }> {
	const audits: AuditPair[] = [];
	const floors: Floor[] = [];
	await withStorage(async (source) => {
		note("an audit for the floor to write again");
		await auditOnce(graph, source);
		const audit = async () => {
			note(`audits, ${audits.length + 1} of ${repetitions}`);
			audits.push(await withStorage((storage) => auditTwice(graph, storage)));
		};
		const floor = async () => {
			note(`floor, ${floors.length + 1} of ${repetitions}`);
			floors.push(await measureFloor(graph, source));
		};
		for (let turn = 0; turn < repetitions; turn++)
			for (const measure of turn % 2 === 0 ? [audit, floor] : [floor, audit])
				await measure();
	});
	return { audits, floors };
}

function measureFloor({ url }: Graph, source: Azurite): Promise<Floor> {
	return withStorage(async ({ connectionString }) => {
		const remote = startRemote<FloorCalls>("./floorProcess.js");
		try {
			await remote.call("load", source.connectionString);
			return await remote.call("measure", { endpoint: url, connectionString });
		} finally {
			await remote.close();
		}
	});
}

async function auditUnderQuota(
	{ remote }: Graph,
	least: number,
): Promise<UnderQuota> {
	const graph = { url: await remote.call("serve", "documented"), remote };
	await totalsOf(graph);
	// The window of those requests ends before the audit begins.
	await delay(documentedQuota.seconds * 1000 + 100);
	const { wallMs, requests } = await withStorage((storage) =>
		auditOnce(graph, storage),
	);
	return {
		wallMs,
		requests,
		quotaMs: quotaMilliseconds(least, documentedQuota),
	};
}

async function withStorage<T>(
	run: (storage: Azurite) => Promise<T>,
): Promise<T> {
	const storage = await startAzurite();
	try {
		return await run(storage);
	} finally {
		await storage.close();
	}
}

/** One line of the results: medians of what was measured, the worst where the worst counts. */
export function resultOf(run: FleetRun) {
	const middle = (of: (audit: AuditPair) => number) =>
		Math.round(median(run.audits.map(of)));
	const most = (of: (audit: AuditPair) => number) =>
		Math.max(...run.audits.map(of));
	const floors = run.floors.map(({ readMs, writeMs }) => readMs + writeMs);
	return {
		clusters: run.clusters,
		wallMs: middle(({ wallMs }) => wallMs),
		floorMs: Math.round(median(floors)),
		requests: most(({ requests }) => requests),
		leastRequests: run.leastRequests,
		peakRssMiB: Math.round(most(({ peakRssMiB }) => peakRssMiB)),
		tableWrites: middle(({ tableWrites }) => tableWrites),
		secondWallMs: middle(({ secondWallMs }) => secondWallMs),
		secondTableWrites: middle(({ secondTableWrites }) => secondTableWrites),
		secondNews: most(({ secondNews }) => secondNews),
		clustersJudgedPerSecond: Math.round(run.judging.clustersPerSecond),
	};
}

export type Result = ReturnType<typeof resultOf>;
