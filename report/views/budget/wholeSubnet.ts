import {
	type Range,
	type ScenarioName,
	scenarioNames,
} from "../../../shared/contract.ts";
import type { decisions } from "../../../shared/model/decisionText.ts";
import type { BudgetLedger, ListedBudget } from "../../data/answers.ts";

/**
 * The sums of one cluster leave its neighbors between now and their maximum. The list of budgets has everybody at
 * autoscaler max, as the overview shows it: a shared subnet must not fit here and be short there.
 */
export function withEverybody(
	budget: BudgetLedger,
	whole: ListedBudget,
): BudgetLedger {
	if (whole.clusters.count < 2) return budget;
	const { scenarios } = budget;
	const changed = { ...scenarios };
	for (const name of scenarioNames)
		changed[name] = {
			...scenarios[name],
			...whole.scenarios[name],
			decidedBy: whatDecides(whole, name),
		};
	return { ...budget, limit: whole.limit, scenarios: changed };
}

/**
 * What a tight verdict depends on where everybody is at autoscaler max: the one uncertainty without which it fits. Null
 * where the verdict is another one.
 */
export function whatDecides(
	{ limit, scenarios }: Pick<ListedBudget, "limit" | "scenarios">,
	name: ScenarioName,
): keyof typeof decisions | null {
	const { demand, verdict } = scenarios[name];
	if (verdict !== "tight" || demand.high === null || limit.low === null)
		return null;
	const { high } = demand;
	const capacity = limit.low;
	const grows = name === "full" || name === "full-upgrade";
	const base = scenarios[grows ? "full" : "today"];
	const now = spread(scenarios.today.demand);
	const causes = [
		["full-surge", spread(demand) - spread(base.demand)],
		["documentation", spread(base.demand) - now],
		["observation", now],
	] as const;
	const only = causes.find(([, amount]) => high - amount <= capacity);
	if (only !== undefined) return only[0];
	return limit.high === null || high <= limit.high ? "limit" : "several";
}

function spread({ low, high }: Range): number {
	return (high ?? 0) - (low ?? 0);
}
