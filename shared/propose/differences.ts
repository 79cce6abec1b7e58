import type { Cluster, NodePool } from "../inventory/facts.ts";
import type { ProposedChange } from "./changes.ts";

/** The changes that make one reading of a cluster another one. */
export function clusterDifferences(
	before: Cluster,
	after: Cluster,
): ProposedChange[] {
	const { id } = before;
	const { id: _, pools, ...rest } = after;
	const set = different(before, rest);
	const former = new Map(before.pools.map((pool) => [pool.name, pool]));
	const left = new Set(pools.map(({ name }) => name));
	return [
		...(isEmpty(set) ? [] : [{ kind: "cluster", cluster: id, set } as const]),
		...before.pools
			.filter(({ name }) => !left.has(name))
			.map(
				({ name }) =>
					({ kind: "removed-pool", cluster: id, pool: name }) as const,
			),
		...pools.flatMap((pool): ProposedChange[] => {
			const own = former.get(pool.name);
			if (own === undefined) return [{ kind: "new-pool", cluster: id, pool }];
			const settings = different(own, pool);
			if (isEmpty(settings)) return [];
			const { autoscaling, maxPodsAssumed } = pool;
			// Both are concluded from others where a change does not say them.
			const set = { ...settings, autoscaling, maxPodsAssumed };
			return [{ kind: "pool", cluster: id, pool: pool.name, set }];
		}),
	];
}

/** Whether Azure has to make the nodes anew, since none of this can be changed in place. */
export function needsNewNodes(before: NodePool, after: NodePool): boolean {
	return (
		before.maxPods !== after.maxPods ||
		before.nodeSubnet !== after.nodeSubnet ||
		before.podSubnet !== after.podSubnet ||
		before.staticBlocks !== after.staticBlocks ||
		before.type !== after.type ||
		before.windows !== after.windows ||
		before.spot !== after.spot ||
		before.nodeSettings.vmSize !== after.nodeSettings.vmSize
	);
}

function different<T extends object>(before: T, after: Partial<T>): Partial<T> {
	return Object.fromEntries(
		Object.entries(after).filter(
			([key, value]) =>
				JSON.stringify(Reflect.get(before, key)) !== JSON.stringify(value),
		),
	) as Partial<T>;
}

function isEmpty(one: object): boolean {
	return Object.keys(one).length === 0;
}
