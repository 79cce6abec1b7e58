import * as v from "valibot";
import { budgetName, range, scenarioName, unit, verdict } from "./amounts.ts";
import { armId, continuation, part, said } from "./field.ts";

export const listedCluster = v.object({
	id: armId,
	name: v.string(),
	subscription: v.nullable(v.string()),
	verdict: part(verdict, "Of the worst budget that it uses."),
	budget: said(
		v.object({ ...budgetName.entries, unit }),
		"The fullest of its budgets with that verdict.",
	),
	scenario: part(scenarioName, "The least demanding one with that verdict."),
	free: part(range, "Capacity minus demand. Negative means short."),
});

export const clustersPage = v.object({
	auditId: said(v.string(), "The audit that judged them."),
	clusters: v.array(listedCluster),
	continuation,
});
