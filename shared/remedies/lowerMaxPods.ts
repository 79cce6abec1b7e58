import type { Remedy } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { changeablePools, grows, withMaxPods } from "./changedPool.ts";
import {
	addPool,
	leftOutText,
	likePool,
	poolsInDetail,
	poolsInTitle,
	replaceText,
	unusedNames,
} from "./commands.ts";
import { effectOf, type Offer, titleOf } from "./offer.ts";
import {
	fixing,
	largest,
	outcomeText,
	viewAfter,
	withPools,
} from "./whatIf.ts";

/** A cluster may have a hundred pools: those that grow and keep the most pods are named. */
const mostNamed = 3;

/**
 * The largest max pods of a new pool in a pool's place, or of new pools instead of all, at which every scenario fits.
 * Availability sets take no second pool.
 */
export function lowerMaxPods(cluster: ResolvedCluster, view: View): Offer[] {
	if (cluster.availabilitySet) return [];
	const pools = changeablePools(cluster.pools, view.entries).filter(
		(pool) => holdsByMaxPods(view, pool) && pool.nodes.high !== null,
	);
	const apart = pools
		.flatMap((pool) => search(cluster, view, [pool]))
		.toSorted(
			(a, b) =>
				Number(b.pools.some(grows)) - Number(a.pools.some(grows)) ||
				b.maxPods - a.maxPods,
		)
		.slice(0, mostNamed);
	const found =
		apart.length > 0 || pools.length < 2 ? apart : search(cluster, view, pools);
	return found.map((one) => ({
		effect: effectOf(view, one.after),
		remedy: remedy(cluster, one),
		after: one.after,
		changes: one.pools.map(({ name }) => ({
			kind: "pool",
			cluster: cluster.id,
			pool: name,
			set: { maxPods: one.maxPods },
		})),
	}));
}

/** Elsewhere a node takes the same whatever its max pods. A gateway runs no pods, and its pool is made otherwise. */
function holdsByMaxPods(
	{ budget }: View,
	{ model, gateway }: ResolvedPool,
): boolean {
	if (gateway) return false;
	return budget.kind === "pod-blocks"
		? model === "static-block-pod-subnet"
		: budget.kind === "subnet" && model === "node-subnet";
}

/** Azure takes less than 30 only where all nodes of the pool together have room for 30 pods (IP address planning). */
function leastMaxPods({ nodes }: ResolvedPool): number {
	return Math.max(10, Math.ceil(30 / Math.max(1, nodes.low ?? 0)));
}

interface Found {
	readonly pools: readonly ResolvedPool[];
	readonly maxPods: number;
	readonly after: View;
}

function search(
	cluster: ResolvedCluster,
	view: View,
	pools: readonly ResolvedPool[],
): Found[] {
	// 16 x n - 1 fills whole blocks with pods and the node's own address.
	const step = view.budget.kind === "pod-blocks" ? 16 : 1;
	const maxPodsAt = (units: number) => (step === 1 ? units : units * step - 1);
	const larger = (units: number) =>
		pools.filter(({ maxPods }) => maxPods > maxPodsAt(units));
	const afterAt = (units: number) =>
		withPools(
			cluster,
			view,
			larger(units).map((pool) => withMaxPods(pool, maxPodsAt(units))),
		);
	const isFixed = fixing(view);
	const least = Math.max(...pools.map(leastMaxPods));
	const most = Math.max(...pools.map(({ maxPods }) => maxPods));
	const units = largest(
		step === 1 ? least : Math.ceil((least + 1) / step),
		step === 1 ? most - 1 : Math.floor(most / step),
		(units) => isFixed(afterAt(units)),
	);
	return units === null || larger(units).length === 0
		? []
		: [
				{
					pools: larger(units),
					maxPods: maxPodsAt(units),
					after: viewAfter(afterAt(units)),
				},
			];
}

function remedy(
	cluster: ResolvedCluster,
	{ pools, maxPods, after }: Found,
): Remedy {
	const from = [...new Set(pools.map((pool) => pool.maxPods))].join(", ");
	const names = unusedNames(cluster, pools);
	const one = pools.length === 1;
	return {
		kind: "new-pool-lower-max-pods",
		title: titleOf(
			() =>
				`Replace ${poolsInTitle(pools)} with ${one ? "a new pool" : "new pools"} of max pods ${maxPods}${from.length > 20 ? "" : ` (now ${from})`}.`,
		),
		detail: [
			...poolsInDetail(pools),
			...outcomeText(after),
			"Max pods cannot be changed on a pool.",
			replaceText(pools),
			leftOutText,
			"Old and new pools use IPs while both exist: lower the old maximum and drain in steps.",
			"Or put the new pools into another subnet.",
			...(pools.some((pool) => pool.system)
				? ["One system pool must remain at any time."]
				: []),
		],
		command: pools.map((pool, index) =>
			addPool(
				cluster,
				names[index] ?? "",
				...likePool(pool),
				`--max-pods ${maxPods}`,
			),
		),
	};
}
