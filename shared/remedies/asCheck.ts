import type { RemedyChange } from "../contract.ts";
import type { NodePool } from "../inventory/facts.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { ProposedChange } from "../propose/changes.ts";

/** Fields of an agent pool, as Azure Resource Manager has them. */
type PoolFields = Readonly<Record<string, unknown>>;

type Resource = RemedyChange["resources"][number];

/**
 * The changes of a remedy as a check of `POST /api/checks`. Null where Azure's resources cannot say all of it: what other
 * resources use, interfaces without a machine, a cluster made anew, a range that nobody knows to be free.
 */
export function asCheck(
	cluster: ResolvedCluster,
	changes: readonly ProposedChange[] | null,
): RemedyChange | null {
	if (changes === null || changes.length === 0) return null;
	const pools = new Map<string, PoolFields>();
	const others: Resource[] = [];
	const anew = new Set<string>();
	let network: PoolFields | null = null;
	for (const change of changes) {
		switch (change.kind) {
			case "pool": {
				const fields = poolFields(change.set);
				if (fields === null) return null;
				pools.set(change.pool, { ...pools.get(change.pool), ...fields });
				if (change.set.maxPods !== undefined) anew.add(change.pool);
				break;
			}
			case "cluster":
				network = networkFields(change.set);
				if (network === null) return null;
				break;
			case "new-subnet": {
				const [prefix] = change.prefixes;
				if (prefix === undefined || isExample(prefix)) return null;
				others.push(newSubnet(change.subnet, prefix, change.routeTable));
				break;
			}
			case "other-subnet": {
				const moved = movedPools(cluster, change.from, change.to);
				if (moved === null) return null;
				for (const [name, fields] of moved) {
					pools.set(name, { ...pools.get(name), ...fields });
					anew.add(name);
				}
				break;
			}
			case "new-pool":
			case "removed-pool":
			case "new-cluster":
			case "subnet-prefixes":
			case "fewer-other-resources":
			case "no-leftovers":
			case "subnet-route-table":
			case "network":
			case "route-table":
			case "removed":
				return null;
		}
	}
	return {
		resources: [
			...others,
			{
				id: cluster.id,
				properties: {
					...(network === null ? {} : { networkProfile: network }),
					...(pools.size === 0
						? {}
						: {
								agentPoolProfiles: [...pools].map(([name, fields]) => ({
									name,
									...fields,
								})),
							}),
				},
			},
		],
		replacements: [...anew].map((name) => ({
			pool: `${cluster.id}/agentpools/${name}`,
			// The commands add the new pool first: old and new use IPs for a while.
			order: "create-before-delete",
		})),
	};
}

function poolFields(set: Partial<NodePool>): PoolFields | null {
	const { maxNodes, maxPods, surge, ...others } = set;
	if (Object.keys(others).length > 0 || maxNodes === null) return null;
	if (surge !== undefined && surge.kind !== "nodes") return null;
	return {
		...(maxNodes === undefined ? {} : { maxCount: maxNodes }),
		...(maxPods === undefined ? {} : { maxPods }),
		...(surge === undefined
			? {}
			: { upgradeSettings: { maxSurge: String(surge.nodes) } }),
	};
}

function networkFields({
	plugin,
	overlay,
	podCidr,
	...others
}: Extract<ProposedChange, { kind: "cluster" }>["set"]): PoolFields | null {
	if (Object.keys(others).length > 0 || !podCidr) return null;
	if (plugin !== undefined && plugin !== "azure") return null;
	return {
		...(plugin === undefined ? {} : { networkPlugin: plugin }),
		...(overlay === true ? { networkPluginMode: "overlay" } : {}),
		podCidr,
		podCidrs: [podCidr],
	};
}

/** A subnet whose range is an example of its size: nobody knows where it can be. */
function isExample(prefix: string): boolean {
	return prefix.startsWith("0.0.0.0/");
}

function newSubnet(
	id: string,
	prefix: string,
	routeTable: string | null,
): Resource {
	return {
		id,
		properties: {
			addressPrefix: prefix,
			...(routeTable === null ? {} : { routeTable: { id: routeTable } }),
		},
	};
}

/** Null where something in the subnet is no pool of the customer's: a check could not move it. */
function movedPools(
	{ pools }: ResolvedCluster,
	from: string,
	to: string,
): Map<string, PoolFields> | null {
	const moved = new Map<string, PoolFields>();
	for (const pool of pools) {
		const { name, nodeSubnet, podSubnet, autoProvisioned, hosted } = pool;
		if (nodeSubnet !== from && podSubnet !== from) continue;
		if (autoProvisioned || hosted) return null;
		moved.set(name, {
			...(nodeSubnet === from ? { vnetSubnetID: to } : {}),
			...(podSubnet === from ? { podSubnetID: to } : {}),
		});
	}
	return moved.size === 0 ? null : moved;
}
