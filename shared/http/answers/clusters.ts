import * as v from "valibot";
import { budgetName, range, scenarioName, unit, verdict } from "./amounts.ts";
import { armId, continuation, part, said } from "./field.ts";

export const listedCluster = v.object({
	id: armId,
	name: v.string(),
	subscription: v.nullable(v.string()),
	verdict: part(
		verdict,
		"By its own open findings: a shared budget can be short for all and fit one.",
	),
	budget: said(
		v.nullable(v.object({ ...budgetName.entries, unit })),
		"What the verdict follows from. If it fits, its fullest budget. `null`: it could not be evaluated whole.",
	),
	scenario: said(
		v.nullable(scenarioName),
		"The least demanding one with that verdict.",
	),
	free: said(v.nullable(range), "Capacity minus demand. Negative means short."),
});

export const clustersPage = v.object({
	auditId: said(v.string(), "The audit that judged them."),
	clusters: v.array(listedCluster),
	continuation,
});
