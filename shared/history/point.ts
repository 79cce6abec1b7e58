import type { Range } from "../contract.ts";
import { addedDemandIn, type Budget } from "../model/budget.ts";
import { add } from "../model/range.ts";
import { demandToday } from "../model/view.ts";
import type { Known, Point } from "./series.ts";

/**
 * What an audit adds to a budget's series. Null if something unseen has a trace on it, or if the demand now or the
 * limit is not known: unknown is not 0. The nodes that an upgrade adds do not count.
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
