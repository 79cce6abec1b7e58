import type { Range } from "../contract.ts";
import type { ResolvedPool } from "./cluster.ts";

/** A pool of a cluster with the settings that decide what it uses. */
export interface ShownPool {
	readonly name: string;
	/** Nodes now. */
	readonly nodes: Range;
	/** Of the autoscaler. Null without one. */
	readonly minNodes: number | null;
	readonly maxNodes: number | null;
	readonly maxPods: number;
	/** As it is set: "1" or "33%". Null where nothing is set, or no surge can be. */
	readonly maxSurge: string | null;
	/** Null where several are in use, or Azure does not show it. */
	readonly vmSize: string | null;
	/** ARM IDs. Null: a subnet that AKS made. */
	readonly nodeSubnet: string | null;
	readonly podSubnet: string | null;
	/** Its maximum, count and surge can be set: no nodes of auto-provisioning, and no pool that Azure runs. */
	readonly changeable: boolean;
	readonly spot: boolean;
}

export function shownPool(pool: ResolvedPool): ShownPool {
	const { name, nodes, minNodes, maxNodes, maxPods, podSubnet } = pool;
	const { type, spot } = pool.surgeRule;
	return {
		name,
		nodes,
		minNodes: maxNodes === null ? null : minNodes,
		maxNodes,
		maxPods,
		maxSurge: surgeText(pool),
		vmSize: pool.nodeSettings?.vmSize ?? null,
		nodeSubnet: pool.subnetNamed ? pool.nodeSubnet : null,
		podSubnet,
		changeable: !pool.autoProvisioned && !pool.hosted && type === "scale-set",
		spot,
	};
}

function surgeText({ surgeRule: { surge } }: ResolvedPool): string | null {
	switch (surge.kind) {
		case "nodes":
			return String(surge.nodes);
		case "percent":
			return `${surge.percent}%`;
		case "default":
		case "blue-green":
		case "unknown":
			return null;
	}
}
