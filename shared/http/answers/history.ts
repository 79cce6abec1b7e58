import * as v from "valibot";
import { budgetKind, range, runway, unit } from "./amounts.ts";
import { part, said, time } from "./field.ts";

export const historyPoint = v.object({
	at: said(time, "When the audit started. ISO 8601, in UTC."),
	demand: range,
	full: part(range, "The demand at autoscaler max."),
	limit: range,
});

export const history = v.object({
	budget: said(v.string(), "The ID of the budget."),
	kind: budgetKind,
	name: v.string(),
	unit,
	points: said(v.array(historyPoint), "Oldest first."),
	runway: said(
		v.nullable(runway),
		"As of the newest point. `null` if the points do not show it.",
	),
});
