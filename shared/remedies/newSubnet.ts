import { networkOfSubnet, parseArmId } from "../arm.ts";
import { lowestFit } from "../cidr.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { addPool, createSubnet, likePool, unusedNames } from "./commands.ts";
import { quoted } from "./shell.ts";

/** A subnet instead of one that the cluster uses. */
interface NewSubnet {
	readonly id: string;
	readonly prefix: string;
	/** Makes it. */
	readonly command: string;
}

export interface Room {
	/** Where it may go, as the end of a title: "; 10.30.10.0/24 is free". */
	readonly place: (short: (name: string) => string) => string;
	/** What to do first, and what a new subnet lacks. */
	readonly detail: readonly string[];
	/** Null where no range is known to be free. */
	readonly subnet: NewSubnet | null;
}

/** Where the network of a subnet has room for a larger one in its place. Nothing of networks that AKS made. */
export function roomFor(
	cluster: ResolvedCluster,
	present: string,
	length: number,
	...settings: readonly string[]
): Room {
	const { free, successors } = cluster.surroundings;
	const id = networkOfSubnet(present);
	const blocks = free[id];
	const network = parseArmId(id);
	const name = successors[present];
	if (blocks === undefined || network === null || name === undefined)
		return { place: () => "", detail: [], subnet: null };
	if (blocks === null)
		return {
			place: () => "",
			detail: [
				`Look for a free range in network ${network.name}: not all of it could be read.`,
			],
			subnet: null,
		};
	const prefix = lowestFit(blocks, length);
	if (prefix === null)
		return {
			place: (short) =>
				`; network ${short(network.name)} has no free /${length}`,
			detail: [
				`Add an address space to network ${network.name} first.`,
				"Run az aks update before a pool uses it.",
			],
			subnet: null,
		};
	return {
		place: () => `; ${prefix} is free`,
		detail: [
			`The new subnet is ${name} in network ${network.name}.`,
			lacking(settings),
		],
		subnet: {
			id: `${id}/subnets/${name}`,
			prefix,
			command: createSubnet(cluster, network, { name, prefix }, ...settings),
		},
	};
}

/** The new subnet of kubenet is made with a route table, of other models without. */
function lacking(settings: readonly string[]): string {
	return settings.length > 0
		? "It has no network security group or NAT gateway yet: add those of the present one."
		: "It has no network security group, NAT gateway or route table yet: add those of the present one.";
}

/** Pools of the same size instead of these, each with a name that no pool has. */
export function poolsInPlace(
	cluster: ResolvedCluster,
	pools: readonly ResolvedPool[],
	moved: Partial<Pick<ResolvedPool, "nodeSubnet" | "podSubnet">>,
): string[] {
	const names = unusedNames(cluster, pools);
	return pools.map((pool, index) =>
		addPool(
			cluster,
			names[index] ?? "",
			...likePool({ ...pool, ...moved }),
			`--max-pods ${pool.maxPods}`,
		),
	);
}

/** Kubenet needs the table that its routes are in, on every subnet of the cluster. Null where it is not visible. */
export function routeTableSettings(
	pools: readonly ResolvedPool[],
): string[] | null {
	const table = pools[0]?.routeTable ?? null;
	if (table === null) return [];
	return table.includes("/routetables/")
		? [`--route-table ${quoted(table)}`]
		: null;
}
