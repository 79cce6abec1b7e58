import * as v from "valibot";
import { armId, continuation, count, said, time } from "./field.ts";

/** What one request for a scoped audit may name. */
export const mostClusters = 100;
export const mostSubscriptions = 20;

export const gap = said(
	v.object({
		kind: v.picklist([
			"subscription",
			"rows",
			"row",
			"network",
			"cluster",
			"older-rows",
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

const scope = v.object({
	clusters: v.exactOptional(v.array(armId)),
	subscriptions: v.exactOptional(v.array(v.string())),
});

export const audit = v.object({
	auditId: v.string(),
	scope: said(
		v.nullable(scope),
		"The clusters and subscriptions of a scoped audit. `null`: the whole fleet.",
	),
	mergedInto: said(
		v.nullable(v.string()),
		"The audit that does the work of a `merged` one.",
	),
	trigger: said(
		v.picklist(["timer", "http", "change"]),
		"`change`: clusters that were audited since something changed.",
	),
	restartOf: said(
		v.nullable(v.string()),
		"The audit that died and was started again as this one.",
	),
	state: said(
		v.picklist([
			"queued",
			"running",
			"completed",
			"partial",
			"failed",
			"merged",
		]),
		"`queued`: it waits for the audit that runs. `partial`: it has gaps. `merged`: another audit does its work.",
	),
	startedAt: said(time, "While it is queued: when it was asked for."),
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
		"What is open after the audit, in its scope.",
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
	state: v.picklist(["queued", "running"]),
});

export const auditBody = v.strictObject({
	clusters: v.exactOptional(
		said(
			v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(mostClusters)),
			"ARM IDs of AKS clusters, in any case.",
		),
	),
	subscriptions: v.exactOptional(
		said(
			v.pipe(
				v.array(v.string()),
				v.minLength(1),
				v.maxLength(mostSubscriptions),
			),
			"IDs of subscriptions: all their clusters.",
		),
	),
});
