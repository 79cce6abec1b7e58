import { type Finding, scenarioNames, severities } from "../contract.ts";

/** How bad a finding is. */
export type Weight = Pick<Finding, "severity" | "verdict" | "scenario">;

export function weightOf({ severity, verdict, scenario }: Weight): Weight {
	return { severity, verdict, scenario };
}

/** Positive: worse than before. Severity first, then how certain, then how soon. */
export function compareWeight(before: Weight, now: Weight): number {
	return (
		severities.indexOf(before.severity) - severities.indexOf(now.severity) ||
		certainty(now) - certainty(before) ||
		soonness(now) - soonness(before)
	);
}

function certainty({ verdict }: Weight): number {
	return verdict === "short" ? 2 : verdict === "tight" ? 1 : 0;
}

function soonness({ scenario, verdict }: Weight): number {
	if (scenario === null || verdict === "unknown") return 0;
	return scenarioNames.length - scenarioNames.indexOf(scenario);
}
