import { documentedQuota } from "../local/resourceGraph/quota.ts";
import { startAzurite } from "../local/storage/azurite.ts";
import { gatherParts } from "../shared/inventory/gather.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import type { GraphCalls } from "./graphProcess.ts";
import type { InventoryCalls } from "./inventoryProcess.ts";
import { quotaMilliseconds } from "./measure.ts";
import { type Remote, startRemote } from "./remote.ts";

/** What reading and adding up a generated fleet costs, whatever else runs on the machine. */
export interface InventoryRun {
	readonly clusters: number;
	readonly activities: readonly Activity[];
	/** Peak memory of the process that ran them one after the other. */
	readonly peakRssMiB: number;
}

interface Activity {
	readonly name: string;
	readonly requests: number;
	/** Of the processor, on the first night. */
	readonly seconds: number;
}

/** `nodeOptions`: a cap of the heap, or none. Null where the process ran out of memory. */
export async function runInventory(
	clusters: number,
	nodeOptions: readonly string[],
): Promise<InventoryRun | null> {
	const graph = startRemote<GraphCalls>("./graphProcess.js");
	const storage = await startAzurite();
	try {
		await graph.call("generate", clusters);
		const env = {
			...settingDefaults,
			AzureWebJobsStorage: storage.connectionString,
			RESOURCE_MANAGER_ENDPOINT: await graph.call("serve", "off"),
		};
		return await inProcess(nodeOptions, async (inventory) => {
			const activities: Activity[] = [];
			const measure = async (name: string, run: () => Promise<number>) => {
				const before = await graph.call("requests");
				const seconds = await run();
				const requests = (await graph.call("requests")) - before;
				activities.push({ name, requests, seconds });
			};
			for (const part of gatherParts)
				await measure(`reading ${part}`, () => inventory.call("gather", env));
			await measure("adding up", () => inventory.call("inventory", env));
			const peakRssMiB = await inventory.call("peakRssMiB");
			return { clusters, activities, peakRssMiB };
		});
	} finally {
		await storage.close();
		await graph.close();
	}
}

async function inProcess<T>(
	nodeOptions: readonly string[],
	run: (inventory: Remote<InventoryCalls>) => Promise<T>,
): Promise<T | null> {
	const inventory = startRemote<InventoryCalls>(
		"./inventoryProcess.js",
		nodeOptions,
	);
	try {
		return await run(inventory);
	} catch (error) {
		if (inventory.isAlive()) throw error;
		return null;
	} finally {
		await inventory.close();
	}
}

/** The longest that an activity may take: quota and processor, a slow core taken to be a quarter of ours. */
const mostSeconds = 240;
const slowCore = 4;

export function inventoryLine({
	clusters,
	activities,
	peakRssMiB,
}: InventoryRun): string {
	const lines = activities.map(({ name, requests, seconds }) => {
		const quota = quotaMilliseconds(requests, documentedQuota) / 1000;
		const all = quota + slowCore * seconds;
		return `  ${name}: ${requests} requests, quota ${quota} s + ${slowCore} x ${seconds.toFixed(1)} s of processor = ${all.toFixed(1)} s of at most ${mostSeconds} s`;
	});
	return [
		`${clusters} clusters, peak memory ${Math.round(peakRssMiB)} MiB`,
		...lines,
	].join("\n");
}
