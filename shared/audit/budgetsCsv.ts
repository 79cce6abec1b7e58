import { budgetsAt } from "../azure/budgetStore.ts";
import type { Tables } from "../azure/tables.ts";
import { scenarioNames } from "../contract.ts";
import { type Column, csvHead, csvRows, rangeColumns } from "../http/csv.ts";
import { positionsMeant } from "../records/budgetIndex.ts";
import type { BudgetsQuery } from "../records/budgetsQuery.ts";
import { fromStored } from "../records/storedBudget.ts";
import {
	newestList,
	refuseUnseen,
	type ShownBudget,
	shownBudget,
} from "./budgetsPage.ts";

/** All budgets that are asked for, fullest first. Only their text is held, and a few parts of the list at a time. */
export async function budgetsCsv(
	tables: Tables,
	{ filter }: BudgetsQuery,
): Promise<{ readonly startedAt: string; readonly parts: Buffer[] }> {
	const { auditId, audit, snapshot, index } = await newestList(tables);
	refuseUnseen(auditId, index, filter);
	const meant = positionsMeant(index, filter);
	const parts = [Buffer.from(csvHead(columns))];
	for await (const budgets of budgetsAt(tables, snapshot, meant)) {
		const shown = budgets.map((one) => shownBudget(fromStored(one)));
		parts.push(Buffer.from(csvRows(columns, shown)));
	}
	return { startedAt: audit.startedAt, parts };
}

const columns: readonly Column<ShownBudget>[] = [
	{ name: "id", value: ({ id }) => id },
	{ name: "kind", value: ({ kind }) => kind },
	{ name: "name", value: ({ name }) => name },
	{ name: "subscription", value: ({ subscription }) => subscription },
	{ name: "network", value: ({ network }) => network },
	{ name: "verdict", value: ({ verdict }) => verdict },
	{ name: "fullPercent", value: ({ fullPercent }) => fullPercent },
	{ name: "unit", value: ({ unit }) => unit },
	...rangeColumns<ShownBudget>("limit", ({ limit }) => limit),
	...scenarioNames.flatMap((name): Column<ShownBudget>[] => [
		...rangeColumns<ShownBudget>(
			`${name}Demand`,
			({ scenarios }) => scenarios[name].demand,
		),
		...rangeColumns<ShownBudget>(
			`${name}Free`,
			({ scenarios }) => scenarios[name].free,
		),
		{
			name: `${name}Verdict`,
			value: ({ scenarios }) => scenarios[name].verdict,
		},
	]),
	...rangeColumns<ShownBudget>(
		"otherResources",
		({ otherResources }) => otherResources,
	),
	{ name: "clusterCount", value: ({ clusters }) => clusters.count },
	{ name: "clusters", value: ({ clusters }) => clusters.ids.join(" ") },
	{ name: "runwayDays", value: ({ runway }) => runway?.days ?? null },
];
