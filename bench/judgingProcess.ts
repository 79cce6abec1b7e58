import type { Inventory } from "../shared/inventory/facts.ts";
import { factsOf, judgeCluster } from "../shared/judge/judge.ts";
import type { Budget } from "../shared/model/budget.ts";
import {
	buildFleet,
	type Fleet,
	type FleetCluster,
} from "../shared/model/fleet.ts";
import { rules } from "../shared/rules/registry.ts";
import { checkRule } from "../shared/rules/runner.ts";
import {
	firstAudit,
	generatedFleet,
	limits,
	nodesOnlyInventory,
	type Room,
	threePoolFleet,
	thresholds,
} from "./judgingFleets.ts";
import { median } from "./measure.ts";
import { answerCalls } from "./remote.ts";

/* Judging alone, on one core and without I/O, over the clusters as an audit finds them. */

export interface Judging {
	readonly clusters: number;
	readonly poolsPerCluster: number;
	/** Clusters with a finding that remedies were searched for. */
	readonly searchedPercent: number;
	readonly clustersPerSecond: number;
	readonly clustersPerSecondWithoutRemedies: number;
}

/** What clusters in one subnet cost, as a multiple of what they cost in subnets of their own. */
export interface Sharing {
	readonly clusters: number;
	readonly roomy: number;
	/** The same with everybody's demand added up before, as an audit does once. */
	readonly roomyWithAddingUp: number;
	readonly short: number;
}

/** Rounds go on until so much time has passed: few clusters are judged often, many a few times. */
const warmUp = { milliseconds: 500, least: 3 };
const measured = { milliseconds: 1000, least: 5 };

const calls = {
	generated: async (clusters: number): Promise<Judging> =>
		measure(await generatedFleet(clusters)),
	threePools: (fleet: {
		readonly clusters: number;
		readonly room: Room;
	}): Judging => measure(threePoolFleet(fleet.clusters, fleet.room)),
	sharing: (clusters: number): Sharing => {
		const [roomy, short] = [
			inventories(clusters, "roomy"),
			inventories(clusters, "short"),
		];
		return {
			clusters,
			roomy: judgingRatio(roomy),
			roomyWithAddingUp: medianRatio(
				() => judgeAll(buildFleet(roomy.one, firstAudit, limits)),
				() => judgeAll(buildFleet(roomy.own, firstAudit, limits)),
			),
			short: judgingRatio(short),
		};
	},
};

export type JudgingCalls = typeof calls;

function measure(fleet: Fleet): Judging {
	const { clusters } = fleet;
	const pools = clusters
		.map(({ cluster }) => cluster?.pools.length ?? 0)
		.reduce((sum, count) => sum + count, 0);
	const withRemedies = () => milliseconds(() => judgeAll(fleet));
	const without = () => milliseconds(() => checkAll(fleet));
	const times = inTurns(withRemedies, without);
	const perSecond = (times: readonly number[]) =>
		clusters.length / (median(times) / 1000);
	return {
		clusters: clusters.length,
		poolsPerCluster: pools / clusters.length,
		searchedPercent: (100 * searched(fleet)) / clusters.length,
		clustersPerSecond: perSecond(times.map(([time]) => time)),
		clustersPerSecondWithoutRemedies: perSecond(times.map(([, time]) => time)),
	};
}

interface Inventories {
	readonly one: Inventory;
	readonly own: Inventory;
}

function inventories(clusters: number, room: Room): Inventories {
	return {
		one: nodesOnlyInventory(clusters, "one", room),
		own: nodesOnlyInventory(clusters, "own", room),
	};
}

function judgingRatio({ one, own }: Inventories): number {
	const [inOne, inOwn] = [
		buildFleet(one, firstAudit, limits),
		buildFleet(own, firstAudit, limits),
	];
	return medianRatio(
		() => judgeAll(inOne),
		() => judgeAll(inOwn),
	);
}

function medianRatio(one: () => void, other: () => void): number {
	const pairs = inTurns(
		() => milliseconds(one),
		() => milliseconds(other),
	);
	return median(pairs.map(([time, base]) => time / base));
}

type Pair = readonly [number, number];

/** Times of both, each first every other time, after both have been warmed up. */
function inTurns(one: () => number, other: () => number): Pair[] {
	const pair = (turn: number): Pair => {
		if (turn % 2 === 0) return [one(), other()];
		const second = other();
		return [one(), second];
	};
	repeat(warmUp, pair);
	return repeat(measured, pair);
}

const nothingOpen: ReadonlySet<string> = new Set();

function judgeAll(fleet: Fleet): void {
	const shared = sharedOf(fleet);
	for (const cluster of fleet.clusters)
		judgeCluster(cluster, shared, nothingOpen, thresholds);
}

/** The same without remedies. */
function checkAll(fleet: Fleet): void {
	const shared = sharedOf(fleet);
	for (const cluster of fleet.clusters) check(cluster, shared);
}

function check(cluster: FleetCluster, shared: ReadonlyMap<string, Budget>) {
	const facts = factsOf(cluster, shared, nothingOpen, thresholds);
	return rules.map((rule) => ({ rule, checked: checkRule(rule, facts) }));
}

function sharedOf({ sharedBudgets }: Fleet): Map<string, Budget> {
	return new Map(sharedBudgets.map(({ budget }) => [budget.id, budget]));
}

/** Rules whose remedies are found by trying. */
const searching: ReadonlySet<string> = new Set([
	"capacity-shortfall",
	"blocks-never-ready",
	"runway-short",
	"nearly-full",
]);

function searched(fleet: Fleet): number {
	const shared = sharedOf(fleet);
	return fleet.clusters.filter((cluster) =>
		check(cluster, shared)
			.filter(({ rule }) => searching.has(rule.id))
			.flatMap(({ checked }) => checked)
			.some(({ outcome }) => outcome.kind === "violated"),
	).length;
}

/** Of the judging thread's own processor time: what else runs on the machine changes it little. */
function milliseconds(run: () => void): number {
	const begin = process.threadCpuUsage();
	run();
	const { user, system } = process.threadCpuUsage(begin);
	return (user + system) / 1000;
}

function repeat<T>(
	until: { readonly milliseconds: number; readonly least: number },
	run: (turn: number) => T,
): T[] {
	const results: T[] = [];
	const end = performance.now() + until.milliseconds;
	while (results.length < until.least || performance.now() < end)
		results.push(run(results.length));
	return results;
}

answerCalls(calls);
