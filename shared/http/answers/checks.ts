import * as v from "valibot";
import { scenarioNames } from "../../contract.ts";
import {
	budgetKind,
	preflight,
	range,
	scenarioName,
	unit,
	verdict,
} from "./amounts.ts";
import { gap } from "./audit.ts";
import { armId, said, time } from "./field.ts";
import { finding, remedy } from "./finding.ts";

const id = said(
	v.pipe(v.string(), v.startsWith("/", "is not an ARM ID")),
	"An ARM ID, in any case.",
);

export const checkedResource = said(
	v.strictObject({
		id,
		type: said(
			v.optional(v.nullable(v.string())),
			"Not needed: the ID says it.",
		),
		sku: v.optional(v.record(v.string(), v.unknown())),
		properties: said(
			v.record(v.string(), v.unknown()),
			"What differs from now. Pools, subnets and routes are merged by name.",
		),
	}),
	"A partial resource in ARM's own shape. What Azure does not have yet is new, and must be whole enough to judge.",
);

export const checkBody = v.strictObject({
	resources: said(
		v.optional(v.array(checkedResource), []),
		"Managed clusters, their agent pools, virtual networks, their subnets, and route tables. Others are ignored.",
	),
	removed: said(v.optional(v.array(id), []), "What goes."),
	clusters: said(
		v.optional(v.array(id), []),
		"Clusters to judge, changed or not. Several upgrade at once.",
	),
	scenarios: said(
		v.optional(v.pipe(v.array(scenarioName), v.nonEmpty("is empty")), [
			...scenarioNames,
		]),
		"All four if they are not there.",
	),
	replacements: said(
		v.optional(
			v.array(
				v.strictObject({
					pool: said(id, "The ARM ID of an agent pool."),
					order: said(
						v.picklist([
							"temporary-pool",
							"create-before-delete",
							"delete-before-create",
						]),
						"`temporary-pool` if a pool must be made anew and is not listed.",
					),
				}),
			),
			[],
		),
		"How pools are made anew: first a temporary pool, the new one first, or the old one gone first.",
	),
});

export const checkedAmount = v.object({
	demand: range,
	free: range,
	verdict,
});

export const checkedState = v.object({
	limit: range,
	scenarios: said(
		v.object({
			today: v.optional(checkedAmount),
			upgrade: v.optional(checkedAmount),
			full: v.optional(checkedAmount),
			"full-upgrade": v.optional(checkedAmount),
		}),
		"Those that were asked. `today` is the moment after the change.",
	),
});

export const checkedBudget = v.object({
	id: v.string(),
	kind: budgetKind,
	name: v.string(),
	unit,
	verdict,
	before: said(v.nullable(checkedState), "`null`: it is new."),
	after: said(v.nullable(checkedState), "`null`: nothing of it is used."),
	transition: said(
		v.nullable(checkedAmount),
		"The worst moment while pools are made anew, without surge. `null`: it needs no more than before and after.",
	),
	azure: said(v.nullable(preflight), "Azure's own check after the change."),
});

export const checkedCluster = v.object({
	cluster: armId,
	clusterName: v.string(),
	asked: said(
		v.boolean(),
		"`false`: it shares a budget that the change touches.",
	),
	verdict,
	verdictBefore: said(v.nullable(verdict), "`null`: it is new."),
	notEvaluated: said(v.nullable(v.string()), "Why it cannot be judged whole."),
	budgets: v.array(checkedBudget),
});

export const checkAnswer = v.object({
	verdict: said(
		verdict,
		"The worst of all clusters. `short` outranks `unknown`, which outranks `tight`.",
	),
	readAt: time,
	sources: said(
		v.array(
			v.object({
				id: armId,
				source: v.picklist(["arm", "resource-graph"]),
				readAt: time,
			}),
		),
		"Where each resource comes from. Resource Graph can be some seconds old, and Azure Resource Manager wins.",
	),
	clusters: v.array(checkedCluster),
	oneAfterTheOther: said(
		v.nullable(v.object({ verdict })),
		"If several clusters upgrade one after the other. `null` for one cluster.",
	),
	azure: said(
		v.nullable(v.object({ change: verdict, upgrade: verdict })),
		"The worst of Azure's own checks of the clusters that are asked about.",
	),
	findings: said(
		v.array(finding),
		"What an audit would find after the change.",
	),
	remedies: v.array(remedy),
	gaps: v.array(gap),
	ignored: said(
		v.array(v.object({ id: v.string(), reason: v.string() })),
		"Resources of types that checks do not judge.",
	),
});
