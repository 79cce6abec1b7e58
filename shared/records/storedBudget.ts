import type { BudgetName, Range, Runway, Verdict } from "../contract.ts";
import type { ListedBudget } from "../model/budgetList.ts";
import { exactly } from "../model/range.ts";
import type { ResourcesOfKind } from "../model/resourcesByKind.ts";

/*
 * A listed budget as it is kept: a large fleet has five to six a cluster, all of which are read for a page of them. So
 * what follows from the rest is not kept, and an amount is one number where both ends are equal.
 */

type Amount = number | readonly [number | null, number | null];

export interface StoredBudget extends BudgetName {
	readonly limit: Amount;
	/** In the order of the scenarios. */
	readonly demand: readonly [Amount, Amount, Amount, Amount];
	readonly verdict: Verdict;
	/** Absent: the one cluster that its id begins with. */
	readonly clusters?: readonly string[];
	/** Absent: it has no other resources. */
	readonly others?: {
		readonly amount: Amount;
		readonly byKind: readonly ResourcesOfKind[] | null;
	};
	/** They are known by kind, and there are none. */
	readonly noOthers?: true;
	readonly runway?: Runway;
	/** Absent: nothing. */
	readonly wonBack?: number;
}

export function toStored(budget: ListedBudget): StoredBudget {
	const { id, kind, name, limit, demand, verdict, clusters, runway, wonBack } =
		budget;
	const isOfOne = clusters.length === 1 && clusters[0] === clusterIn(id);
	return {
		id,
		kind,
		name,
		limit: amountOf(limit),
		demand: [
			amountOf(demand.today),
			amountOf(demand.upgrade),
			amountOf(demand.full),
			amountOf(demand["full-upgrade"]),
		],
		verdict,
		...(isOfOne ? {} : { clusters }),
		...othersOf(budget),
		...(runway === null ? {} : { runway }),
		...(wonBack === 0 ? {} : { wonBack }),
	};
}

function othersOf({
	otherResources,
	otherResourcesByKind,
}: ListedBudget): Pick<StoredBudget, "others" | "noOthers"> {
	const amount = amountOf(otherResources);
	if (amount !== 0 || (otherResourcesByKind?.length ?? 0) > 0)
		return { others: { amount, byKind: otherResourcesByKind } };
	return otherResourcesByKind === null ? {} : { noOthers: true };
}

export function fromStored(budget: StoredBudget): ListedBudget {
	const { id, kind, name, limit, demand, verdict, others } = budget;
	const [today, upgrade, full, fullUpgrade] = demand;
	return {
		id,
		kind,
		name,
		limit: rangeOf(limit),
		demand: {
			today: rangeOf(today),
			upgrade: rangeOf(upgrade),
			full: rangeOf(full),
			"full-upgrade": rangeOf(fullUpgrade),
		},
		verdict,
		clusters: budget.clusters ?? [clusterIn(id)],
		otherResources: rangeOf(others?.amount ?? 0),
		otherResourcesByKind:
			others === undefined ? (budget.noOthers ? [] : null) : others.byKind,
		runway: budget.runway ?? null,
		wonBack: budget.wonBack ?? 0,
	};
}

function amountOf({ low, high }: Range): Amount {
	return low !== null && low === high ? low : [low, high];
}

function rangeOf(amount: Amount): Range {
	if (typeof amount === "number") return exactly(amount);
	const [low, high] = amount;
	return { low, high };
}

/** `/subscriptions/…/managedclusters/{name}` of a budget that follows from a cluster alone. */
function clusterIn(id: string): string {
	let end = -1;
	for (let part = 0; part < 9; part++) {
		end = id.indexOf("/", end + 1);
		if (end === -1) return id;
	}
	return id.slice(0, end);
}
