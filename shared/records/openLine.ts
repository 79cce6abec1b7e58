import type { Finding, FindingLine } from "../contract.ts";

/**
 * What lists and counts need of a finding. It is kept beside the whole finding, which is several times as long: lists of
 * a large fleet unpack no whole findings but those that they show.
 */
export interface KeptLine extends Omit<FindingLine, "acceptance"> {
	/** Why a cluster could not be evaluated as a whole. Null: the finding says something else. */
	readonly whyNotEvaluated: string | null;
	/** The title of its first remedy. */
	readonly firstRemedy: string | null;
}

export function keptLine(finding: Finding): KeptLine {
	const { rule, budget, reasons, remedies } = finding;
	return {
		id: finding.id,
		rule,
		severity: finding.severity,
		headline: finding.headline,
		state: finding.state,
		cluster: finding.cluster,
		clusterName: finding.clusterName,
		subscription: finding.subscription,
		budget,
		scenario: finding.scenario,
		verdict: finding.verdict,
		limit: finding.limit,
		demand: finding.demand,
		free: finding.free,
		alsoIn: finding.alsoIn,
		runway: finding.runway,
		lastKnown: finding.lastKnown,
		firstSeen: finding.firstSeen,
		changedAt: finding.changedAt,
		auditId: finding.auditId,
		whyNotEvaluated:
			rule === "not-evaluated" && budget === null
				? (reasons[0]?.text ?? "not known")
				: null,
		firstRemedy: remedies[0]?.title ?? null,
	};
}
