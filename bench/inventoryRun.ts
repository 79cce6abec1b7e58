import { documentedQuota } from "../local/resourceGraph/quota.ts";
import { startAzurite } from "../local/storage/azurite.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import type { GraphCalls } from "./graphProcess.ts";
import type { InventoryCalls } from "./inventoryProcess.ts";
import { quotaMilliseconds } from "./measure.ts";
import { type Remote, startRemote } from "./remote.ts";

/** What the inventory step of a generated fleet costs, whatever else runs on the machine. */
export interface InventoryRun {
	readonly clusters: number;
	readonly requests: number;
	readonly quotaSeconds: number;
	/** Processor time of the parts. */
	readonly gatherSeconds: number;
	readonly buildSeconds: number;
	/** Of the whole step, storing included, on the first night. */
	readonly stepSeconds: number;
	/** Peak memory after gathering, and after the whole step in a process of its own. */
	readonly gatherRssMiB: number;
	readonly stepRssMiB: number;
}

/** A heap cap in MiB is Node's `--max-old-space-size`; null leaves it to Node. */
export async function runInventory(
	clusters: number,
	heapCapMiB: number | null,
): Promise<InventoryRun> {
	const graph = startRemote<GraphCalls>("./graphProcess.js");
	const storage = await startAzurite();
	const options =
		heapCapMiB === null ? [] : [`--max-old-space-size=${heapCapMiB}`];
	try {
		await graph.call("generate", clusters);
		const env = {
			...settingDefaults,
			AzureWebJobsStorage: storage.connectionString,
			RESOURCE_MANAGER_ENDPOINT: await graph.call("serve", "off"),
		};
		const parts = await inProcess(options, async (inventory) => ({
			gatherSeconds: await inventory.call("gather", env),
			gatherRssMiB: await inventory.call("peakRssMiB"),
			buildSeconds: await inventory.call("build", env),
		}));
		const requests = await graph.call("requests");
		const whole = await inProcess(options, async (inventory) => ({
			stepSeconds: await inventory.call("step", env),
			stepRssMiB: await inventory.call("peakRssMiB"),
		}));
		const quotaSeconds = quotaMilliseconds(requests, documentedQuota) / 1000;
		return { clusters, requests, quotaSeconds, ...parts, ...whole };
	} finally {
		await storage.close();
		await graph.close();
	}
}

async function inProcess<T>(
	nodeOptions: readonly string[],
	run: (inventory: Remote<InventoryCalls>) => Promise<T>,
): Promise<T> {
	const inventory = startRemote<InventoryCalls>(
		"./inventoryProcess.js",
		nodeOptions,
	);
	try {
		return await run(inventory);
	} finally {
		await inventory.close();
	}
}

/** The longest that an activity may take: quota and processor, a slow core taken to be a quarter of ours. */
const mostSeconds = 240;
const slowCore = 4;

export function inventoryLine(run: InventoryRun): string {
	const fixed = (seconds: number) => seconds.toFixed(1);
	const all = run.quotaSeconds + slowCore * run.stepSeconds;
	return [
		`${run.clusters} clusters: ${run.requests} requests, quota ${run.quotaSeconds} s + ${slowCore} x ${fixed(run.stepSeconds)} s of processor = ${fixed(all)} s of at most ${mostSeconds} s`,
		`  gathering ${fixed(run.gatherSeconds)} s, ${Math.round(run.gatherRssMiB)} MiB; adding up ${fixed(run.buildSeconds)} s; whole step ${Math.round(run.stepRssMiB)} MiB`,
	].join("\n");
}
