import { parseArmId } from "../../shared/arm.ts";
import {
	addPool,
	scalePool,
	updatePool,
} from "../../shared/remedies/commands.ts";
import { quoted } from "../../shared/remedies/shell.ts";
import type { CheckBody, Pool } from "../data/answers.ts";

/** What somebody tries on a pool, as typed. Absent or as it is now: no change. */
export interface Edit {
	/** Without an autoscaler. */
	readonly nodes?: string;
	readonly minNodes?: string;
	readonly maxNodes?: string;
	readonly maxSurge?: string;
}

/** A pool that the cluster does not have, as typed. "" is not set. */
export interface AddedPool {
	readonly name: string;
	/** The pool whose machines and subnets it has. */
	readonly like: string;
	readonly nodes: string;
	/** Of the autoscaler. "": none. */
	readonly maxNodes: string;
	readonly maxPods: string;
	readonly maxSurge: string;
}

export interface Tried {
	readonly body: CheckBody;
	/** What makes the change, in order. */
	readonly commands: readonly string[];
}

/** The check of what somebody typed, and the commands for it. Without a change: may it upgrade now? */
export function triedOf(
	cluster: string,
	pools: readonly Pool[],
	edits: Readonly<Record<string, Edit>>,
	added: AddedPool | null,
): Tried {
	const { resourceGroup = "", name = "" } = parseArmId(cluster) ?? {};
	const place = { resourceGroup, name };
	const changed = pools.flatMap((pool) => {
		const edit = edits[pool.name];
		const one = edit && changedPool(place, pool, edit);
		return one ? [one] : [];
	});
	const like = pools.find((pool) => pool.name === added?.like);
	const made =
		added !== null && added.name !== "" && like
			? [newPool(place, added, like)]
			: [];
	const all = [...changed, ...made];
	return {
		body: {
			clusters: [cluster],
			resources:
				all.length === 0
					? []
					: [
							{
								id: cluster,
								properties: {
									agentPoolProfiles: all.map(({ fields }) => fields),
								},
							},
						],
		},
		commands: all.flatMap(({ commands }) => commands),
	};
}

interface Place {
	readonly resourceGroup: string;
	readonly name: string;
}

interface One {
	readonly fields: Readonly<Record<string, unknown>>;
	readonly commands: readonly string[];
}

function changedPool(place: Place, pool: Pool, edit: Edit): One | null {
	const nodes = changed(edit.nodes, pool.nodes.high);
	const least = changed(edit.minNodes, pool.minNodes);
	const most = changed(edit.maxNodes, pool.maxNodes);
	const surge =
		edit.maxSurge === undefined ||
		edit.maxSurge.trim() === (pool.maxSurge ?? "")
			? null
			: edit.maxSurge.trim() || null;
	if (nodes === null && least === null && most === null && surge === null)
		return null;
	return {
		fields: {
			name: pool.name,
			...(nodes === null ? {} : { count: nodes }),
			...(least === null ? {} : { minCount: least }),
			...(most === null ? {} : { maxCount: most }),
			...(surge === null ? {} : { upgradeSettings: { maxSurge: surge } }),
		},
		commands: [
			...(nodes === null ? [] : [scalePool(place, pool, nodes)]),
			...(least === null && most === null
				? []
				: [
						updatePool(
							place,
							pool,
							"--update-cluster-autoscaler",
							`--min-count ${least ?? pool.minNodes ?? 0}`,
							`--max-count ${most ?? pool.maxNodes ?? 0}`,
						),
					]),
			...(surge === null
				? []
				: [updatePool(place, pool, ...surgeOption(surge))]),
		],
	};
}

/** Max surge 0 needs a node that may be missing instead. */
function surgeOption(surge: string): string[] {
	return /^0%?$/.test(surge)
		? ["--max-surge 0", "--max-unavailable 1"]
		: [`--max-surge ${quoted(surge)}`];
}

function newPool(place: Place, added: AddedPool, like: Pool): One {
	const { name, maxSurge } = added;
	const nodes = Number(added.nodes || 1);
	const most = added.maxNodes === "" ? null : Number(added.maxNodes);
	const maxPods = Number(added.maxPods || like.maxPods);
	const surge = maxSurge.trim();
	return {
		fields: {
			name,
			mode: "User",
			type: "VirtualMachineScaleSets",
			count: nodes,
			...(most === null
				? {}
				: { enableAutoScaling: true, minCount: nodes, maxCount: most }),
			maxPods,
			...(like.nodeSubnet === null ? {} : { vnetSubnetID: like.nodeSubnet }),
			...(like.podSubnet === null ? {} : { podSubnetID: like.podSubnet }),
			...(surge === "" ? {} : { upgradeSettings: { maxSurge: surge } }),
		},
		commands: [
			addPool(
				place,
				name,
				"--mode User",
				like.vmSize === null
					? `--node-vm-size <VM size of pool ${like.name}>`
					: `--node-vm-size ${quoted(like.vmSize)}`,
				...(like.nodeSubnet === null
					? []
					: [`--vnet-subnet-id ${quoted(like.nodeSubnet)}`]),
				...(like.podSubnet === null
					? []
					: [`--pod-subnet-id ${quoted(like.podSubnet)}`]),
				`--max-pods ${maxPods}`,
				...(surge === "" ? [] : surgeOption(surge)),
				`--node-count ${nodes}`,
				...(most === null
					? []
					: [
							"--enable-cluster-autoscaler",
							`--min-count ${nodes}`,
							`--max-count ${most}`,
						]),
			),
		],
	};
}

/** The number that was typed, where it is another than now. */
function changed(typed: string | undefined, now: number | null): number | null {
	if (typed === undefined || typed.trim() === "") return null;
	const number = Number(typed);
	return number === now ? null : number;
}
