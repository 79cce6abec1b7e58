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

type Deciding = Exclude<Verdict, "fits">;

/**
 * Of a cluster's open findings the one that its verdict follows from: the first with the worst verdict. Null: it fits. A
 * budget that is short if everybody grows can fit the one cluster that stays.
 */
export function decidingFinding<F extends Pick<Finding, "verdict">>(
	open: readonly F[],
): (F & { readonly verdict: Deciding }) | null {
	return open
		.filter(isDeciding)
		.reduce<(F & { readonly verdict: Deciding }) | null>(
			(worst, one) =>
				worst !== null && compareVerdicts(worst.verdict, one.verdict) <= 0
					? worst
					: one,
			null,
		);
}

function isDeciding<F extends Pick<Finding, "verdict">>(
	finding: F,
): finding is F & { readonly verdict: Deciding } {
	return finding.verdict !== null && finding.verdict !== "fits";
}
