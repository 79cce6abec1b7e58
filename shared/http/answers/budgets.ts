import * as v from "valibot";
import { otherResourceKinds } from "../../contract.ts";
import { budgetKind, range, runway, unit, verdict } from "./amounts.ts";
import { armId, continuation, count, part, said } from "./field.ts";

export const budgetScenario = v.object({
	demand: range,
	free: part(range, "Capacity minus demand. Negative means short."),
	verdict,
});

export const listedBudget = v.object({
	id: v.string(),
	kind: budgetKind,
	name: v.string(),
	unit,
	subscription: said(
		v.nullable(v.string()),
		"Of the budget itself: a subnet can be in another one than its clusters.",
	),
	network: said(
		v.nullable(v.string()),
		"The virtual network that it is in, or is. `null`: none.",
	),
	verdict: part(verdict, "The worst of the four scenarios."),
	fullPercent: said(
		v.nullable(v.number()),
		"The most it needs at autoscaler max, in percent of the least it has. `null`: not known, or it has nothing.",
	),
	limit: range,
	scenarios: v.object({
		today: budgetScenario,
		upgrade: budgetScenario,
		full: budgetScenario,
		"full-upgrade": budgetScenario,
	}),
	clusters: said(
		v.object({ count, ids: v.array(armId) }),
		"Who uses it, also clusters that the audit did not see.",
	),
	otherResources: part(range, "What is used and is not a counted AKS node."),
	otherResourcesByKind: said(
		v.nullable(
			v.array(
				v.object({ kind: v.picklist(otherResourceKinds), addresses: range }),
			),
		),
		"These by kind, in node subnets. `null`: not known.",
	),
	runway: v.nullable(runway),
});

export const budgetsPage = v.object({
	auditId: said(v.string(), "The audit that saw them."),
	budgets: v.array(listedBudget),
	continuation,
});
