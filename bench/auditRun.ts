import { setTimeout as delay } from "node:timers/promises";
import { isRestError } from "@azure/core-rest-pipeline";
import type { Azurite } from "../local/storage/azurite.ts";
import { auditKey } from "../shared/keys/auditId.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import {
	contentsOf,
	nothing,
	tableOf,
	total,
	writtenBetween,
} from "./entities.ts";
import type { GraphCalls } from "./graphProcess.ts";
import type { HostCalls } from "./hostProcess.ts";
import { type Remote, startRemote } from "./remote.ts";

/** What a fleet's first audit took, and a second one of the same fleet right after it. */
export interface AuditPair {
	readonly wallMs: number;
	readonly requests: number;
	readonly tableWrites: number;
	readonly secondWallMs: number;
	readonly secondTableWrites: number;
	/** Findings and changes that the second audit wrote: none, or the program is wrong. */
	readonly secondNews: number;
	readonly peakRssMiB: number;
}

export interface Graph {
	readonly url: string;
	readonly remote: Remote<GraphCalls>;
}

/** Two audits by a host that has just been started, into a storage that is empty. */
export async function auditTwice(
	graph: Graph,
	storage: Azurite,
): Promise<AuditPair> {
	const { connectionString } = storage;
	return withHost(graph, storage, async (host, url) => {
		const first = await audit(graph, connectionString, url);
		const after = await contentsOf(connectionString);
		const second = await audit(graph, connectionString, url);
		const written = writtenBetween(after, await contentsOf(connectionString));
		return {
			...first,
			tableWrites: total(writtenBetween(nothing, after)),
			secondWallMs: second.wallMs,
			secondTableWrites: total(written),
			secondNews: written.results,
			peakRssMiB: await host.call("peakRssMiB"),
		};
	});
}

/** One audit by a host that has just been started. */
export function auditOnce(
	graph: Graph,
	storage: Azurite,
): Promise<{ wallMs: number; requests: number }> {
	return withHost(graph, storage, (_, url) =>
		audit(graph, storage.connectionString, url),
	);
}

async function withHost<T>(
	graph: Graph,
	{ connectionString }: Azurite,
	run: (host: Remote<HostCalls>, url: string) => Promise<T>,
): Promise<T> {
	const host = startRemote<HostCalls>("./hostProcess.js");
	try {
		const url = await host.call("start", {
			...settingDefaults,
			AzureWebJobsStorage: connectionString,
			RESOURCE_MANAGER_ENDPOINT: graph.url,
		});
		return await run(host, url);
	} finally {
		await host.close();
	}
}

/** From the request that starts the audit until its row says that it has ended. */
async function audit(
	graph: Graph,
	connectionString: string,
	hostUrl: string,
): Promise<{ wallMs: number; requests: number }> {
	const before = await graph.remote.call("requests");
	const begin = performance.now();
	const response = await fetch(`${hostUrl}/api/audits`, { method: "POST" });
	if (!response.ok) throw new Error(`no audit: ${await response.text()}`);
	const { auditId } = (await response.json()) as { auditId: string };
	await ended(connectionString, auditId);
	const wallMs = performance.now() - begin;
	return { wallMs, requests: (await graph.remote.call("requests")) - before };
}

/** Asks the table and not the host, whose status route would add up its slices at every question. */
async function ended(connectionString: string, auditId: string): Promise<void> {
	const audits = tableOf(connectionString, "audits");
	for (;;) {
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
