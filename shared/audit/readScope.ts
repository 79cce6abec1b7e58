import { networkOfBudget } from "../arm.ts";
import type { AuditScope } from "../contract.ts";
import type { ArmAnswer, ReadArm } from "../inventory/armAnswer.ts";
import { networksIn, routeTablesIn } from "../inventory/namedResources.ts";
import { isOwn } from "../model/budgetKinds.ts";
import { buildFleet, type Fleet, type FleetCluster } from "../model/fleet.ts";
import type { Knowledge } from "../model/known.ts";
import { freshInventory } from "../propose/fresh.ts";
import type { AuditSettings } from "../settings/audit.ts";
import type { Before, Neighborhood } from "./gatherNeighborhood.ts";
import { seenOf } from "./gatherTenant.ts";
import type { Near } from "./readNeighborhood.ts";
import { isInScope } from "./scope.ts";

/** Resources that one reading asks Azure Resource Manager for: a subscription gives 25 reads a second. */
const mostRead = 60;

export interface ScopeReaders {
	/** Throws with a reason for people where nothing can be read. */
	readonly gather: (before: Before, near: Near) => Promise<Neighborhood>;
	readonly readArm: ReadArm;
	readonly now: () => Date;
}

/** The clusters of a scope and their neighbors, as Azure has them now. */
export interface ScopeRead {
	readonly near: Neighborhood;
	readonly fleet: Fleet;
	/** The clusters of the scope that are judged. */
	readonly judged: readonly FleetCluster[];
	/** What Azure Resource Manager said, by ID. */
	readonly azure: ReadonlyMap<string, ArmAnswer>;
	/** When it was asked for what it showed (ISO 8601), by ID. */
	readonly readByArm: ReadonlyMap<string, string>;
}

/**
 * Reads the clusters of a scope from Azure Resource Manager, with their networks and route tables. Everything else comes
 * from Resource Graph, but for the neighbors on whom it depends whether an open finding resolves: those are read as well,
 * as far as the limit goes. `open`: the budgets of a cluster's open findings.
 */
export async function readScope(
	{ gather, readArm, now }: ScopeReaders,
	settings: Pick<AuditSettings, "routesPerTable">,
	scope: AuditScope,
	before: Before & Pick<Knowledge, "auditId" | "at">,
	open: (cluster: string) => ReadonlySet<string>,
): Promise<ScopeRead> {
	const { clusters = [], subscriptions = [] } = scope;
	const azure = new Map<string, ArmAnswer>();
	const readByArm = new Map<string, string>();
	const ask = async (ids: readonly string[]) => {
		const at = now().toISOString();
		const left = [...new Set(ids)]
			.filter((id) => !azure.has(id))
			.slice(0, mostRead - azure.size);
		await Promise.all(
			left.map(async (id) => {
				const answer = await readArm(id);
				azure.set(id, answer);
				if (answer.kind === "resource") readByArm.set(id, at);
			}),
		);
	};
	// First of all, since Resource Graph may not know yet which networks they use.
	await ask(clusters);
	const told = [...azure.values()].flatMap((answer) =>
		answer.kind === "resource" ? [answer.resource.properties] : [],
	);
	const graph = await gather(before, {
		clusters,
		subscriptions,
		networks: [...new Set(told.flatMap(networksIn))],
		routeTables: [...new Set(told.flatMap(routeTablesIn))],
	});
	const knowledge: Knowledge = {
		...before,
		known: graph.known,
		answered: seenOf(graph).answered,
	};
	const judgedIn = (fleet: Fleet) =>
		fleet.clusters.filter(
			(one) =>
				isInScope(scope, one.id, one.subscription) && graph.isJudged(one),
		);
	const shown = buildFleet(graph.inventory, knowledge, settings);
	const inScope = judgedIn(shown);
	await ask([
		...inScope.map(({ id }) => id),
		...told.flatMap(networksIn),
		...inScope.flatMap(placesOf),
		...inScope.flatMap((one) => neighborsOn(shown, one, open(one.id))),
	]);
	const { inventory, gaps } = freshInventory(graph.inventory, azure, knowledge);
	// What came and is not understood proves nothing: Resource Graph's row is still the one that counts.
	for (const { scope: id } of gaps) readByArm.delete(id);
	const near = { ...graph, inventory, gaps: [...graph.gaps, ...gaps] };
	const fleet = buildFleet(
		inventory,
		{ ...knowledge, answered: seenOf(near).answered },
		settings,
	);
	return { near, fleet, judged: judgedIn(fleet), azure, readByArm };
}

/** Networks and route tables that a cluster's budgets are in. */
function placesOf({ budgets, shared }: FleetCluster): string[] {
	return [
		...budgets.filter(({ kind }) => !isOwn(kind)).map(({ id }) => id),
		...shared,
	].map((id) => networkOfBudget(id) ?? id);
}

/** Who else uses these budgets, if they are shared. */
function neighborsOn(
	{ sharedBudgets }: Fleet,
	{ id }: FleetCluster,
	budgets: ReadonlySet<string>,
): string[] {
	return sharedBudgets
		.filter(({ budget }) => budgets.has(budget.id))
		.flatMap(({ clusters }) => clusters)
		.filter((one) => one !== id);
}
