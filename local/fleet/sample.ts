import type { ClusterSpec, PoolSpec } from "./clusterSpec.ts";
import { fleet, type SubscriptionSpec } from "./fleet.ts";
import type { RawResource } from "./rawResource.ts";
import { data } from "./sample/data.ts";
import { nonprod } from "./sample/nonprod.ts";
import { platform } from "./sample/platform.ts";
import { retail } from "./sample/retail.ts";
import { sandbox } from "./sample/sandbox.ts";
import { subscriptions } from "./sample/spoke.ts";

export {
	afterNights,
	type Expectation,
	expectations,
	healthy,
} from "./sample/expectations.ts";

interface SampleFleet {
	/** Everything there is, what the identity cannot read included. */
	readonly resources: readonly RawResource[];
	readonly subscriptions: readonly SubscriptionSpec[];
	/** Ids. */
	readonly readableSubscriptions: readonly string[];
	readonly unreadableSubscriptions: readonly string[];
}

export interface SampleOptions {
	/** What a pool is to have otherwise, by `cluster/pool`, e.g. `{ "aks-search-prod-weu/index": { maxCount: 7 } }`. */
	readonly pools?: Readonly<Record<string, Partial<PoolSpec>>>;
	/** Names of clusters that are gone. */
	readonly without?: readonly string[];
}

/** Ids of subscriptions in which the auditor's identity has no rights: one, the partners' network hub. */
export const unreadableSubscriptions: readonly string[] = [
	subscriptions.connectivity.id,
];

/** The clusters of the sample fleet as they were asked for. */
export const sampleClusters: readonly ClusterSpec[] = [
	platform,
	retail,
	data,
	nonprod,
	sandbox,
].flatMap(({ clusters }) => clusters);

/**
 * The fleet of a company in which every finding occurs at least once: who has which problem, and the sums, are in
 * sample/expectations.ts.
 */
export function sampleFleet({
	pools = {},
	without = [],
}: SampleOptions = {}): SampleFleet {
	const zones = [platform, retail, data, nonprod, sandbox];
	refuseUnknown(Object.keys(pools), without);

	return {
		resources: fleet({
			subscriptions: Object.values(subscriptions),
			networks: zones.flatMap(({ networks }) => networks),
			routeTables: zones.flatMap(({ routeTables = [] }) => routeTables),
			otherResources: zones.flatMap(
				({ otherResources = [] }) => otherResources,
			),
			clusters: sampleClusters
				.filter(({ name }) => !without.includes(name))
				.map((cluster) => changed(cluster, pools)),
		}),
		subscriptions: Object.values(subscriptions),
		readableSubscriptions: Object.values(subscriptions)
			.map(({ id }) => id)
			.filter((id) => !unreadableSubscriptions.includes(id)),
		unreadableSubscriptions,
	};
}

function changed(
	cluster: ClusterSpec,
	changes: Readonly<Record<string, Partial<PoolSpec>>>,
): ClusterSpec {
	return {
		...cluster,
		pools: cluster.pools.map((pool) => ({
			...pool,
			...changes[`${cluster.name}/${pool.name}`],
		})),
	};
}

function refuseUnknown(
	pools: readonly string[],
	clusters: readonly string[],
): void {
	const known = new Set(
		sampleClusters.flatMap(({ name, pools }) => [
			name,
			...pools.map((pool) => `${name}/${pool.name}`),
		]),
	);
	const unknown = [...pools, ...clusters].find((key) => !known.has(key));
	if (unknown !== undefined)
		throw new Error(`"${unknown}" is no cluster/pool of the sample fleet`);
}
