import type { Range } from "../contract.ts";
import { addedDemandIn, type Budget } from "../model/budget.ts";
import { add } from "../model/range.ts";
import { demandToday } from "../model/view.ts";
import type { Known, Point } from "./series.ts";

/**
 * What an audit adds to a budget's series; null where something unseen left a trace on it, or where today's use or the
 * limit is not known: that is no point and never 0. How many nodes an upgrade adds is no part of it.
 */
export function pointOf(budget: Budget, at: number): Point | null {
	const { demand } = demandToday(budget);
	const { limit, open, totals } = budget;
	if (open.some(({ kind }) => kind !== "surge")) return null;
	if (!isKnown(demand) || !isKnown(limit)) return null;
	const full = add(demand, addedDemandIn(totals));
	return {
		at,
		demand,
		full: {
			low: full.low ?? demand.low,
			high: full.high,
		},
		limit,
	};
}

function isKnown(range: Range): range is Range & Known {
	return range.low !== null && range.high !== null;
}
