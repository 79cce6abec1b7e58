import type { Range, ScenarioName } from "../contract.ts";
import { firstBatch } from "./networks/dynamicPodSubnet.ts";
import { between } from "./range.ts";
import type { View } from "./view.ts";

/** Addresses that a node asks for at a time. It keeps half as many unused (azure-container-networking, ipammath). */
const batch = firstBatch.low;

/** IPs that a node has with this many pods: 16 x ⌈0.5 + pods / 16⌉, never more than its max pods. */
export function addressesHeld(pods: number, maxPods: number): number {
	return Math.min(maxPods, batch * Math.ceil(0.5 + pods / batch));
}

/** The most pods that a node can run with this many IPs. */
export function podsWithin(addresses: number, maxPods: number): number {
	if (addresses >= maxPods) return maxPods;
	return Math.max(0, addresses - batch / 2);
}

/** What each node can have on average in whole batches, and the rest that fills none. */
export interface AddressShare {
	readonly addressesPerNode: Range;
	readonly stranded: Range;
}

/** All that uses a dynamic pod subnet are nodes with a first batch each. Null for other budgets, and without bound. */
export function shareIn(
	{ budget, scenarios }: View,
	name: ScenarioName,
): { readonly nodes: NodeCount; readonly share: AddressShare } | null {
	const { low, high } = scenarios[name].demand;
	if (budget.kind !== "pod-subnet" || budget.isMixed || high === null)
		return null;
	const nodes = {
		low: Math.floor((low ?? 0) / firstBatch.low),
		high: Math.ceil(high / firstBatch.high),
	};
	return { nodes, share: shareOf(budget.limit.low ?? 0, nodes) };
}

/** Pods of a node with its share of the addresses. */
export function podsOf(
	{ addressesPerNode }: AddressShare,
	maxPods: number,
): { readonly low: number; readonly high: number } {
	return {
		low: podsWithin(addressesPerNode.low ?? 0, maxPods),
		high: podsWithin(addressesPerNode.high ?? 0, maxPods),
	};
}

interface NodeCount {
	readonly low: number;
	readonly high: number;
}

/** Low: the most nodes, each with an address for its network container. High: the fewest, without it. */
export function shareOf(addresses: number, nodes: NodeCount): AddressShare {
	const own = firstBatch.high - firstBatch.low;
	const low = evenShare(addresses - own * nodes.high, nodes.high);
	const high = evenShare(addresses, nodes.low);
	return {
		addressesPerNode: between(low.perNode, high.perNode),
		stranded: between(
			Math.min(low.stranded, high.stranded),
			Math.max(low.stranded, high.stranded),
		),
	};
}

function evenShare(addresses: number, nodes: number) {
	const given = batch * Math.floor(Math.max(0, addresses) / batch);
	return {
		perNode: Math.floor(given / Math.max(1, nodes)),
		stranded: Math.max(0, addresses) - given,
	};
}
