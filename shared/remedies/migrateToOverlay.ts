import { nodeBlocks } from "../cidr.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { add, sum } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { grouped, listed } from "../text.ts";
import { updateCluster } from "./commands.ts";
import { effectOf, type Offer, titleOf } from "./offer.ts";
import { checkText, freePodRange, smallestPodRange } from "./podRange.ts";
import {
	allFitText,
	type BudgetAfter,
	carries,
	fixing,
	improves,
	outcomeText,
	viewAfter,
	withCluster,
	withLimit,
} from "./whatIf.ts";

const overlay = "--network-plugin-mode overlay";

/** Azure CNI Overlay takes one address of the subnet a node, a /24 of a range of its own, and no routes (update-azure-cni). */
export function migrateToOverlay(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	if (!canMigrate(cluster)) return [];
	const nodes = mostNodes(cluster);
	if (nodes === null) return [];
	return cluster.kubenet
		? withKeptRange(cluster, view, percent)
		: withNewRange(cluster, view, percent, nodes);
}

/** From a flat node subnet or kubenet alone. Availability sets cannot, and dual stack is not documented. */
function canMigrate({ pools, availabilitySet, dualStack }: ResolvedCluster) {
	return (
		!availabilitySet &&
		!dualStack &&
		pools.every(({ model }) => model === "node-subnet" || model === "kubenet")
	);
}

/** At autoscaler max, with the surge of all pools. Null without bound. */
function mostNodes({ pools }: ResolvedCluster): number | null {
	return sum(pools.map(nodesAtMost)).high;
}

function nodesAtMost({ nodes, growth, surgeAtFull }: ResolvedPool) {
	return add(add(nodes, growth), surgeAtFull);
}

/**
 * Azure does not let kubenet's pod CIDR change on the way (azure-aks-docs#172, Azure/AKS#5662): it must do as it is.
 */
function withKeptRange(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	const { podCidr } = cluster;
	if (!podCidr) return [];
	if (view.budget.kind === "pod-range" || !rangeWillDo(cluster, podCidr))
		return helpsByItself(cluster, view, podCidr, percent)
			? [cannot(cluster, podCidr)]
			: [];
	const after = migrated(cluster, view, podCidr);
	if (!mends(view, after, percent)) return [];
	return [
		offer(cluster, view, after, {
			podCidr,
			title: `Migrate to Azure CNI Overlay; the pod CIDR stays ${podCidr}.`,
			detail: keptText(cluster),
			settings: ["--network-plugin azure", overlay],
		}),
	];
}

/** The budget would gain, were it not for the pod CIDR. */
function helpsByItself(
	cluster: ResolvedCluster,
	view: View,
	podCidr: string,
	percent: number,
): boolean {
	return (
		view.budget.kind === "pod-range" ||
		mends(view, migrated(cluster, view, podCidr), percent)
	);
}

/** Large enough for every node, and apart from what the pods must reach. */
function rangeWillDo(cluster: ResolvedCluster, podCidr: string): boolean {
	const nodes = mostNodes(cluster);
	return (
		!overlapsOthers(cluster) && nodes !== null && nodeBlocks(podCidr) >= nodes
	);
}

function overlapsOthers({ surroundings: { overlaps } }: ResolvedCluster) {
	return overlaps.some(({ range }) => range === "pods");
}

function cannot(cluster: ResolvedCluster, podCidr: string): Offer {
	const { pools } = cluster;
	const expand = pools.some(({ windows }) => windows)
		? []
		: [
				"Once on Overlay, a cluster with Linux nodes and IPv4 alone can expand it.",
			];
	const instead = overlapsOthers(cluster)
		? ["Another pod CIDR needs a new cluster."]
		: expand;
	return {
		effect: "advice",
		after: null,
		changes: null,
		remedy: {
			kind: "migrate-to-overlay",
			title: `Plan for a pod CIDR other than ${podCidr}: Azure CNI Overlay alone does not fix this.`,
			detail: [...keptText(cluster), ...instead],
			command: [],
		},
	};
}

/** From a flat subnet a pod CIDR must be named. */
function withNewRange(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
	nodes: number,
): Offer[] {
	const length = smallestPodRange(({ low }) => (low ?? 0) >= nodes);
	if (length === null) return [];
	const podRange = freePodRange(cluster, length);
	if (podRange === null) return [];
	const after = migrated(cluster, view, podRange);
	if (!mends(view, after, percent)) return [];
	return [
		offer(cluster, view, after, {
			podCidr: podRange,
			title: `Migrate to Azure CNI Overlay with pod CIDR ${podRange}.`,
			detail: [
				`Needs ${nodes} of its ${nodeBlocks(podRange)} blocks of /24, upgrades included.`,
				...knownText(cluster),
				"Users reported in 2026 that Azure refused --pod-cidr here.",
				"Try it on a test cluster, or build a new cluster with Overlay.",
			],
			settings: [overlay, `--pod-cidr ${podRange}`],
		}),
	];
}

function migrated(
	cluster: ResolvedCluster,
	view: View,
	podRange: string,
): BudgetAfter {
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
			slotsPerNode: null,
			routeTable: null,
		})),
	});
}

/** A budget that the cluster leaves altogether is not its own any more. */
function mends(view: View, after: BudgetAfter, percent: number): boolean {
	if (after.entries.length === 0 || carries(after, percent)) return true;
	return (
		percent === 100 && (fixing(view)(after) || improves(view, viewAfter(after)))
	);
}

function offer(
	cluster: ResolvedCluster,
	view: View,
	after: BudgetAfter,
	range: {
		readonly podCidr: string;
		readonly title: string;
		readonly detail: readonly string[];
		readonly settings: readonly string[];
	},
): Offer {
	const isLeft = after.entries.length === 0;
	return {
		effect: isLeft ? "fixes" : effectOf(view, viewAfter(after)),
		after: isLeft ? null : viewAfter(after),
		changes: [
			{
				kind: "cluster",
				cluster: cluster.id,
				set: { plugin: "azure", overlay: true, podCidr: range.podCidr },
			},
		],
		remedy: {
			kind: "migrate-to-overlay",
			title: titleOf(() => range.title),
			detail: [
				...(isLeft ? [allFitText] : outcomeText(viewAfter(after))),
				"Nodes take one IP each.",
				...range.detail,
				...blockedText(cluster),
				...migrationLimits,
				...(cluster.kubenet ? [ofOwnTable] : []),
			],
			command: [updateCluster(cluster, ...range.settings)],
		},
	};
}

/** What every migration asks for (update-azure-cni). */
export const migrationLimits: readonly string[] = [
	"It cannot be undone, and all pools are reimaged at once.",
	"It needs Kubernetes 1.27 or later.",
	"Uninstall the network policy engine first.",
	"Turn off node auto-provisioning during the migration.",
	"Change to the Cilium data plane in a separate step.",
];

export const ofOwnTable =
	"A cluster with a route table of its own needs a user-assigned identity.";

function knownText({ surroundings: { reached } }: ResolvedCluster): string[] {
	return reached === null
		? [checkText]
		: [
				"It overlaps neither the cluster's network, peered networks nor the service CIDR.",
			];
}

/** That a migration from kubenet keeps the pod CIDR, and whether that will do. */
export function keptText(cluster: ResolvedCluster): string[] {
	const { podCidr } = cluster;
	if (!podCidr) return [];
	const nodes = mostNodes(cluster);
	const kept = `It keeps the pod CIDR ${podCidr}`;
	if (overlapsOthers(cluster))
		return [
			`${kept}, which overlaps other ranges (see finding range-overlap).`,
		];
	if (nodes === null) return [`${kept}.`];
	const blocks = `${grouped(nodeBlocks(podCidr))} blocks of /24 for ${grouped(nodes)} nodes, upgrades included`;
	return rangeWillDo(cluster, podCidr)
		? [`${kept}: ${blocks}.`]
		: [`${kept}, which is too small: ${blocks}.`];
}

const mostNamed = 5;

/** Azure refuses the migration while another subnet, of an ingress gateway say, has the route table (azure-aks-docs#334). */
export function blockedText({
	surroundings: { onRouteTable = [] },
}: ResolvedCluster): string[] {
	if (onRouteTable.length === 0) return [];
	const more = onRouteTable.length - mostNamed;
	const names = onRouteTable.slice(0, mostNamed);
	const all = listed(more > 0 ? [...names, `${more} more`] : names);
	const [noun, verb] =
		onRouteTable.length === 1 ? ["subnet", "is"] : ["subnets", "are"];
	return [
		`Azure refuses it while ${noun} ${all} ${verb} on the cluster's route table.`,
		"Detach the route table there first.",
	];
}
