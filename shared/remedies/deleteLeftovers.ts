import type { Remedy } from "../contract.ts";
import { amount } from "../model/amountText.ts";
import { exactly, notNegative, subtract } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { type Offer, titleOf } from "./offer.ts";
import { carries, fixing, outcomeText, viewAfter } from "./whatIf.ts";

/**
 * Interfaces of Karpenter without a machine keep their IPs for nothing (karpenter-provider-azure#543). If deleting them
 * is not enough, the text adds what fixes the rest.
 */
export function deleteLeftovers(
	view: View,
	others: (after: View) => readonly Offer[],
	percent = 100,
): Offer[] {
	const freed = leftovers(view);
	if (freed === 0) return [];
	const after = withoutLeftovers(view, freed);
	const isFixed =
		percent === 100 ? fixing(view)(after) : carries(after, percent);
	const alone = remedy(view, freed, outcomeText(after));
	const changes = [{ kind: "no-leftovers", subnet: view.budget.id }] as const;
	const next = isFixed
		? undefined
		: others(after).find(({ effect }) => effect === "fixes");
	if (next === undefined)
		return [
			{
				effect: isFixed ? "fixes" : "helps",
				remedy: alone,
				after,
				changes,
			},
		];
	const first = remedy(view, freed, ["That alone is not enough."]);
	return [
		{
			...next,
			remedy: both(first, next.remedy),
			changes: next.changes && [...changes, ...next.changes],
		},
	];
}

/** Addresses of leftover interfaces in the budget. 0 where its sum does not see them. */
export function leftovers({
	budget: { otherResourcesByKind: held, observed },
}: View): number {
	if (observed === null) return 0;
	return (held ?? [])
		.filter(({ kind }) => kind === "leftover-interface")
		.reduce((total, { addresses }) => total + addresses, 0);
}

function withoutLeftovers({ budget, entries }: View, freed: number): View {
	const held = budget.otherResourcesByKind ?? [];
	return viewAfter({
		budget: {
			...budget,
			otherResourcesByKind: held.filter(
				({ kind }) => kind !== "leftover-interface",
			),
			foreign: notNegative(subtract(budget.foreign, exactly(freed))),
			observed:
				budget.observed &&
				notNegative(subtract(budget.observed, exactly(freed))),
		},
		entries,
	});
}

/** Karpenter makes the interface before the machine: one without a machine may be a moment old. */
function remedy(
	{ budget }: View,
	freed: number,
	outcome: readonly string[],
): Remedy {
	const freedText = amount(exactly(freed), budget.unit);
	return {
		kind: "delete-leftover-interfaces",
		title: titleOf(
			(short) =>
				`Delete Karpenter's leftover interfaces in ${short(budget.name)}; that frees ${freedText}.`,
		),
		detail: [
			...outcome,
			"No VM has these interfaces any more. Leave out those of VMs that are being created.",
		],
		command: ["az network nic delete --ids <ids of the interfaces>"],
	};
}

function both(first: Remedy, next: Remedy): Remedy {
	return {
		...first,
		detail: [
			...first.detail,
			"Then do this as well.",
			next.title,
			...next.detail,
		],
		command: [...first.command, ...next.command],
	};
}
