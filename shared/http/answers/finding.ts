import * as v from "valibot";
import { reasonKinds } from "../../contract.ts";
import { acceptance } from "./acceptances.ts";
import {
	budgetName,
	preflight,
	range,
	ranges,
	runway,
	scenarioName,
	severity,
	verdict,
} from "./amounts.ts";
import { armId, continuation, part, said, time } from "./field.ts";

export const reason = v.object({
	kind: v.picklist(reasonKinds),
	text: v.string(),
});

export const remedyChange = v.object({
	resources: said(
		v.array(
			v.object({
				id: armId,
				properties: v.record(v.string(), v.unknown()),
			}),
		),
		"Partial resources in ARM's own shape.",
	),
	replacements: said(
		v.array(
			v.object({
				pool: said(v.string(), "The ARM ID of an agent pool."),
				order: v.literal("create-before-delete"),
			}),
		),
		"Pools that are made anew.",
	),
});

export const remedy = v.object({
	kind: v.string(),
	title: said(v.string(), "What to do, in at most 100 characters."),
	detail: said(
		v.array(v.string()),
		"What it leads to, its conditions and limits: short sentences.",
	),
	command: said(
		v.array(v.string()),
		"Commands of bash in order. `<...>` is for you to fill in.",
	),
	change: v.exactOptional(
		part(
			remedyChange,
			"For the body of `POST /api/checks`. Not there if Azure's resources cannot say all of it.",
		),
	),
});

export const lastKnown = v.object({
	auditId: said(v.string(), "The audit that the amounts are from."),
	cause: v.string(),
	unseen: said(v.array(v.string()), "What was not seen since then, and why."),
});

export const finding = v.object({
	id: said(
		v.string(),
		"The same in every audit: 32 hex digits of rule, cluster and budget.",
	),
	rule: v.string(),
	severity,
	headline: said(v.string(), "What is wrong, in at most 90 characters."),
	state: v.picklist(["open", "resolved"]),
	cluster: armId,
	clusterName: v.string(),
	subscription: said(v.string(), "The ID of the subscription."),
	budget: v.nullable(budgetName),
	scenario: said(
		v.nullable(scenarioName),
		"The least demanding scenario that fails. `verdict`, `limit`, `demand` and `free` are of it. `null` for a rule without amounts.",
	),
	verdict: v.nullable(verdict),
	limit: v.nullable(range),
	demand: v.nullable(range),
	free: said(v.nullable(range), "Capacity minus demand. Negative means short."),
	alsoIn: said(v.array(scenarioName), "The other scenarios that fail."),
	additionalNodes: said(
		v.nullable(ranges),
		"How many more nodes each pool can get now, alone. `null` for a rule without amounts.",
	),
	runway: said(v.nullable(runway), "`null` if the history does not show it."),
	azure: v.nullable(preflight),
	lastKnown: said(
		v.nullable(lastKnown),
		"Set if the newest audit did not see everything on the budget. The amounts are then of an earlier audit.",
	),
	reasons: said(v.array(reason), "The sums in words."),
	remedies: v.array(remedy),
	acceptance: v.nullable(acceptance),
	firstSeen: time,
	changedAt: time,
	auditId: said(v.string(), "The audit that wrote this finding last."),
});

export const findingLine = v.omit(finding, [
	"reasons",
	"remedies",
	"azure",
	"additionalNodes",
]);

export const findingLines = v.object({ findings: v.array(findingLine) });

export const findingsPage = v.object({
	findings: v.array(finding),
	continuation: continuation,
});
