import type { Azurite } from "../local/storage/azurite.ts";
import {
	audit,
	auditOnce,
	type Graph,
	type Program,
	thisRelease,
	withHost,
} from "./auditRun.ts";
import type { HistoryCalls } from "./historyProcess.ts";
import type { HostCalls } from "./hostProcess.ts";
import { median } from "./measure.ts";
import { type Remote, startRemote } from "./remote.ts";

/** What was measured in a storage that had an audit already. */
export interface Later {
	readonly capacity: Capacity;
	readonly year: {
		readonly series: number;
		/** Nights of the same fleet without and with a year of history behind them. */
		readonly withoutMs: number;
		readonly withMs: number;
	};
}

/** One cluster's capacity, asked over HTTP. */
export interface Capacity {
	/** The first answer, with what a process reads once. */
	readonly firstMs: number;
	readonly firstRequests: number;
	/** The median of those that follow, each for another cluster. */
	readonly medianMs: number;
	readonly mostRequests: number;
}

const asked = 50;

export async function measureLater(
	graph: Graph,
	storage: Azurite,
): Promise<Later> {
	await auditOnce(graph, storage, thisRelease);
	const capacity = await measureCapacity(graph, storage);
	return withHost(graph, storage, thisRelease, async (host, url) => {
		const nights = async () => {
			// The first one writes what has changed: after a year, what the histories say for the first time.
			await audit(graph, storage, host, url);
			const walls: number[] = [];
			for (let night = 0; night < 2; night++)
				walls.push((await audit(graph, storage, host, url)).wallMs);
			return median(walls);
		};
		const withoutMs = await nights();
		const series = await addYear(storage);
		return {
			capacity,
			year: { series, withoutMs, withMs: await nights() },
		};
	});
}

async function addYear({ connectionString }: Azurite): Promise<number> {
	const remote = startRemote<HistoryCalls>("./historyProcess.js");
	try {
		return await remote.call("addYear", connectionString);
	} finally {
		await remote.close();
	}
}

/** By a process of its own: one that has audited has much of it in memory. */
async function measureCapacity(
	graph: Graph,
	storage: Azurite,
): Promise<Capacity> {
	const clusters = await graph.remote.call("clusterIds", asked);
	return withHost(graph, storage, thisRelease, async (host, url) => {
		await answered(`${url}/api/audits`);
		const answers: { ms: number; requests: number }[] = [];
		for (const cluster of clusters)
			answers.push(await askCapacity(host, url, cluster));
		const [first, ...rest] = answers;
		if (first === undefined) throw new Error("no cluster was asked for");
		return {
			firstMs: first.ms,
			firstRequests: first.requests,
			medianMs: median(rest.map(({ ms }) => ms)),
			mostRequests: Math.max(...rest.map(({ requests }) => requests)),
		};
	});
}

async function askCapacity(
	host: Remote<HostCalls>,
	url: string,
	cluster: string,
): Promise<{ ms: number; requests: number }> {
	const before = await host.call("requests");
	const begin = performance.now();
	await answered(capacityUrl(url, cluster));
	const ms = performance.now() - begin;
	return { ms, requests: (await host.call("requests")) - before };
}

export async function answered(url: string): Promise<void> {
	const response = await fetch(url);
	const text = await response.text();
	if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
}

/** The previous release's median for the same clusters. */
export async function previousCapacityMs(
	graph: Graph,
	storage: Azurite,
	program: Program,
): Promise<number> {
	await auditOnce(graph, storage, program);
	const clusters = await graph.remote.call("clusterIds", asked);
	return withHost(graph, storage, program, async (_, url) => {
		const times: number[] = [];
		for (const cluster of clusters) {
			const begin = performance.now();
			await answered(capacityUrl(url, cluster));
			times.push(performance.now() - begin);
		}
		return median(times);
	});
}

function capacityUrl(host: string, cluster: string): string {
	return `${host}/api/capacity?cluster=${encodeURIComponent(cluster)}`;
}
