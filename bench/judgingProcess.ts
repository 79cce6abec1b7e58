import { generateFleet } from "../local/fleet/generate.ts";
import { evaluate } from "../local/resourceGraph/evaluate.ts";
import { tableOf } from "../local/resourceGraph/rows.ts";
import { collect } from "../shared/inventory/collect.ts";
import type { Read } from "../shared/inventory/reader.ts";
import { judgeCluster } from "../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../shared/model/fleet.ts";
import { auditSettings, settingDefaults } from "../shared/settings.ts";
import { median } from "./measure.ts";
import { answerCalls } from "./remote.ts";

/* Judging alone, on one core and without I/O, over the clusters as an audit finds them. */

export interface Judging {
	readonly clustersPerSecond: number;
	readonly poolsPerCluster: number;
}

const { thresholds, ...limits } = auditSettings({
	...settingDefaults,
	AzureWebJobsStorage: "UseDevelopmentStorage=true",
});

const warmUps = 3;
const rounds = 5;

const calls = {
	judge: async (clusters: number): Promise<Judging> => {
		const fleet = await readFleet(clusters);
		for (let round = 0; round < warmUps; round++) judgeAll(fleet);
		const times = Array.from({ length: rounds }, () => judgeAll(fleet));
		const pools = fleet.clusters
			.map(({ cluster }) => cluster?.pools.length ?? 0)
			.reduce((sum, count) => sum + count, 0);
		return {
			clustersPerSecond: clusters / (median(times) / 1000),
			poolsPerCluster: pools / clusters,
		};
	},
};

export type JudgingCalls = typeof calls;

async function readFleet(clusters: number): Promise<Fleet> {
	const byTable = Map.groupBy(generateFleet({ clusters, seed: 1 }), tableOf);
	const tables = Object.fromEntries(byTable);
	const read: Read = async ({ kql, parse }) => ({
		rows: evaluate(kql, tables).map(parse),
		unreadable: [],
		gaps: [],
	});
	const { inventory } = await collect(read, [], () => undefined);
	return buildFleet(inventory, limits);
}

/** Milliseconds for all clusters of the fleet. */
function judgeAll({ clusters, sharedBudgets }: Fleet): number {
	const shared = new Map(
		sharedBudgets.map(({ budget }) => [budget.id, budget]),
	);
	const nothingOpen = new Set<string>();
	const begin = performance.now();
	for (const cluster of clusters)
		judgeCluster(cluster, shared, nothingOpen, thresholds);
	return performance.now() - begin;
}

answerCalls(calls);
