import type { Range } from "../../shared/contract.ts";
import type { ListedBudget } from "../data/answers.ts";

/** What a part of a bar stands for. */
export type PartKind =
	/** AKS nodes now: of all clusters, or of one where its neighbors are told apart. */
	"nodes" | "neighbors" | "other" | "growth" | "surge";

export interface BarPart {
	readonly kind: PartKind;
	readonly amount: number;
}

/** A capacity and what is or would be used of it, side by side. Whole numbers at the high end of each amount. */
export interface Bar {
	readonly parts: readonly BarPart[];
	/** Null: not known. */
	readonly capacity: number | null;
	/** The demand has no upper end: the parts show the least of it. */
	readonly isOpen: boolean;
}

/** Demand up to an upgrade at autoscaler max, in the order in which it comes. */
export function barOf({ limit, scenarios, otherResources }: ListedBudget): Bar {
	const now = highest(scenarios.today.demand);
	const full = Math.max(now, highest(scenarios.full.demand));
	const most = Math.max(full, highest(scenarios["full-upgrade"].demand));
	const other = Math.min(now, highest(otherResources));
	const parts: BarPart[] = [
		{ kind: "nodes", amount: now - other },
		{ kind: "other", amount: other },
		{ kind: "growth", amount: full - now },
		{ kind: "surge", amount: most - full },
	];
	return {
		parts: parts.filter(({ amount }) => amount > 0),
		capacity: limit.low,
		isOpen: scenarios["full-upgrade"].demand.high === null,
	};
}

export function totalOf(parts: readonly BarPart[]): number {
	return parts.reduce((sum, { amount }) => sum + amount, 0);
}

function highest({ low, high }: Range): number {
	return high ?? low ?? 0;
}
