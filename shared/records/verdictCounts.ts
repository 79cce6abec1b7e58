import { type Verdict, verdicts } from "../contract.ts";

export type VerdictCounts = Readonly<Record<Verdict, number>>;

export function countsOf(
	all: readonly { readonly verdict: Verdict }[],
): VerdictCounts {
	const counts = Object.fromEntries(verdicts.map((one) => [one, 0])) as Record<
		Verdict,
		number
	>;
	for (const { verdict } of all) counts[verdict]++;
	return counts;
}
