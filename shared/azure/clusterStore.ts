import {
	clustersInPart,
	type ListedCluster,
	listedClusters,
} from "../records/clusterList.ts";
import { fromStored } from "../records/storedBudget.ts";
import { readBudgets } from "./budgetStore.ts";
import { newestReading } from "./newestReading.ts";
import { readLines, readPack } from "./packStore.ts";
import { readManifest } from "./snapshotStore.ts";
import type { Tables } from "./tables.ts";

/** The clusters that use the budgets of a snapshot, by name. A cluster's position is its number in the list, from 0. */
export const readClusterIds = newestReading(
	async (tables, key): Promise<readonly string[]> => {
		const { clusterList } = await readManifest(tables, key);
		if (clusterList !== undefined) return readPack(tables, clusterList.index);
		return (await clustersOfBudgets(tables, key)).map(({ id }) => id);
	},
);

/** Snapshots of releases before there was a list of clusters have one of budgets, from which it follows. */
const clustersOfBudgets = newestReading(
	async (tables, key): Promise<readonly ListedCluster[]> =>
		listedClusters((await readBudgets(tables, key)).map(fromStored)),
);

/** The clusters at these positions. Throws where a part is gone. */
export async function clustersAt(
	tables: Tables,
	key: string,
	positions: readonly number[],
): Promise<Map<number, ListedCluster>> {
	const { clusterList } = await readManifest(tables, key);
	const found = new Map<number, ListedCluster>();
	if (clusterList === undefined) {
		const all = await clustersOfBudgets(tables, key);
		for (const position of positions) keep(position, all[position]);
		return found;
	}
	const parts = Map.groupBy(positions, (position) =>
		Math.floor(position / clustersInPart),
	);
	await Promise.all(
		[...parts].map(async ([part, own]) => {
			const name = clusterList.parts[part];
			const lines = name === undefined ? [] : await readLines(tables, name);
			for (const position of own) {
				const line = lines[position % clustersInPart];
				keep(position, line && (JSON.parse(line) as ListedCluster));
			}
		}),
	);
	return found;

	function keep(position: number, cluster: ListedCluster | "" | undefined) {
		if (!cluster)
			throw new Error(`snapshot ${key} has no cluster at ${position}`);
		found.set(position, cluster);
	}
}
