import { setTimeout as delay } from "node:timers/promises";
import { isRestError } from "@azure/core-rest-pipeline";
import type { Azurite } from "../local/storage/azurite.ts";
import { auditKey } from "../shared/keys/auditId.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import {
	contentsOf,
	nothing,
	storedBytes,
	tableOf,
	total,
	writtenBetween,
} from "./entities.ts";
import type { GraphCalls } from "./graphProcess.ts";
import type { HostCalls } from "./hostProcess.ts";
import { type Remote, startRemote } from "./remote.ts";

/** A process that runs the host and its functions: this release's or the previous one's. */
export interface Program {
	readonly script: string;
	readonly nodeOptions: readonly string[];
}

export const thisRelease: Program = {
	script: "./hostProcess.js",
	nodeOptions: [],
};

/** Two nights of the same fleet, and a third one after part of it has changed. */
export interface Nights {
	readonly wallMs: number;
	readonly requests: number;
	readonly tableWrites: number;
	readonly secondWallMs: number;
	readonly secondTableWrites: number;
	/** Findings and changes that the second audit wrote: none, or the program is wrong. */
	readonly secondNews: number;
	readonly thirdTableWrites: number;
	/** After the second night. */
	readonly storedBytes: number;
	/** Of all three nights. */
	readonly peakRssMiB: number;
}

export interface Graph {
	readonly url: string;
	readonly remote: Remote<GraphCalls>;
	/** Leaves the emulator with the answers at hand, so that no audit pays for the first of them. */
	readonly warm: () => Promise<void>;
}

/** Clusters whose nodes have moved by the third night. */
export const movedPercent = 30;

/** Three audits by a host that has just been started, into a storage that is empty. */
export async function auditNights(
	graph: Graph,
	storage: Azurite,
	program: Program,
): Promise<Nights> {
	const { connectionString } = storage;
	return withHost(graph, storage, program, async (host, url) => {
		const night = () => audit(graph, storage, host, url);
		const first = await night();
		const afterFirst = await contentsOf(connectionString);
		const second = await night();
		const afterSecond = await contentsOf(connectionString);
		const bytes = await storedBytes(connectionString);
		await withNodesMoved(graph, night);
		const afterThird = await contentsOf(connectionString);
		const secondWrites = writtenBetween(afterFirst, afterSecond);
		return {
			...first,
			tableWrites: total(writtenBetween(nothing, afterFirst)),
			secondWallMs: second.wallMs,
			secondTableWrites: total(secondWrites),
			secondNews: secondWrites.results ?? 0,
			thirdTableWrites: total(writtenBetween(afterSecond, afterThird)),
			storedBytes: bytes,
			peakRssMiB: await host.call("peakRssMiB"),
		};
	});
}

async function withNodesMoved(
	{ remote, warm }: Graph,
	run: () => Promise<unknown>,
): Promise<void> {
	await remote.call("moveNodes", movedPercent);
	await warm();
	try {
		await run();
	} finally {
		await remote.call("moveNodes", 0);
		await warm();
	}
}

/** One audit by a host that has just been started. */
export function auditOnce(
	graph: Graph,
	storage: Azurite,
	program: Program,
): Promise<{ wallMs: number; requests: number }> {
	return withHost(graph, storage, program, (host, url) =>
		audit(graph, storage, host, url),
	);
}

export async function withHost<T>(
	graph: Pick<Graph, "url">,
	storage: Azurite,
	{ script, nodeOptions }: Program,
	run: (host: Remote<HostCalls>, url: string) => Promise<T>,
): Promise<T> {
	const host = startRemote<HostCalls>(script, nodeOptions);
	try {
		return await run(
			host,
			await host.call("start", hostSettings(graph, storage)),
		);
	} finally {
		await host.close();
	}
}

export function hostSettings(
	{ url }: Pick<Graph, "url">,
	{ connectionString }: Azurite,
): Readonly<Record<string, string>> {
	return {
		...settingDefaults,
		AzureWebJobsStorage: connectionString,
		RESOURCE_MANAGER_ENDPOINT: url,
	};
}

/** From the request that starts the audit until its row says that it has ended. */
export async function audit(
	graph: Graph,
	{ connectionString }: Azurite,
	host: Remote<HostCalls>,
	hostUrl: string,
): Promise<{ wallMs: number; requests: number }> {
	const before = await graph.remote.call("requests");
	const begin = performance.now();
	const response = await fetch(`${hostUrl}/api/audits`, { method: "POST" });
	if (!response.ok) throw new Error(`no audit: ${await response.text()}`);
	const { auditId } = (await response.json()) as { auditId: string };
	await ended(connectionString, auditId, host);
	const wallMs = performance.now() - begin;
	return { wallMs, requests: (await graph.remote.call("requests")) - before };
}

/** The process is gone in the middle of an audit: with a heap cap, out of memory. */
export class HostDied extends Error {}

/** Asks the table and not the host, whose status route would add up its slices at every question. */
async function ended(
	connectionString: string,
	auditId: string,
	host: Remote<HostCalls>,
): Promise<void> {
	const audits = tableOf(connectionString, "audits");
	for (;;) {
		if (!host.isAlive()) throw new HostDied();
		const state = await auditState(audits, auditId);
		if (state === "completed") return;
		if (state !== "running" && state !== null)
			throw new Error(`audit ${auditId} ended as ${state}`);
		await delay(50);
	}
}

async function auditState(
	audits: ReturnType<typeof tableOf>,
	auditId: string,
): Promise<string | null> {
	try {
		const row = await audits.getEntity<{ state: string }>(
			"audit",
			auditKey(auditId),
			{ queryOptions: { select: ["state"] } },
		);
		return row.state ?? null;
	} catch (error) {
		if (isRestError(error) && error.statusCode === 404) return null;
		throw error;
	}
}
