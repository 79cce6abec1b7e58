import * as v from "valibot";
import { continuation, count, said, time } from "./field.ts";

export const gap = said(
	v.object({
		kind: v.picklist([
			"subscription",
			"rows",
			"row",
			"network",
			"evaluation",
			"audit",
			"more",
		]),
		subscription: said(
			v.nullable(v.string()),
			"The ID of the subscription, if the gap is of one.",
		),
		scope: v.string(),
		reason: v.string(),
	}),
	"Something that the audit did not see.",
);

export const audit = v.object({
	auditId: v.string(),
	trigger: v.picklist(["timer", "http"]),
	restartOf: said(
		v.nullable(v.string()),
		"The audit that died and was started again as this one.",
	),
	state: said(
		v.picklist(["running", "completed", "partial", "failed"]),
		"`partial`: it has gaps.",
	),
	startedAt: time,
	finishedAt: v.nullable(time),
	progress: v.object({ clusters: count, evaluated: count }),
	coverage: v.object({
		subscriptions: v.object({ expected: count, answered: count }),
		clusters: count,
		notEvaluated: count,
		subnets: count,
		gaps: v.array(gap),
	}),
	findings: said(
		v.object({
			critical: count,
			high: count,
			medium: count,
			low: count,
			info: count,
		}),
		"What is open after the audit.",
	),
	accepted: said(count, "How many of the open findings are accepted."),
	changes: v.object({
		opened: count,
		worsened: count,
		eased: count,
		resolved: count,
		reopened: count,
	}),
	alert: v.object({
		state: v.picklist(["none", "recorded", "pending", "sent", "failed"]),
	}),
	rulesVersion: said(
		count,
		"A later version can find more although nothing changed.",
	),
});

export const auditsPage = v.object({
	audits: v.array(audit),
	continuation: continuation,
});

export const startedAudit = v.object({
	auditId: v.string(),
	state: v.literal("running"),
});

/** No options yet. */
export const auditBody = v.strictObject({});
