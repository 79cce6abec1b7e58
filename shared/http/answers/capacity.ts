import * as v from "valibot";
import { otherResourceKinds } from "../../contract.ts";
import {
	budgetKind,
	preflight,
	range,
	ranges,
	runway,
	unit,
	verdict,
} from "./amounts.ts";
import { armId, count, part, said, time } from "./field.ts";
import { reason } from "./finding.ts";

export const ledgerEntry = said(
	v.object({
		cluster: armId,
		pool: said(v.nullable(v.string()), "`null`: the cluster itself."),
		nodes: range,
		demand: range,
		source: said(
			v.picklist(["measured", "derived", "assumed"]),
			"Azure counts it, documented arithmetic says it, or nobody reported it.",
		),
		reasons: v.array(reason),
	}),
	"What one pool uses.",
);

export const scenarioLedger = v.object({
	demand: range,
	free: part(range, "Capacity minus demand. Negative means short."),
	verdict,
	decidedBy: said(
		v.nullable(v.string()),
		"What a tight verdict depends on, such as `neighbors`.",
	),
	entries: v.array(ledgerEntry),
	additionalNodes: said(
		ranges,
		"How many more nodes each pool can get, alone.",
	),
	podsPerNode: said(
		v.nullable(ranges),
		"In a dynamic pod subnet: how many pods a node of each pool can have on average.",
	),
	stranded: said(v.nullable(range), "IPs of that subnet that fill no batch."),
});

export const budgetLedger = v.object({
	id: v.string(),
	kind: budgetKind,
	name: v.string(),
	unit,
	limit: range,
	observed: part(range, "What Azure shows in use."),
	otherResources: part(range, "What is used and is not a counted AKS node."),
	unseen: said(
		v.array(
			v.object({
				cluster: v.nullable(armId),
				reason: v.string(),
				lastSeen: v.nullable(v.object({ auditId: v.string(), at: time })),
			}),
		),
		"What the audit did not see of this budget.",
	),
	otherResourcesByKind: said(
		v.nullable(
			v.array(
				v.object({ kind: v.picklist(otherResourceKinds), addresses: range }),
			),
		),
		"In node subnets. `null` for other budgets, and if rows are missing.",
	),
	otherResourcesReason: said(
		v.nullable(v.string()),
		"Why the kinds are not known, or add up to more than `otherResources`.",
	),
	shared: said(v.array(armId), "The clusters that use it."),
	runway: said(v.nullable(runway), "`null` if the history does not show it."),
	azure: preflight,
	scenarios: v.object({
		today: scenarioLedger,
		upgrade: scenarioLedger,
		full: scenarioLedger,
		"full-upgrade": scenarioLedger,
	}),
});

export const shownPool = v.object({
	name: v.string(),
	nodes: part(range, "Nodes now."),
	minNodes: said(v.nullable(count), "Of the autoscaler. `null` without one."),
	maxNodes: said(v.nullable(count), "Of the autoscaler. `null` without one."),
	maxPods: count,
	maxSurge: said(
		v.nullable(v.string()),
		'As it is set: "1" or "33%". `null`: nothing is set, or no surge can be.',
	),
	vmSize: said(
		v.nullable(v.string()),
		"`null`: several, or Azure does not show it.",
	),
	nodeSubnet: said(v.nullable(armId), "`null`: a subnet that AKS made."),
	podSubnet: v.nullable(armId),
	changeable: said(
		v.boolean(),
		"Whether you can set its maximum, count and surge.",
	),
	spot: v.boolean(),
});

export const capacity = v.object({
	cluster: armId,
	auditId: said(
		v.string(),
		"The audit that judged the cluster last: of the fleet, or a scoped one.",
	),
	readAt: said(time, "When that audit began to read."),
	notEvaluated: said(
		v.nullable(v.string()),
		"Why the cluster cannot be judged whole.",
	),
	provisioningState: said(
		v.nullable(v.string()),
		"As Azure reports it, in lower case.",
	),
	pools: said(
		v.array(shownPool),
		"The pools with the settings that decide what they use.",
	),
	budgets: v.array(budgetLedger),
});
