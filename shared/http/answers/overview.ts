import * as v from "valibot";
import { budgetName } from "./amounts.ts";
import { audit } from "./audit.ts";
import { listedBudget } from "./budgets.ts";
import { armId, count, said, time } from "./field.ts";

export const verdictCounts = v.object({
	fits: count,
	tight: count,
	short: count,
	unknown: count,
});

const reclaimed = v.object({
	subnets: count,
	addresses: count,
	largest: said(
		v.array(v.object({ ...budgetName.entries, addresses: count })),
		"Where: the ten subnets with the most, the largest first.",
	),
});

export const overview = v.object({
	audit: v.pick(audit, [
		"auditId",
		"state",
		"startedAt",
		"finishedAt",
		"coverage",
		"findings",
		"accepted",
		"changes",
	]),
	ageHours: said(v.number(), "Hours since the audit started."),
	isLate: said(
		v.nullable(v.boolean()),
		"The audit is older than `HEALTH_MAX_AGE_HOURS`. `null`: that setting is wrong.",
	),
	portal: said(
		v.nullable(v.string()),
		"The Azure portal of the cloud. `null`: `RESOURCE_MANAGER_ENDPOINT` is wrong.",
	),
	notEvaluated: said(
		v.array(v.object({ reason: v.string(), clusters: count })),
		"Why clusters could not be evaluated whole, the ten most frequent causes.",
	),
	shortClusters: said(
		count,
		"Clusters with a critical or high finding about what they use, accepted ones left out. The Teams card shows this number.",
	),
	verdicts: v.object({
		budgets: verdictCounts,
		clusters: said(
			v.object(verdictCounts.entries),
			"Each cluster by its own open findings.",
		),
	}),
	fullest: said(
		v.array(
			v.object({
				...listedBudget.entries,
				fix: said(
					v.nullable(
						v.object({
							finding: said(v.string(), "The ID of the finding."),
							cluster: armId,
							clusterName: v.string(),
							title: said(v.string(), "Of its first remedy."),
						}),
					),
					"What to do first: from the worst open finding about it that has a remedy and is not accepted. `null`: there is none.",
				),
			}),
		),
		"The ten fullest budgets.",
	),
	reclaimable: said(
		v.object({
			addresses: said(count, "The sum. No IP counts twice."),
			oversizedSubnets: said(
				v.object(reclaimed.entries),
				"Rule `oversized-subnet`: IPs beyond an upgrade at autoscaler max. A subnet in use cannot be resized.",
			),
			wastedBlocks: said(
				v.object(reclaimed.entries),
				"Rule `wasted-block`: 16 IPs for each node of pools that use the last block for a few pods.",
			),
			oversizedMaxPods: said(
				v.object(reclaimed.entries),
				"Rule `max-pods-oversized`: what the nodes of such pools use beyond the max pods that the subnet fits.",
			),
			leftoverInterfaces: said(
				v.object(reclaimed.entries),
				"IPs of network interfaces without a machine.",
			),
		}),
		"IPs that could be won back, as far as there are figures.",
	),
	weeks: said(
		v.array(
			v.object({
				from: time,
				to: time,
				audits: said(count, "Audits that ended in the week."),
				changes: audit.entries.changes,
			}),
		),
		"The last four weeks, newest first.",
	),
});
