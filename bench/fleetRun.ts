import { setTimeout as delay } from "node:timers/promises";
import { documentedQuota } from "../local/resourceGraph/quota.ts";
import { type Azurite, startAzurite } from "../local/storage/azurite.ts";
import {
	auditNights,
	auditOnce,
	type Graph,
	HostDied,
	type Nights,
	type Program,
	thisRelease,
} from "./auditRun.ts";
import type { Floor, FloorCalls } from "./floorProcess.ts";
import type { GraphCalls } from "./graphProcess.ts";
import type { Judging } from "./judgingProcess.ts";
import { judgeGenerated } from "./judgingRun.ts";
import {
	type Capacity,
	type Later,
	measureLater,
	previousCapacityMs,
} from "./laterRun.ts";
import {
	heapCapMiB,
	heapCapOptions,
	median,
	quotaMilliseconds,
} from "./measure.ts";
import type { PreviousRelease } from "./previous.ts";
import { leastRequests } from "./queries.ts";
import { type Remote, startRemote } from "./remote.ts";

export interface FleetSize {
	readonly clusters: number;
	/** How often audit and floor are measured; the medians count. */
	readonly repetitions: number;
	/** What more is measured than audits: with a heap cap, later nights, one cluster's capacity. */
	readonly isWhole: boolean;
}

/** Everything that was measured of one fleet. */
export interface FleetRun {
	readonly clusters: number;
	readonly queries: number;
	readonly leastRequests: number;
	readonly audits: readonly Nights[];
	readonly floors: readonly Floor[];
	/** With a heap cap; null where the process ran out of memory. */
	readonly capped: readonly (Nights | null)[];
	readonly previous: readonly Nights[];
	readonly later: Later | null;
	readonly previousCapacityMs: number | null;
	readonly judging: Judging;
	readonly underQuota: UnderQuota;
}

interface UnderQuota {
	readonly wallMs: number;
	readonly requests: number;
	/** What the quota alone asks for, for the least possible requests. */
	readonly quotaMs: number;
}

type Measured = Pick<FleetRun, "audits" | "floors" | "capped" | "previous">;

const capped: Program = { ...thisRelease, nodeOptions: heapCapOptions };

export async function runFleet(
	{ clusters, repetitions, isWhole }: FleetSize,
	previous: PreviousRelease | null,
	note: (message: string) => void,
): Promise<FleetRun> {
	note("judging alone");
	const judging = await judgeGenerated(clusters);
	const remote = startRemote<GraphCalls>("./graphProcess.js");
	try {
		note("generating the fleet");
		await remote.call("generate", clusters);
		const graph = graphAt(remote, await remote.call("serve", "off"), previous);
		const totals = await totalsOf(graph);
		await graph.warm();
		const measured = await repeat(graph, repetitions, previous, isWhole, note);
		if (isWhole) note("one cluster's capacity, and a year of history");
		const later = isWhole
			? await withStorage((storage) => measureLater(graph, storage))
			: null;
		const earlierCapacity =
			isWhole && previous
				? await withStorage((storage) =>
						previousCapacityMs(graph, storage, previous.program),
					)
				: null;
		note("audit under the real quota");
		const least = leastRequests(totals);
		const underQuota = await auditUnderQuota(remote, least);
		return {
			clusters,
			queries: totals.length,
			leastRequests: least,
			...measured,
			later,
			previousCapacityMs: earlierCapacity,
			judging,
			underQuota,
		};
	} finally {
		await remote.close();
	}
}

/** The previous release asks other queries: its own floor makes the emulator answer them once. */
function graphAt(
	remote: Remote<GraphCalls>,
	url: string,
	previous: PreviousRelease | null,
): Graph {
	const script = previous?.program.script.replace(
		"hostProcess.js",
		"floorProcess.js",
	);
	return {
		url,
		remote,
		warm: async () => {
			await totalsOf({ url });
			if (script !== undefined) await totalsOf({ url }, script);
		},
	};
}

async function totalsOf(
	{ url }: Pick<Graph, "url">,
	script = "./floorProcess.js",
): Promise<number[]> {
	const remote = startRemote<FloorCalls>(script);
	try {
		return await remote.call("totals", url);
	} finally {
		await remote.close();
	}
}

/**
 * Everything in turns, each first and last every other time. What the floor writes comes from an audit of its own, since
 * the storages of the others hold later audits as well.
 */
async function repeat(
	graph: Graph,
	repetitions: number,
	previous: PreviousRelease | null,
	isWhole: boolean,
	note: (message: string) => void,
): Promise<Measured> {
	const audits: Nights[] = [];
	const floors: Floor[] = [];
	const cappedAudits: (Nights | null)[] = [];
	const previousAudits: Nights[] = [];
	const nights = (program: Program) =>
		withStorage((storage) => auditNights(graph, storage, program));
	await withStorage(async (source) => {
		note("an audit for the floor to write again");
		await auditOnce(graph, source, thisRelease);
		const parts: (readonly [string, () => Promise<unknown>])[] = [
			["audits", async () => audits.push(await nights(thisRelease))],
			["floor", async () => floors.push(await measureFloor(graph, source))],
		];
		if (isWhole)
			parts.push([
				`audits with a heap cap of ${heapCapMiB} MiB`,
				async () => cappedAudits.push(await nights(capped).catch(nullIfDied)),
			]);
		if (previous)
			parts.push([
				"audits of the previous release",
				async () => previousAudits.push(await nights(previous.program)),
			]);
		for (let turn = 0; turn < repetitions; turn++)
			for (const [what, measure] of turn % 2 === 0
				? parts
				: parts.toReversed()) {
				note(`${what}, ${turn + 1} of ${repetitions}`);
				await measure();
			}
	});
	return { audits, floors, capped: cappedAudits, previous: previousAudits };
}

function nullIfDied(error: unknown): null {
	if (error instanceof HostDied) return null;
	throw error;
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
	remote: Remote<GraphCalls>,
	least: number,
): Promise<UnderQuota> {
	const url = await remote.call("serve", "documented");
	const graph = graphAt(remote, url, null);
	await graph.warm();
	// The window of those requests ends before the audit begins.
	await delay(documentedQuota.seconds * 1000 + 100);
	const { wallMs, requests } = await withStorage((storage) =>
		auditOnce(graph, storage, thisRelease),
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
	const floors = run.floors.map(({ readMs, writeMs }) => readMs + writeMs);
	return {
		clusters: run.clusters,
		...nightsOf(run.audits),
		floorMs: Math.round(median(floors)),
		readMs: Math.round(median(run.floors.map(({ readMs }) => readMs))),
		newsMs: Math.round(median(run.floors.map(({ newsMs }) => newsMs))),
		leastRequests: run.leastRequests,
		clustersJudgedPerSecond: Math.round(run.judging.clustersPerSecond),
		capped: cappedOf(run.capped),
		previous: run.previous.length === 0 ? null : nightsOf(run.previous),
		capacity: run.later && {
			...rounded(run.later.capacity),
			previousMedianMs:
				run.previousCapacityMs === null ? null : tenths(run.previousCapacityMs),
		},
		year: run.later && {
			series: run.later.year.series,
			withoutMs: Math.round(run.later.year.withoutMs),
			withMs: Math.round(run.later.year.withMs),
		},
		underQuota: {
			wallMs: Math.round(run.underQuota.wallMs),
			requests: run.underQuota.requests,
			quotaMs: run.underQuota.quotaMs,
		},
	};
}

export type Result = ReturnType<typeof resultOf>;

function nightsOf(nights: readonly Nights[]) {
	const middle = (of: (one: Nights) => number) =>
		Math.round(median(nights.map(of)));
	const most = (of: (one: Nights) => number) => Math.max(...nights.map(of));
	return {
		wallMs: middle(({ wallMs }) => wallMs),
		requests: most(({ requests }) => requests),
		peakRssMiB: Math.round(most(({ peakRssMiB }) => peakRssMiB)),
		tableWrites: middle(({ tableWrites }) => tableWrites),
		secondWallMs: middle(({ secondWallMs }) => secondWallMs),
		secondTableWrites: middle(({ secondTableWrites }) => secondTableWrites),
		secondNews: most(({ secondNews }) => secondNews),
		thirdTableWrites: middle(({ thirdTableWrites }) => thirdTableWrites),
		storedMiB: tenths(
			median(nights.map(({ storedBytes }) => storedBytes)) / 1024 ** 2,
		),
	};
}

/** Null where it was not measured; without figures where the process ran out of memory. */
function cappedOf(capped: FleetRun["capped"]) {
	if (capped.length === 0) return null;
	const nights = capped.filter((one) => one !== null);
	return {
		heapCapMiB,
		ranOutOfMemory: capped.length - nights.length,
		nights: nights.length === 0 ? null : nightsOf(nights),
	};
}

function rounded({ firstMs, medianMs, ...requests }: Capacity) {
	return { ...requests, firstMs: tenths(firstMs), medianMs: tenths(medianMs) };
}

function tenths(value: number): number {
	return Number(value.toFixed(1));
}
