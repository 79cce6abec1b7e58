import * as v from "valibot";
import { scenarioNames, severities, verdicts } from "../../contract.ts";
import { budgetKindNames } from "../../model/budgetKinds.ts";
import { count, said, whole } from "./field.ts";

export const range = said(
	v.object({ low: v.nullable(whole), high: v.nullable(whole) }),
	"An amount between two whole numbers. `null`: unbounded at that end.",
);

export const severity = v.picklist(severities);

export const scenarioName = said(
	v.picklist(scenarioNames),
	"`today` is now, `full` the autoscaler max.",
);

export const verdict = said(
	v.picklist(verdicts),
	"`tight`: fits under conditions. `unknown`: an unbounded end decides.",
);

export const budgetKind = v.picklist(budgetKindNames);

export const unit = v.picklist(["addresses", "blocks", "routes", "nodes"]);

export const budgetName = v.object({
	id: said(
		v.string(),
		"An ARM ID in lower case. Budgets without one have the ID of the cluster, the kind and the pool.",
	),
	kind: budgetKind,
	name: v.string(),
});

export const preflightCheck = v.object({
	verdict,
	requested: range,
	available: range,
});

export const preflight = said(
	v.object({ change: preflightCheck, upgrade: preflightCheck }),
	"Azure's own check before any change of the cluster, and before an upgrade, in Azure's numbers.",
);

export const runway = said(
	v.object({
		days: said(whole, "Whole days from the audit until the budget is full."),
		low: whole,
		high: said(v.nullable(whole), "`null`: perhaps never."),
		points: said(count, "The number of points that it rests on."),
		overDays: said(whole, "The number of days that the points span."),
	}),
	"When the budget will be full if it grows as before.",
);

/** By pool. */
export const ranges = v.record(v.string(), range);
