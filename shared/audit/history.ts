import { findSeries } from "../azure/historyStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { BudgetKind, Range, Runway } from "../contract.ts";
import { compact } from "../history/compact.ts";
import { outlookOf } from "../history/trend.ts";
import type { Budget } from "../model/budget.ts";
import { runwayOf } from "../model/outlook.ts";

/** What the audits have seen of one budget. */
export interface History {
	readonly budget: string;
	readonly kind: BudgetKind;
	readonly name: string;
	readonly unit: Budget["unit"];
	/** Oldest first. `full` with everybody on it at their maxima. */
	readonly points: readonly HistoryPoint[];
	/** As of the newest point. Null where the points do not allow an estimate. */
	readonly runway: Runway | null;
}

interface HistoryPoint {
	/** When the audit started: ISO 8601, UTC. */
	readonly at: string;
	readonly demand: Range;
	readonly full: Range;
	readonly limit: Range;
}

/** Null where no audit has known its use yet. */
export async function historyOf(
	tables: Tables,
	budget: string,
): Promise<History | null> {
	const series = await findSeries(tables, budget);
	if (series === null) return null;
	const { id, kind, name, unit, points } = series;
	return {
		budget: id,
		kind,
		name,
		unit,
		points: points.map((point) => ({
			...point,
			at: new Date(point.at).toISOString(),
		})),
		runway: runwayOf(outlookOf(compact(points))),
	};
}
