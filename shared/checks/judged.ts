import {
	type Range,
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../contract.ts";
import type { Budget } from "../model/budget.ts";
import { addedDemandIn, totalsOf } from "../model/budget.ts";
import type { Entry } from "../model/entries.ts";
import type { Fleet, FleetCluster } from "../model/fleet.ts";
import { budgetsOf, type JudgedBudget } from "../model/judgedBudget.ts";
import { add, freeAndVerdict, nothing } from "../model/range.ts";
import { worstChecked } from "../model/verdictOrder.ts";
import { surgeOf } from "../model/view.ts";
import type { CheckedAmount, CheckedState } from "./contract.ts";

/** A fleet with all that is said of its clusters' budgets. */
export interface JudgedFleet {
	readonly fleet: Fleet;
	readonly shared: ReadonlyMap<string, Budget>;
	readonly clusters: ReadonlyMap<string, FleetCluster>;
	/** By cluster, then by `kind id`. */
	budgetsOf(cluster: string): ReadonlyMap<string, JudgedBudget>;
}

export function judgedFleet(fleet: Fleet): JudgedFleet {
	const shared = new Map(
		fleet.sharedBudgets.map(({ budget }) => [budget.id, budget]),
	);
	const clusters = new Map(fleet.clusters.map((one) => [one.id, one]));
	const cache = new Map<string, ReadonlyMap<string, JudgedBudget>>();
	return {
		fleet,
		shared,
		clusters,
		budgetsOf: (id) => {
			const known = cache.get(id);
			if (known) return known;
			const cluster = clusters.get(id);
			const budgets = cluster ? budgetsOf(cluster, shared) : [];
			const own = new Map(
				budgets.map((one) => [keyOf(one.view.budget), one] as const),
			);
			cache.set(id, own);
			return own;
		},
	};
}

export function keyOf({ kind, id }: Pick<Budget, "kind" | "id">): string {
	return `${kind} ${id}`;
}

/** A budget in the scenarios that are asked. `beside`: entries of other clusters that upgrade at the same time. */
export function stateOf(
	{ view }: JudgedBudget,
	scenarios: readonly ScenarioName[],
	beside: readonly Entry[] = [],
): CheckedState {
	const { limit } = view.budget;
	const amounts = scenarioNames
		.filter((name) => scenarios.includes(name))
		.map((name): [ScenarioName, CheckedAmount] => {
			const { demand, free, verdict } = view.scenarios[name];
			const more = addedBy(beside, name);
			if (more === null) return [name, { demand, free, verdict }];
			const together = add(demand, more);
			return [name, { demand: together, ...freeAndVerdict(limit, together) }];
		});
	return { limit, scenarios: Object.fromEntries(amounts) };
}

/** The scenario of one cluster has its neighbors' growth at the high end already. */
function addedBy(beside: readonly Entry[], name: ScenarioName): Range | null {
	if (beside.length === 0) return null;
	switch (name) {
		case "today":
		case "full":
			return null;
		case "upgrade":
			return surgeOfClusters(beside, "surge");
		case "full-upgrade":
			return add(surgeOfClusters(beside, "surgeAtFull"), {
				low: addedDemandIn(totalsOf(beside)).low,
				high: 0,
			});
	}
}

function surgeOfClusters(
	entries: readonly Entry[],
	field: "surge" | "surgeAtFull",
): Range {
	return [...Map.groupBy(entries, ({ cluster }) => cluster).values()].reduce(
		(total, own) => add(total, surgeOf(own, field)),
		nothing,
	);
}

export function worstOf({ scenarios }: CheckedState): Verdict {
	return worstChecked(Object.values(scenarios).map(({ verdict }) => verdict));
}
