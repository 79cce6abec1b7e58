import * as v from "valibot";
import { audit } from "./audit.ts";
import { listedBudget } from "./budgets.ts";
import { count, said, time } from "./field.ts";

export const verdictCounts = v.object({
	fits: count,
	tight: count,
	short: count,
	unknown: count,
});

const reclaimed = v.object({ subnets: count, addresses: count });

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
	verdicts: v.object({
		budgets: verdictCounts,
		clusters: said(
			v.object(verdictCounts.entries),
			"Each cluster by the worst budget that it uses.",
		),
	}),
	fullest: said(v.array(listedBudget), "The ten fullest budgets."),
	reclaimable: said(
		v.object({
			oversizedSubnets: said(
				reclaimed,
				"IPs beyond an upgrade at autoscaler max. A subnet in use cannot be resized.",
			),
			leftoverInterfaces: said(
				reclaimed,
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
