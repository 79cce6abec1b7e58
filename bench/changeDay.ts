import { generateFleet } from "../local/fleet/generate.ts";
import { startResourceGraph } from "../local/resourceGraph/server.ts";
import { gatherNeighborhood } from "../shared/audit/gatherNeighborhood.ts";
import { gatherTenant } from "../shared/audit/gatherTenant.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import type { Severity } from "../shared/contract.ts";
import { type Batch, batchesOf } from "../shared/feed/batches.ts";
import {
	type FeedState,
	nothingHeard,
	takeIn,
} from "../shared/feed/feedState.ts";
import type { HeardChange } from "../shared/feed/heardChange.ts";
import { dueAudits, gatherChanges } from "../shared/feed/pending.ts";
import { placed } from "../shared/feed/place.ts";
import { whoAnswered } from "../shared/inventory/coverage.ts";
import type { Cluster, Inventory } from "../shared/inventory/facts.ts";
import { judgeCluster } from "../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../shared/model/fleet.ts";
import {
	fleetIndex,
	type Wanted,
	wantedIn,
} from "../shared/model/fleetIndex.ts";
import { auditSettings } from "../shared/settings/audit.ts";
import { changeSettings } from "../shared/settings/changes.ts";

/*
 * A day of 2,000 changes in a fleet of 10,000 clusters, by virtual time: how many audits, requests and cards follow. The
 * fleet is read from the emulator, placed, gathered and judged by the functions' own parts. Nothing is stored. Run
 * `node bench/changeDay.ts [clusters] [changes]`.
 */

const [clusterCount = 10_000, changeCount = 2000] = process.argv
	.slice(2)
	.map(Number);
const minute = 60_000;
const day = Date.parse("2026-11-28T00:00:00.000Z");
const begin = performance.now();
/** Audits that are played to count their requests. */
const sampled = 20;

const graph = await startResourceGraph({
	resources: generateFleet({ clusters: clusterCount }),
	quota: "off",
});
const settings = auditSettings({
	AzureWebJobsStorage: "UseDevelopmentStorage=true",
	RESOURCE_MANAGER_ENDPOINT: graph.url,
});
const read = createRead({ client: resourceGraphClient(settings.cloud) });
const tenant = await gatherTenant(read, settings, {
	withClusters: [],
	missing: {},
});
const { inventory } = tenant;
const knowledge = {
	auditId: "20261128T000000000Z-00000000",
	at: new Date(day).toISOString(),
	known: new Map(),
	answered: whoAnswered(tenant),
};
const fleet = buildFleet(inventory, knowledge, settings);
const index = fleetIndex(fleet.known);
const known = new Map(fleet.known.map((one) => [one.id, one]));
const lookUp = async (wanted: Wanted) => {
	const ids = wantedIn(index, wanted);
	return new Map([...known].filter(([id]) => ids.has(id)));
};

/** The same numbers each time. */
let seed = 7;
const below = (most: number): number => {
	seed = (seed * 48_271) % 2_147_483_647;
	return seed % most;
};

interface Planned {
	readonly change: HeardChange;
	/** A pool's maximum is doubled, or halved. */
	readonly edit: { readonly cluster: string; readonly factor: number } | null;
}

let number = 0;
function planned(
	cluster: Cluster,
	at: number,
	over: Partial<HeardChange>,
	edit: Planned["edit"] = null,
): Planned {
	return {
		change: {
			id: `change ${++number}`,
			source: "feed",
			operation: null,
			resource: cluster.id,
			type: "microsoft.containerservice/managedclusters",
			kind: "update",
			at: new Date(at).toISOString(),
			by: null,
			values: null,
			...over,
		},
		edit,
	};
}

const nth = (at: number): Cluster => {
	const cluster = inventory.clusters[at % inventory.clusters.length];
	if (cluster === undefined) throw new Error("the fleet has no cluster");
	return cluster;
};
const value = (path: string) => [{ path, before: "1", after: "2" }];

/** Six in ten are upgrade waves, the rest is scaling, people and what cannot matter. */
function dayOfChanges(): Planned[] {
	const plan: Planned[] = [];
	const waves = 12;
	const inWaves = Math.round(changeCount * 0.6);
	for (let n = 0; n < inWaves; n++) {
		const wave = n % waves;
		const cluster = nth(wave * 700 + below(20));
		const at = day + (8 + wave * 0.75) * 60 * minute + below(60) * minute;
		const version = value("properties.currentOrchestratorVersion");
		plan.push(planned(cluster, at, { values: version }));
	}
	for (let n = 0; n < Math.round(changeCount * 0.15); n++) {
		const cluster = nth(below(clusterCount));
		const group = `/subscriptions/${cluster.subscription}/resourcegroups/${cluster.nodeResourceGroup}`;
		plan.push(
			planned(cluster, day + below(1440) * minute, {
				resource: `${group}/providers/microsoft.compute/virtualmachinescalesets/vmss`,
				type: "microsoft.compute/virtualmachinescalesets",
				values: value("sku.capacity"),
			}),
		);
	}
	for (let n = 0; n < Math.round(changeCount * 0.15); n++) {
		const cluster = nth(below(clusterCount));
		const at = day + (8 * 60 + below(600)) * minute;
		const factor = below(3) === 0 ? 0.5 : 2;
		const max = value("properties.agentPoolProfiles[0].maxCount");
		const edit = { cluster: cluster.id, factor };
		plan.push(planned(cluster, at, { values: max }, edit));
	}
	while (plan.length < changeCount)
		plan.push(
			planned(nth(below(clusterCount)), day + below(1440) * minute, {
				values: value("tags.owner"),
			}),
		);
	return plan.sort((a, b) => (a.change.at < b.change.at ? -1 : 1));
}

const changes = dayOfChanges();
const feed = changeSettings({});
const every = feed.every ?? 0;

/** Looks every five minutes, and asks at every second one, over the day and an hour more. */
function play(): { audits: (Batch & { at: number })[]; asked: number } {
	let state: FeedState = nothingHeard;
	let asked = 0;
	const audits: (Batch & { at: number })[] = [];
	for (let now = day; now <= day + 25 * 60 * minute; now += feed.quiet) {
		if ((now - day) % every === 0) {
			asked += 1;
			const until = new Date(now).toISOString();
			const from = state.cursor ?? new Date(day).toISOString();
			const since = new Date(Date.parse(from) - 30 * minute).toISOString();
			const rows = changes
				.map(({ change }) => change)
				.filter(({ at }) => at >= since && at < until);
			const taken = takeIn(state, rows, { moves: true, now });
			const heard = taken.fresh.map((change) =>
				placed(change, index, new Map(), () => true),
			);
			state = {
				...state,
				cursor: taken.cursor,
				heard: taken.heard,
				pending: gatherChanges(state.pending, heard, now),
			};
		}
		const { due, waiting } = dueAudits(state.pending, now, feed);
		state = { ...state, pending: waiting };
		audits.push(...batchesOf(due).map((batch) => ({ ...batch, at: now })));
	}
	return { audits, asked };
}

const { audits, asked } = play();

/** Findings from high up, as `cluster rule`. */
function severe(of: Fleet, ids: ReadonlySet<string>): Set<string> {
	const shared = new Map(
		of.sharedBudgets.map(({ budget }) => [budget.id, budget]),
	);
	const pressing: readonly Severity[] = ["critical", "high"];
	const found = new Set<string>();
	for (const cluster of of.clusters) {
		if (!ids.has(cluster.id)) continue;
		const all = judgeCluster(cluster, shared, new Set(), settings.thresholds);
		for (const { rule, outcome } of all)
			if (outcome.kind === "violated" && pressing.includes(outcome.severity))
				found.add(`${cluster.id} ${rule} ${outcome.budget?.id ?? ""}`);
	}
	return found;
}

function edited(): Inventory {
	const factors = new Map(
		changes.flatMap(({ edit }) => (edit ? [[edit.cluster, edit.factor]] : [])),
	);
	return {
		...inventory,
		clusters: inventory.clusters.map((cluster) => {
			const factor = factors.get(cluster.id);
			if (factor === undefined) return cluster;
			const pools = cluster.pools.map((pool) => ({
				...pool,
				maxNodes:
					pool.maxNodes === null
						? null
						: Math.max(1, Math.round(pool.maxNodes * factor)),
			}));
			return { ...cluster, pools };
		}),
	};
}

const touched = new Set(audits.flatMap(({ clusters }) => clusters));
const before = severe(fleet, touched);
const after = severe(buildFleet(edited(), knowledge, settings), touched);
const worse = [...after].filter((one) => !before.has(one));
const cards = new Set(
	worse.map((one) => {
		const [id = ""] = one.split(" ");
		const last = changes.findLast(({ edit }) => edit?.cluster === id);
		const since = Date.parse(last?.change.at ?? "") || day;
		return audits.findIndex(
			({ clusters, at }) => at >= since && clusters.includes(id),
		);
	}),
);

/** What one audit asks Resource Graph for, by a few of them. */
async function requestsOf(batch: Batch): Promise<number> {
	const start = graph.requests.length;
	await gatherNeighborhood(
		read,
		settings,
		{ memory: { withClusters: [], missing: {} }, lookUp },
		{ clusters: batch.clusters },
	);
	return graph.requests.length - start;
}
const counts: number[] = [];
const step = Math.max(1, Math.floor(audits.length / sampled));
const beginAudits = performance.now();
for (let at = 0; at < audits.length; at += step) {
	const batch = audits[at];
	if (batch) counts.push(await requestsOf(batch));
}
const each = counts.reduce((sum, one) => sum + one, 0) / counts.length;
const sizes = audits
	.map(({ clusters }) => clusters.length)
	.sort((a, b) => a - b);
const groups = audits.reduce((sum, batch) => sum + batch.groups.length, 0);

const processor = process.cpuUsage();

function seconds(ms: number, among = 1): number {
	return Math.round(ms / among / 10) / 100;
}

console.log(
	JSON.stringify(
		{
			clusters: clusterCount,
			changes: changes.length,
			placed: audits.reduce(
				(sum, batch) =>
					sum + batch.groups.reduce((all, { count }) => all + count, 0),
				0,
			),
			feedRequests: asked,
			groups,
			audits: audits.length,
			clustersPerAudit: {
				median: sizes[Math.floor(sizes.length / 2)],
				most: sizes.at(-1),
			},
			requestsPerAudit: Math.round(each * 10) / 10,
			requestsInAll: Math.round(asked + each * audits.length),
			newOrWorseFromHigh: worse.length,
			cards: cards.size,
			secondsPerAudit: seconds(performance.now() - beginAudits, counts.length),
			seconds: seconds(performance.now() - begin),
			processorSeconds: seconds(
				processor.user / 1000 + processor.system / 1000,
			),
		},
		null,
		2,
	),
);
await graph.close();
