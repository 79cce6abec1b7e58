import type { Range } from "../contract.ts";
import { type Budget, growthOf } from "../model/budget.ts";
import { add } from "../model/range.ts";
import { drawnToday } from "../model/view.ts";
import type { Known, Point } from "./series.ts";

/** Kinds that fill up with a fleet. API server subnets are drawn on once, and numbers of nodes are limits of AKS alone. */
export function hasHistory({ kind }: Pick<Budget, "kind">): boolean {
	switch (kind) {
		case "subnet":
		case "pod-subnet":
		case "pod-blocks":
		case "pod-range":
		case "routes":
			return true;
		case "api-server-subnet":
		case "cluster-nodes":
		case "pool-nodes":
			return false;
	}
}

/**
 * What an audit adds to a budget's series; null where today's use or the limit is not known, which is no point and
 * never 0. A use that only the models tell is not known where clusters are missing: they may draw on it as well.
 */
export function pointOf(
	budget: Budget,
	at: number,
	clustersMissing: boolean,
): Point | null {
	const { drawn } = drawnToday(budget);
	const { limit, observed, unseen, totals } = budget;
	// Nobody else draws on a cluster's pod range.
	const othersMissing =
		budget.kind !== "pod-range" && (clustersMissing || unseen.length > 0);
	if (othersMissing && observed === null) return null;
	if (!isKnown(drawn) || !isKnown(limit)) return null;
	const full = add(drawn, growthOf(totals));
	return {
		at,
		drawn,
		full: {
			low: full.low ?? drawn.low,
			high: othersMissing ? null : full.high,
		},
		limit,
	};
}

function isKnown(range: Range): range is Range & Known {
	return range.low !== null && range.high !== null;
}
