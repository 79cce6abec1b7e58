import { nodeBlocks } from "../cidr.ts";
import type { Remedy } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { add, sum } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { updateCluster } from "./commands.ts";
import { freePodRange, smallestPodRange } from "./podRange.ts";
import {
	allFit,
	type Change,
	carries,
	improves,
	judged,
	outcomeWords,
	withCluster,
	withLimit,
} from "./whatIf.ts";

/** Azure CNI Overlay takes one address of the subnet a node, a /24 of a range of its own, and no routes (update-azure-cni). */
export function migrateToOverlay(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Remedy[] {
	if (!canMigrate(cluster)) return [];
	const nodes = sum(cluster.pools.map(nodesAtMost)).high;
	if (nodes === null) return [];
	const length = smallestPodRange(
		({ low }) => (low ?? 0) >= nodes && carriesBlocks(view, low ?? 0, percent),
	);
	if (length === null) return [];
	const kept = keptRange(cluster, 2 ** (24 - length));
	const podRange = kept ?? freePodRange(cluster, length);
	if (podRange === null) return [];
	const after = migrated(cluster, view, podRange);
	if (!mends(view, after, percent)) return [];
	return [
		remedy(cluster, after, { nodes, length, podRange, kept: kept !== null }),
	];
}

/** From a flat node subnet or kubenet alone; availability sets cannot, and dual stack is not documented. */
function canMigrate({ pools, availabilitySet, dualStack }: ResolvedCluster) {
	return (
		!availabilitySet &&
		!dualStack &&
		pools.every(({ model }) => model === "node-subnet" || model === "kubenet")
	);
}

function nodesAtMost({ nodes, growth, surgeAtFull }: ResolvedPool) {
	return add(add(nodes, growth), surgeAtFull);
}

/** A pod range that is the budget itself must have room to spare where that is asked for. */
function carriesBlocks(view: View, blocks: number, percent: number): boolean {
	return (
		view.budget.kind !== "pod-range" ||
		carries(withLimit(view, { low: blocks, high: blocks }), percent)
	);
}

/** Kubenet's pod range may stay where it is large enough and overlaps nothing; a migration can change it as well. */
function keptRange(
	{ podCidr, surroundings: { overlaps } }: ResolvedCluster,
	blocks: number,
) {
	if (overlaps.some(({ range }) => range === "pods")) return null;
	return podCidr && nodeBlocks(podCidr) >= blocks ? podCidr : null;
}

function migrated(
	cluster: ResolvedCluster,
	view: View,
	podRange: string,
): Change {
	const blocks = nodeBlocks(podRange);
	if (view.budget.kind === "pod-range")
		return withLimit(view, { low: blocks, high: blocks });
	return withCluster(view, {
		...cluster,
		kubenet: false,
		podCidr: podRange,
		pools: cluster.pools.map((pool) => ({
			...pool,
			model: "overlay",
			addressesPerNode: null,
			routeTable: null,
		})),
	});
}

/** A budget that the cluster leaves altogether is not its own any more. */
function mends(view: View, after: Change, percent: number): boolean {
	if (after.entries.length === 0) return true;
	return (
		carries(after, percent) ||
		(percent === 100 && improves(view, judged(after)))
	);
}

function remedy(
	cluster: ResolvedCluster,
	after: Change,
	range: {
		readonly nodes: number;
		readonly length: number;
		readonly podRange: string;
		readonly kept: boolean;
	},
): Remedy {
	const { nodes, length, podRange, kept } = range;
	const outcome =
		after.entries.length === 0 || allFit(after)
			? "then all four scenarios fit"
			: outcomeWords(judged(after));
	const range24 = kept
		? `its pod range ${podRange} may stay`
		: `it needs a pod range of at least /${length}, here ${podRange}, ${knownWords(cluster)}`;
	const ofKubenet = cluster.kubenet
		? "; a cluster with its own route table needs a user-assigned identity"
		: "";
	return {
		kind: "migrate-to-overlay",
		text: `Migrate to Azure CNI Overlay: ${outcome}. Nodes take one address each, and ${range24} (a /24 for each of ${nodes} nodes, full scale and upgrade included). It cannot be undone; all pools are reimaged at once; Kubernetes 1.27 or later, network policy engine uninstalled and node auto-provisioning off meanwhile; the Cilium dataplane in a step of its own${ofKubenet}.`,
		command: updateCluster(
			cluster,
			...(cluster.kubenet ? ["--network-plugin azure"] : []),
			"--network-plugin-mode overlay",
			...(kept ? [] : [`--pod-cidr ${podRange}`]),
		),
	};
}

function knownWords({ surroundings: { reached } }: ResolvedCluster): string {
	return reached === null
		? "which must overlap neither networks that it reaches, not all of which could be read, nor the service range"
		: "which overlaps neither its network, nor peered ones, nor the service range";
}
