import type { BudgetName, Finding } from "../contract.ts";
import type { ListedBudget } from "../model/budgetList.ts";

const mostLargest = 10;

export interface WonBack {
	readonly subnets: number;
	readonly addresses: number;
	/** Those with the most, at most ten. */
	readonly largest: readonly (BudgetName & { readonly addresses: number })[];
}

/** IPs in use that somebody could use otherwise. */
export interface ReclaimableInUse {
	/** The last block of each node of pools that use it for a few pods. */
	readonly wastedBlocks: WonBack;
	/** What nodes use beyond the max pods that their subnet is large enough for. */
	readonly oversizedMaxPods: WonBack;
	/** Held by network interfaces without a machine. */
	readonly leftoverInterfaces: WonBack;
}

/**
 * IPs that somebody could use otherwise. Of one subnet, each IP counts once: what an oversized subnet has is free, the
 * others are in use, each by something else.
 */
export interface Reclaimable extends ReclaimableInUse {
	/** In all. */
	readonly addresses: number;
	/** What oversized subnets have beyond an upgrade at their autoscaler's maximum: of use when they are built anew. */
	readonly oversizedSubnets: WonBack;
}

type Subnet = WonBack["largest"][number];

export function reclaimableIn(
	open: readonly Pick<Finding, "rule" | "budget" | "free">[],
	inUse: ReclaimableInUse,
): Reclaimable {
	const oversized = new Map<string, Subnet>();
	for (const { rule, budget, free } of open) {
		if (rule !== "oversized-subnet" || budget === null) continue;
		const addresses = Math.max(0, free?.low ?? 0);
		// Of clusters in one subnet, the least that one of them leaves free.
		const before = oversized.get(budget.id)?.addresses ?? addresses;
		const least = Math.min(before, addresses);
		oversized.set(budget.id, { ...budget, addresses: least });
	}
	const parts = {
		oversizedSubnets: wonBack([...oversized.values()]),
		wastedBlocks: inUse.wastedBlocks,
		oversizedMaxPods: inUse.oversizedMaxPods,
		leftoverInterfaces: inUse.leftoverInterfaces,
	};
	const all = Object.values(parts).map(({ addresses }) => addresses);
	return { addresses: total(all), ...parts };
}

export function reclaimableInUse(
	budgets: readonly ListedBudget[],
): ReclaimableInUse {
	const of = (addressesOf: (budget: ListedBudget) => number) =>
		wonBack(
			budgets.map((budget) => {
				const { id, kind, name } = budget;
				return { id, kind, name, addresses: addressesOf(budget) };
			}),
		);
	return {
		wastedBlocks: of(({ kind, wonBack }) =>
			kind === "pod-blocks" ? wonBack : 0,
		),
		oversizedMaxPods: of(({ kind, wonBack }) =>
			kind === "subnet" ? wonBack : 0,
		),
		leftoverInterfaces: of(({ otherResourcesByKind }) =>
			total(
				(otherResourcesByKind ?? [])
					.filter(({ kind }) => kind === "leftover-interface")
					.map(({ addresses }) => addresses.low ?? 0),
			),
		),
	};
}

function wonBack(all: readonly Subnet[]): WonBack {
	const some = all
		.filter(({ addresses }) => addresses > 0)
		.sort((a, b) => b.addresses - a.addresses || (a.id < b.id ? -1 : 1));
	return {
		subnets: some.length,
		addresses: total(some.map(({ addresses }) => addresses)),
		largest: some.slice(0, mostLargest),
	};
}

function total(amounts: readonly number[]): number {
	return amounts.reduce((sum, amount) => sum + amount, 0);
}
