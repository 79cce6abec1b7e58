import { newestAudit, newestEnded } from "../azure/auditStore.ts";
import { readBudgetIndex, readBudgets } from "../azure/budgetStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { MetricsFacts } from "../exports/metrics.ts";
import { programVersion } from "../version.ts";

/** What the metrics are made of: rows of at most two audits, and the list of budgets. */
export async function metricsFacts(tables: Tables): Promise<MetricsFacts> {
	const last = await newestAudit(tables, ["completed", "partial", "failed"]);
	const ended = last?.state === "failed" ? await newestEnded(tables) : last;
	const budgets = await budgetsOf(tables, ended?.snapshot ?? null);
	return { version: programVersion, last, ended, budgets };
}

async function budgetsOf(tables: Tables, snapshot: string | null) {
	if (snapshot === null) return null;
	const index = await readBudgetIndex(tables, snapshot);
	return index && readBudgets(tables, snapshot);
}
