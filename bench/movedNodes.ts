import type { RawResource } from "../local/fleet/rawResource.ts";

/** The fleet with one node fewer in each pool of these percent of its clusters, or one more where a pool has a single one. */
export function withMovedNodes(
	fleet: readonly RawResource[],
	percent: number,
): RawResource[] {
	const moved = new Set(
		fleet
			.filter(isCluster)
			.filter((_, index) => index % 100 < percent)
			.map(nodeGroupOf),
	);
	return fleet.map((resource) => {
		if (isCluster(resource))
			return moved.has(nodeGroupOf(resource)) ? movedPools(resource) : resource;
		return isScaleSet(resource) && moved.has(groupOf(resource.id))
			? movedScaleSet(resource)
			: resource;
	});
}

function movedCount(nodes: number): number {
	if (nodes === 0) return 0;
	return nodes === 1 ? 2 : nodes - 1;
}

function isCluster({ type }: RawResource): boolean {
	return type.toLowerCase() === "microsoft.containerservice/managedclusters";
}

function isScaleSet({ type }: RawResource): boolean {
	return type.toLowerCase() === "microsoft.compute/virtualmachinescalesets";
}

/** Subscription and resource group of an id. */
function groupOf(id: string): string {
	return id.toLowerCase().split("/").slice(2, 5).join("/");
}

function nodeGroupOf({ id, properties }: RawResource): string {
	const { nodeResourceGroup } = properties as {
		readonly nodeResourceGroup: string;
	};
	const subscription = id.split("/")[2] ?? "";
	return `${subscription}/resourceGroups/${nodeResourceGroup}`.toLowerCase();
}

function movedPools(cluster: RawResource): RawResource {
	const properties = cluster.properties as {
		readonly agentPoolProfiles: readonly { readonly count: number }[];
	};
	return {
		...cluster,
		properties: {
			...properties,
			agentPoolProfiles: properties.agentPoolProfiles.map((pool) => ({
				...pool,
				count: movedCount(pool.count),
			})),
		},
	};
}

function movedScaleSet(scaleSet: RawResource): RawResource {
	const sku = scaleSet.sku as { readonly capacity: number };
	return { ...scaleSet, sku: { ...sku, capacity: movedCount(sku.capacity) } };
}
