import type { Tables } from "../azure/tables.ts";
import { scenarioNames } from "../contract.ts";
import { type Column, csvHead, csvRows, rangeColumns } from "../http/csv.ts";
import type { BudgetsQuery } from "../records/budgetsQuery.ts";
import { fromStored } from "../records/storedBudget.ts";
import {
	budgetsMeant,
	newestBudgets,
	refuseUnseen,
	type ShownBudget,
	shownBudget,
} from "./budgetsPage.ts";

/** Rows that are made at once. */
const rowsAtOnce = 500;

/** All budgets that are asked for, fullest first. */
export async function budgetsCsv(
	tables: Tables,
	{ filter }: BudgetsQuery,
): Promise<{ readonly startedAt: string; readonly parts: string[] }> {
	const { auditId, audit, budgets } = await newestBudgets(tables);
	refuseUnseen(auditId, budgets, filter);
	const meant = budgetsMeant(budgets, filter);
	const parts = [csvHead(columns)];
	for (let from = 0; from < meant.length; from += rowsAtOnce) {
		const rows = meant.slice(from, from + rowsAtOnce);
		const shown = rows.map((one) => shownBudget(fromStored(one)));
		parts.push(csvRows(columns, shown));
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
