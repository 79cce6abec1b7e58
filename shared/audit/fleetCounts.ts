import { type Verdict, verdicts } from "../contract.ts";
import type { StoredBudget } from "../records/storedBudget.ts";
import { fromStored } from "../records/storedBudget.ts";

export type VerdictCounts = Readonly<Record<Verdict, number>>;

export const worstFirst: readonly Verdict[] = [
	"short",
	"tight",
	"unknown",
	"fits",
];

/** How many budgets come out as what, and how many clusters by the worst budget that each uses. */
export function countVerdicts(budgets: readonly StoredBudget[]): {
	readonly budgets: VerdictCounts;
	readonly clusters: VerdictCounts;
} {
	const worst = new Map<string, Verdict>();
	for (const budget of budgets)
		for (const cluster of fromStored(budget).clusters) {
			const before = worst.get(cluster) ?? "fits";
			const isWorse =
				worstFirst.indexOf(budget.verdict) < worstFirst.indexOf(before);
			worst.set(cluster, isWorse ? budget.verdict : before);
		}
	return {
		budgets: countsOf(budgets.map(({ verdict }) => verdict)),
		clusters: countsOf([...worst.values()]),
	};
}

function countsOf(all: readonly Verdict[]): VerdictCounts {
	const counts = Object.fromEntries(verdicts.map((one) => [one, 0])) as Record<
		Verdict,
		number
	>;
	for (const verdict of all) counts[verdict]++;
	return counts;
}
