import { subscriptions } from "../fleet/sample/spoke.ts";
import { type SampleOptions, sampleFleet } from "../fleet/sample.ts";

/** What happens before a night's audit, and stays so until a later line says otherwise. */
interface Happening {
	readonly night: number;
	readonly says: string;
	readonly pools?: NonNullable<SampleOptions["pools"]>;
	/** Names of clusters that are deleted. */
	readonly deleted?: readonly string[];
	/** Ids of subscriptions that do not answer. None: all do again. */
	readonly silent?: readonly string[];
}

const collectors = (maxCount: number) => ({
	"aks-observability-prod-weu/collectors": { maxCount },
});

/**
 * Thirty nights of the sample fleet; from the 31st on nothing happens but growth. Sums as in sample/expectations.ts:
 *   search         2 + 8 nodes x 29 = 290 of 251 at autoscaler max.
 *   ingress        upgrades in place: no surge node, 234 of 251.
 *   observability  a pod range of 16 nodes: 3 + 13 fit at autoscaler max, 3 + 14 do not.
 *   checkout       875 + 2 x 29 = 933 of 1,019, and only if all neighbors grow too 1,136.
 *   catalog        875 + 8 x 29 = 1,107 of 1,019.
 *   intranet       (3 + 20) x 29 + 2 = 669 of 507 at autoscaler max.
 */
const happenings: readonly Happening[] = [
	{ night: 1, says: "The first audit." },
	{
		night: 5,
		says: "search can grow to 8 index nodes.",
		pools: { "aks-search-prod-weu/index": { maxCount: 8 } },
	},
	{
		night: 6,
		says: "ingress applies a remedy: its pools upgrade without surge nodes.",
		pools: {
			"aks-ingress-prod-weu/system": { maxSurge: "0", maxUnavailable: "1" },
			"aks-ingress-prod-weu/gateways": { maxSurge: "0", maxUnavailable: "1" },
		},
	},
	{
		night: 7,
		says: "observability lowers its maximum to what just fits,",
		pools: collectors(13),
	},
	{ night: 8, says: "raises it by one,", pools: collectors(14) },
	{ night: 9, says: "lowers it,", pools: collectors(13) },
	{ night: 10, says: "raises it", pools: collectors(14) },
	{ night: 11, says: "and lowers it for good.", pools: collectors(13) },
	{
		night: 12,
		says: "The subscription nonprod does not answer.",
		silent: [subscriptions.nonprod.id],
	},
	{ night: 13, says: "It answers again.", silent: [] },
	{
		night: 13,
		says: "flink is deleted.",
		deleted: ["aks-flink-prod-weu"],
	},
	{ night: 15, says: "A quiet week begins: nothing changes." },
	{ night: 22, says: "The quiet week is over." },
	{
		night: 24,
		says: "checkout lowers its maximum to 8 web nodes.",
		pools: { "aks-checkout-prod-weu/web": { maxCount: 8 } },
	},
	{
		night: 26,
		says: "catalog can grow to 12 nodes.",
		pools: { "aks-catalog-prod-weu/apps": { maxCount: 12 } },
	},
	{
		night: 28,
		says: "intranet can grow to 20 nodes.",
		pools: { "aks-intranet-prod-weu/apps": { maxCount: 20 } },
	},
];

/** identity grows by as many nodes every night but those of the quiet week, and its maximum with it: a trend that can be seen. */
export const growth = {
	pool: "aks-identity-prod-weu/apps",
	from: { nodes: 4, maxCount: 10 },
	nodesPerNight: 3,
	quiet: { from: 15, to: 21 },
} as const;

interface Night {
	/** What has happened since the night before. Empty: nothing but growth. */
	readonly says: string;
	readonly fleet: SampleOptions;
	/** Ids of subscriptions that do not answer. */
	readonly silent: readonly string[];
}

/** A night by its number, the first being 1: everything that has happened until then. */
export function nightOf(night: number): Night {
	const past = happenings.filter((one) => one.night <= night);
	return {
		says: past
			.filter((one) => one.night === night)
			.map(({ says }) => says)
			.join(" "),
		fleet: {
			pools: mergedPools([
				...past.map(({ pools = {} }) => pools),
				{ [growth.pool]: grown(night) },
			]),
			without: past.flatMap(({ deleted = [] }) => deleted),
		},
		silent: past.findLast(({ silent }) => silent !== undefined)?.silent ?? [],
	};
}

/** The fleet of a night as Resource Graph shows it. */
export function fleetOfNight({ fleet, silent }: Night) {
	const { resources, readableSubscriptions } = sampleFleet(fleet);
	return {
		resources,
		readableSubscriptions: readableSubscriptions.filter(
			(id) => !silent.includes(id),
		),
	};
}

function grown(night: number): { nodes: number; maxCount: number } {
	const { from, nodesPerNight, quiet } = growth;
	const quietNights = Math.max(0, Math.min(night, quiet.to) - quiet.from + 1);
	const more = nodesPerNight * (night - 1 - quietNights);
	return { nodes: from.nodes + more, maxCount: from.maxCount + more };
}

type Pools = NonNullable<SampleOptions["pools"]>;

function mergedPools(changes: readonly Pools[]): Pools {
	const merged: Record<string, Pools[string]> = {};
	for (const pools of changes)
		for (const [pool, change] of Object.entries(pools))
			merged[pool] = { ...merged[pool], ...change };
	return merged;
}
