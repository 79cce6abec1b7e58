import type { Preflight, PreflightCheck, Range } from "../contract.ts";
import { minusTotals, nowOf, totalsOf } from "./budget.ts";
import type { ResolvedCluster, ResolvedPool } from "./cluster.ts";
import {
	add,
	exactly,
	judge,
	multiply,
	notNegative,
	subtract,
	sum,
} from "./range.ts";
import type { View } from "./view.ts";

/** A pod range is checked in addresses, 256 for the /24 of a node, none reserved. */
const addressesPerBlock = 256;
/** Of a pod subnet Azure counts a first batch a node, also where static blocks take more. */
const podAddressesPerNode = 16;

/**
 * What AKS checks before it starts a change (`InsufficientSubnetSize`, `InsufficientPodCidr`), in its own figures:
 * this cluster's pools at their maxima against what others leave. Whether an upgrade's check adds surge is not settled
 * by public evidence: the low end is without, the high end with it. Null where no such check is known.
 */
export function preflightOf(
	cluster: ResolvedCluster,
	view: View,
): Preflight | null {
	const scale = scaleOf(view);
	if (scale === null) return null;
	const pools = cluster.pools.filter(({ name }) =>
		view.entries.some(({ pool }) => pool === name),
	);
	const draws = pools.map((pool) => ({
		counted: multiply(pool.countedByAzure, exactly(scale.perNode(pool))),
		surge: multiply(pool.surgeAtFull, exactly(scale.perNode(pool))),
	}));
	const change = sum(draws.map(({ counted }) => counted));
	const surge = sum(draws.map(({ surge }) => surge));
	const available = scale.available;
	return {
		change: check(change, available),
		upgrade: check(add(change, { low: 0, high: surge.high }), available),
	};
}

function check(requested: Range, available: Range): PreflightCheck {
	return { verdict: judge(available, requested).verdict, requested, available };
}

interface Scale {
	readonly perNode: (pool: ResolvedPool) => number;
	readonly available: Range;
}

function scaleOf(view: View): Scale | null {
	const { budget } = view;
	switch (budget.kind) {
		case "subnet":
			return { perNode: subnetAddresses, available: availableIn(view) };
		case "pod-subnet":
			return {
				perNode: () => podAddressesPerNode,
				available: availableIn(view),
			};
		case "pod-blocks":
			return {
				perNode: () => podAddressesPerNode,
				available: notNegative(
					multiply(availableIn(view), exactly(podAddressesPerNode)),
				),
			};
		case "pod-range":
			return {
				perNode: () => addressesPerBlock,
				available: multiply(budget.limit, exactly(addressesPerBlock)),
			};
		case "routes":
		case "api-server-subnet":
		case "cluster-nodes":
		case "pool-nodes":
			return null;
	}
}

/** Linux nodes of a flat subnet count maxPods - 1 since January 2022, Windows nodes maxPods + 1. */
function subnetAddresses(pool: ResolvedPool): number {
	if (pool.model !== "node-subnet") return 1;
	return pool.windows ? pool.maxPods + 1 : pool.maxPods - 1;
}

/** What others and neighbours hold is taken; the cluster's own nodes are part of what is requested. */
function availableIn({ budget, entries, now }: View): Range {
	const neighbours = nowOf(minusTotals(budget.totals, totalsOf(entries)));
	return subtract(budget.limit, add(now.others, neighbours));
}

/** Whether Azure turns the change down, lets it start, or one cannot tell. */
export function azureAnswer(
	check: PreflightCheck,
): "refuses" | "accepts" | "unsettled" {
	if (check.verdict === "short") return "refuses";
	return check.verdict === "fits" ? "accepts" : "unsettled";
}
