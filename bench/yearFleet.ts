import type { RawResource } from "../local/fleet/rawResource.ts";

/** Nodes that a cluster's autoscaled pools may have more than at first, one step after the other. */
const moreNodes = [0, 20, 5, 0, 10];

/**
 * The fleet as it is in a night, the first being 1: each night the next cluster raises or lowers its autoscaler's
 * maximum. Clusters begin at different steps, so that every night of the year has as many at each: findings open,
 * worsen, ease and resolve all year, and what grows is not the fleet.
 */
export function fleetOfYear(
	fleet: readonly RawResource[],
	night: number,
): RawResource[] {
	const clusters = fleet.filter(isCluster).length;
	let index = 0;
	return fleet.map((resource) => {
		if (!isCluster(resource)) return resource;
		const turns = Math.floor((night - 1 + clusters - 1 - index) / clusters);
		const more = moreNodes[(turns + index++) % moreNodes.length] ?? 0;
		return more === 0 ? resource : grown(resource, more);
	});
}

function isCluster({ type }: RawResource): boolean {
	return type.toLowerCase() === "microsoft.containerservice/managedclusters";
}

function grown(cluster: RawResource, more: number): RawResource {
	const properties = cluster.properties as {
		readonly agentPoolProfiles: readonly { readonly maxCount?: number }[];
	};
	return {
		...cluster,
		properties: {
			...properties,
			agentPoolProfiles: properties.agentPoolProfiles.map((pool) =>
				typeof pool.maxCount === "number"
					? { ...pool, maxCount: pool.maxCount + more }
					: pool,
			),
		},
	};
}
