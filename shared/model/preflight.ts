import type { Preflight, PreflightCheck, Range } from "../contract.ts";
import { demandNowIn, minusTotals, totalsOf } from "./budget.ts";
import type { ResolvedCluster, ResolvedPool } from "./cluster.ts";
import { demandNow } from "./entries.ts";
import {
	add,
	exactly,
	freeAndVerdict,
	multiply,
	subtract,
	sum,
} from "./range.ts";
import type { View } from "./view.ts";

/** A pod CIDR is checked in addresses, 256 for the /24 of a node, none reserved. */
const addressesPerBlock = 256;
/** Of a pod subnet Azure counts a first batch a node, also where static blocks take more. */
const podAddressesPerNode = 16;

/**
 * What AKS checks before it starts a change (`InsufficientSubnetSize`, `InsufficientPodCidr`), in its own numbers. It
 * compares this cluster's pools at their maxima with what neighbors and other resources do not use. Public evidence
 * does not settle whether an upgrade's check adds surge: the low end is without, the high end with it. What Azure is
 * not known to check is available without bound: the verdict is `unknown` where that matters.
 */
export function preflightOf(cluster: ResolvedCluster, view: View): Preflight {
	const pools = cluster.pools.filter(({ name }) =>
		view.entries.some(({ pool }) => pool === name),
	);
	if (view.budget.kind === "api-server-subnet") return apiServerCheck(view);
	const scale = scaleOf(cluster, view, pools);
	const demands = pools.map((pool) => ({
		counted: multiply(pool.countedByAzure, exactly(scale.perNode(pool))),
		surge: multiply(pool.surgeAtFull, exactly(scale.perNode(pool))),
	}));
	const change = sum(demands.map(({ counted }) => counted));
	const surge = sum(demands.map(({ surge }) => surge));
	const upgrade = add(change, { low: 0, high: surge.high });
	return {
		change: check(change, scale.available),
		upgrade: check(upgrade, scale.forUpgrade ?? scale.available),
	};
}

function check(requested: Range, available: Range): PreflightCheck {
	return {
		verdict: freeAndVerdict(available, requested).verdict,
		requested,
		available,
	};
}

interface Scale {
	readonly perNode: (pool: ResolvedPool) => number;
	readonly available: Range;
	/** Where an upgrade is checked differently. */
	readonly forUpgrade?: Range;
}

/** How an API server's subnet is checked when a cluster is made is not known. Nine addresses are documented. */
function apiServerCheck(view: View): Preflight {
	const requested = sum(view.entries.map(demandNow));
	const available = { low: availableIn(view).low, high: null };
	return {
		change: check(requested, available),
		upgrade: check(requested, available),
	};
}

function scaleOf(
	cluster: ResolvedCluster,
	view: View,
	pools: readonly ResolvedPool[],
): Scale {
	const { budget } = view;
	switch (budget.kind) {
		case "subnet":
			return {
				perNode: subnetAddresses,
				available: subtract(availableIn(view), autoProvisioned(view, pools)),
			};
		case "pod-subnet":
			return {
				perNode: () => podAddressesPerNode,
				available: availableIn(view),
			};
		case "pod-blocks":
			return {
				perNode: () => podAddressesPerNode,
				available: availableInBlocks(view),
			};
		case "pod-range":
			return {
				perNode: () => addressesPerBlock,
				available: multiply(budget.limit, exactly(addressesPerBlock)),
			};
		case "routes":
			// The 400 routes are checked at create and at upgrade (changelogs of 2023-06-25 and 2023-09-10).
			return {
				perNode: () => (cluster.dualStack ? 2 : 1),
				available: { low: budget.limit.low, high: null },
				forUpgrade: budget.limit,
			};
		case "pool-nodes":
			// "VMSS size + surge > 1,000": rejected before it starts (rolling upgrades, May 2026).
			return { perNode: () => 1, available: budget.limit };
		case "cluster-nodes":
		case "api-server-subnet":
		case "virtual-network":
			return {
				perNode: () => 1,
				available: { low: budget.limit.low, high: null },
			};
	}
}

/** Linux nodes of a flat subnet count maxPods - 1 since January 2022, Windows nodes maxPods + 1. */
function subnetAddresses(pool: ResolvedPool): number {
	if (pool.model !== "node-subnet") return 1;
	return pool.windows ? pool.maxPods + 1 : pool.maxPods - 1;
}

/** What other resources and neighbors use is not available. The cluster's own nodes are part of what is requested. */
function availableIn(view: View): Range {
	return subtract(
		view.budget.limit,
		add(view.now.otherResources, neighborsNow(view)),
	);
}

/** Azure counts IPs, not blocks. Whether it sees what neighbors use in a delegated subnet is not known. */
function availableInBlocks(view: View): Range {
	const { usable } = view.budget;
	if (usable === null) return { low: null, high: null };
	const neighbors = neighborsNow(view).high;
	return {
		low: neighbors === null ? null : usable - neighbors * podAddressesPerNode,
		high: usable,
	};
}

function neighborsNow({ budget, entries }: View): Range {
	return demandNowIn(minusTotals(budget.totals, totalsOf(entries)));
}

/** Azure's check knows no auto-provisioned nodes: it counts their IPs as used by others. */
function autoProvisioned(view: View, pools: readonly ResolvedPool[]): Range {
	const names = new Set(
		pools.filter((pool) => pool.autoProvisioned).map(({ name }) => name),
	);
	return sum(
		view.entries
			.filter(({ pool }) => pool !== null && names.has(pool))
			.map(demandNow),
	);
}

/** Whether Azure turns the change down, lets it start, or one cannot tell. */
export function azureAnswer(
	check: PreflightCheck,
): "refuses" | "accepts" | "unsettled" | "unknown" {
	switch (check.verdict) {
		case "short":
			return "refuses";
		case "fits":
			return "accepts";
		case "tight":
			return "unsettled";
		case "unknown":
			return "unknown";
	}
}
