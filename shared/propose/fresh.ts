import { networkOfSubnet } from "../arm.ts";
import type { Gap } from "../contract.ts";
import type { ArmAnswer, ArmResource } from "../inventory/armAnswer.ts";
import {
	clusterOfArm,
	networkOfArm,
	routeTableOfArm,
} from "../inventory/armRows.ts";
import type { Cluster, Inventory, NodePool } from "../inventory/facts.ts";
import { RowError } from "../inventory/rows.ts";
import type { Knowledge } from "../model/known.ts";
import type { ProposedChange } from "./changes.ts";
import { clusterDifferences } from "./differences.ts";
import { propose } from "./propose.ts";

/** What Azure has now: what Resource Graph shows, and where Azure Resource Manager says otherwise, what that says. */
export interface Fresh {
	readonly inventory: Inventory;
	/** What could not be read of either. */
	readonly gaps: readonly Gap[];
}

/** `azure`: by ID, what a GET said of resources of the inventory and beside it. */
export function freshInventory(
	graph: Inventory,
	azure: ReadonlyMap<string, ArmAnswer>,
	before: Knowledge,
): Fresh {
	const gaps: Gap[] = [];
	const read = [...azure].flatMap(([id, answer]) => {
		if (answer.kind !== "unreadable")
			return [{ id, resource: resourceIn(answer) }];
		gaps.push(gapOf(id, answer.reason));
		return [];
	});
	const understood = <T>(
		type: string,
		parse: (resource: ArmResource) => T,
	): { id: string; now: T | null }[] =>
		read
			.filter(({ id }) => id.split("/")[7] === type)
			.flatMap(({ id, resource }) => {
				try {
					return [{ id, now: resource && parse(resource) }];
				} catch (error) {
					if (!(error instanceof RowError)) throw error;
					gaps.push(gapOf(id, `${id}: ${error.message}`));
					return [];
				}
			});
	const clusters = understood("managedclusters", (one) =>
		clusterOfArm({ ...one }),
	);
	const networks = understood("virtualnetworks", (one) =>
		networkOfArm({ ...one }),
	);
	const tables = understood("routetables", (one) =>
		routeTableOfArm({ ...one }),
	);
	const moved = propose(
		graph,
		clusters.flatMap(({ id, now }) => newer(graph, id, now)),
		before,
	);
	const networkIds = new Set(networks.map(({ id }) => id));
	const tableIds = new Set(tables.map(({ id }) => id));
	return {
		gaps,
		inventory: {
			...moved,
			// A row that Resource Graph shows broken is whole now.
			unreadableClusters: moved.unreadableClusters.filter(
				({ id }) => !clusters.some((one) => one.id === id),
			),
			networks: [
				...moved.networks.filter(({ id }) => !networkIds.has(id)),
				...networks.flatMap(({ now }) => now?.network ?? []),
			],
			subnets: [
				...moved.subnets.filter(
					({ id }) => !networkIds.has(networkOfSubnet(id)),
				),
				...networks.flatMap(({ now }) => now?.subnets ?? []),
			],
			routeTables: [
				...moved.routeTables.filter(({ id }) => !tableIds.has(id)),
				...tables.flatMap(({ now }) => now ?? []),
			],
		},
	};
}

function resourceIn(
	answer: Exclude<ArmAnswer, { kind: "unreadable" }>,
): ArmResource | null {
	return answer.kind === "resource" ? answer.resource : null;
}

function gapOf(scope: string, reason: string): Gap {
	return {
		kind: "row",
		subscription: scope.split("/")[2] ?? null,
		scope,
		reason,
	};
}

/** What has changed of a cluster since Resource Graph's row. */
function newer(
	{ clusters, scaleSets }: Inventory,
	id: string,
	now: Cluster | null,
): ProposedChange[] {
	const shown = clusters.find((one) => one.id === id);
	if (now === null) return shown === undefined ? [] : [{ kind: "removed", id }];
	if (shown === undefined) return [{ kind: "new-cluster", cluster: now }];
	const group = `${shown.subscription}/${shown.nodeResourceGroup}`;
	const nodesOf = (pool: string) =>
		scaleSets
			.filter((one) => one.group === group && one.pool === pool)
			.reduce((total, { capacity }) => total + (capacity ?? 0), 0);
	return clusterDifferences(shown, {
		...now,
		pools: now.pools.map((pool) => counted(shown, pool, nodesOf(pool.name))),
	});
}

/**
 * A count that differs from the row's is newer than the scale set's size. Where that already differs from the row's
 * count, nobody can say which is newer: the larger one counts.
 */
function counted(shown: Cluster, pool: NodePool, nodes: number): NodePool {
	const before = shown.pools.find(({ name }) => name === pool.name);
	if (before === undefined || pool.reportedNodes === before.reportedNodes)
		return pool;
	return before.reportedNodes === nodes
		? pool
		: { ...pool, reportedNodes: Math.max(pool.reportedNodes ?? 0, nodes) };
}
