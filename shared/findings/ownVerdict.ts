import type { Finding, Severity, Verdict } from "../contract.ts";
import { compareVerdicts } from "../model/verdictOrder.ts";

/** What should be looked at today. */
export function isPressing({ severity }: { readonly severity: Severity }) {
	return severity === "critical" || severity === "high";
}

/** A cluster is called short for such a finding: short for certain or possibly, and severe enough. */
export function isShortNow(
	finding: Pick<Finding, "severity" | "budget" | "verdict">,
): boolean {
	const { budget, verdict } = finding;
	return (
		isPressing(finding) &&
		budget !== null &&
		(verdict === "short" || verdict === "tight")
	);
}

/**
 * Of a cluster's open findings the one that its verdict follows from, the worst and then the most severe. Null: it fits. A
 * budget that is short if everybody grows can fit the one cluster that stays.
 */
export function decidingFinding<F extends Pick<Finding, "verdict">>(
	open: readonly F[],
): (F & { readonly verdict: Exclude<Verdict, "fits"> }) | null {
	return (
		open
			.flatMap((finding) => {
				const { verdict } = finding;
				return verdict === null || verdict === "fits"
					? []
					: [{ ...finding, verdict }];
			})
			.toSorted((a, b) => compareVerdicts(a.verdict, b.verdict))[0] ?? null
	);
}
