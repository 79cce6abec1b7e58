import { nodeBlocks } from "../cidr.ts";
import type { BudgetName, OtherResourceKind, Range } from "../contract.ts";
import { grouped } from "../text.ts";
import { budgetKinds, isOwn, type OwnKind, type Unit } from "./budgetKinds.ts";
import type { UsingCluster } from "./cluster.ts";
import { addedDemand, demandNow, type Entry } from "./entries.ts";
import type { Opening } from "./opening.ts";
import { notKnown, type Outlook, type Outlooks } from "./outlook.ts";
import { atLeast, exactly, multiply, nothing } from "./range.ts";

/** Anything finite that nodes use, with the sums of all of its clusters. */
export interface Budget extends BudgetName {
	readonly unit: Unit;
	readonly limit: Range;
	/** The limit in words: "251 usable IPs in 10.0.0.0/24". */
	readonly limitReason: string;
	/** Usable IPs of the subnet, also if blocks are counted. Null for other budgets. */
	readonly usable: number | null;
	/** What Azure shows as taken now. Null where it cannot show it, and the models say. */
	readonly observed: Range | null;
	/** IPs of other resources, by kind. Null if that is not known, and for all except node subnets. */
	readonly otherResourcesByKind:
		| readonly {
				readonly kind: OtherResourceKind;
				readonly addresses: number;
		  }[]
		| null;
	readonly totals: Totals;
	/** Used by something else than nodes, in budgets where the models say what the nodes use. */
	readonly foreign: Range;
	/** Used for different things at once, summed up in addresses. */
	readonly isMixed: boolean;
	/** Clusters that use it, remembered ones among them. */
	readonly sharedBy: number;
	/** What is unseen on it. */
	readonly open: readonly Opening[];
	/** What its history says of its future. */
	readonly outlook: Outlook;
}

/** Sums over every entry of a budget, so that each of its clusters is judged in the time of its own entries. */
export interface Totals {
	/** The counted part. The unbounded parts are counted apart, so that a cluster's own can be taken off again. */
	readonly nowLow: number;
	readonly nowHigh: number;
	readonly nowUnbounded: number;
	readonly growthLow: number;
	readonly growthHigh: number;
	/** Growth to the last node, at least that a node needs. */
	readonly growthHighAtLow: number;
	readonly growthUnbounded: number;
}

export const noTotals: Totals = {
	nowLow: 0,
	nowHigh: 0,
	nowUnbounded: 0,
	growthLow: 0,
	growthHigh: 0,
	growthHighAtLow: 0,
	growthUnbounded: 0,
};

export function totalsOf(entries: Iterable<Entry>): Totals {
	let totals = noTotals;
	for (const entry of entries) totals = combine(totals, entryTotals(entry), 1);
	return totals;
}

export function plusTotals(a: Totals, b: Totals): Totals {
	return combine(a, b, 1);
}

export function minusTotals(a: Totals, b: Totals): Totals {
	return combine(a, b, -1);
}

export function demandNowIn(totals: Totals): Range {
	return {
		low: totals.nowLow,
		high: totals.nowUnbounded > 0 ? null : totals.nowHigh,
	};
}

export function addedDemandIn(totals: Totals): Range {
	return {
		low: totals.growthLow,
		high: totals.growthUnbounded > 0 ? null : totals.growthHigh,
	};
}

function entryTotals(entry: Entry): Totals {
	const now = demandNow(entry);
	const growth = addedDemand(entry);
	const atLow = multiply(entry.growth, exactly(entry.perNode.low ?? 0));
	return {
		nowLow: now.low ?? 0,
		nowHigh: now.high ?? 0,
		nowUnbounded: now.high === null ? 1 : 0,
		growthLow: growth.low ?? 0,
		growthHigh: growth.high ?? 0,
		growthHighAtLow: atLow.high ?? 0,
		growthUnbounded: growth.high === null ? 1 : 0,
	};
}

function combine(a: Totals, b: Totals, sign: 1 | -1): Totals {
	return {
		nowLow: a.nowLow + sign * b.nowLow,
		nowHigh: a.nowHigh + sign * b.nowHigh,
		nowUnbounded: a.nowUnbounded + sign * b.nowUnbounded,
		growthLow: a.growthLow + sign * b.growthLow,
		growthHigh: a.growthHigh + sign * b.growthHigh,
		growthHighAtLow: a.growthHighAtLow + sign * b.growthHighAtLow,
		growthUnbounded: a.growthUnbounded + sign * b.growthUnbounded,
	};
}

/** Nodes that AKS supports: 5,000 a cluster, 1,000 a pool, 100 in availability sets (container service limits). */
export const nodeLimits = { cluster: 5000, pool: 1000, availabilitySet: 100 };

/** A budget that belongs to one cluster and follows from it alone. Null for one that is in a resource of its own. */
export function budgetOfCluster(
	cluster: UsingCluster,
	name: BudgetName,
	entries: readonly Entry[],
	outlooks: Outlooks,
): Budget | null {
	if (!isOwn(name.kind)) return null;
	const own = limitOfCluster(cluster, name.kind);
	return {
		...name,
		unit: budgetKinds[name.kind].unit,
		...own,
		usable: null,
		observed: null,
		otherResourcesByKind: null,
		totals: totalsOf(entries),
		foreign: nothing,
		isMixed: false,
		sharedBy: 1,
		open: [
			...openingsOf(entries),
			...(own.limit.high === null ? [notRead(null, own.limitReason)] : []),
		],
		outlook: outlooks[name.id] ?? notKnown,
	};
}

function limitOfCluster(
	cluster: UsingCluster,
	kind: OwnKind,
): { limit: Range; limitReason: string } {
	switch (kind) {
		case "pod-range":
			return podRangeLimit(cluster.podCidr ?? "");
		case "cluster-nodes":
			return cluster.availabilitySet
				? nodesOf.availabilitySet
				: nodesOf.cluster;
		case "pool-nodes":
			return nodesOf.pool;
	}
}

/** Every cluster has these: made once. */
const nodesOf = {
	cluster: nodeLimit(nodeLimits.cluster, "cluster"),
	availabilitySet: nodeLimit(nodeLimits.availabilitySet, "cluster"),
	pool: nodeLimit(nodeLimits.pool, "pool"),
};

function nodeLimit(most: number, per: string) {
	return {
		limit: exactly(most),
		limitReason: `${grouped(most)} nodes per ${per}`,
	};
}

/** What the entries themselves leave open. */
export function openingsOf(entries: Iterable<Entry>): Opening[] {
	const openings: Opening[] = [];
	for (const { cluster, missing, surgeMissing } of entries) {
		if (missing !== null) openings.push(notRead(cluster, missing));
		if (surgeMissing !== null)
			openings.push({ ...notRead(cluster, surgeMissing), kind: "surge" });
	}
	return openings;
}

/** Rows that a sum needs are missing or not understood. */
export function notRead(cluster: string | null, reason: string): Opening {
	const cause = "Data is missing or not understood";
	return { kind: "not-read", cluster, cause, reason, lastSeen: null };
}

function podRangeLimit(cidr: string): { limit: Range; limitReason: string } {
	if (cidr === "")
		return {
			limit: atLeast(0),
			limitReason: "Azure reports no pod CIDR for the cluster",
		};
	const blocks = nodeBlocks(cidr);
	return {
		limit: exactly(blocks),
		limitReason: `${grouped(blocks)} blocks of /24 in ${cidr}`,
	};
}
