import { type Finding, scenarioNames, severities } from "../contract.ts";

/** How bad a finding is. */
export type Weight = Pick<Finding, "severity" | "verdict" | "scenario">;

export function weightOf({ severity, verdict, scenario }: Weight): Weight {
	return { severity, verdict, scenario };
}

/** Positive: worse than before. */
export function compareWeight(before: Weight, now: Weight): number {
	return rankOf(now) - rankOf(before);
}

/** The worse, the higher: severity first, then how certain, then how soon. */
export function rankOf(weight: Weight): number {
	const milder = severities.indexOf(weight.severity);
	return -milder * 100 + certainty(weight) * 10 + soonness(weight);
}

function certainty({ verdict }: Weight): number {
	return verdict === "short" ? 2 : verdict === "tight" ? 1 : 0;
}

function soonness({ scenario, verdict }: Weight): number {
	if (scenario === null || verdict === "unknown") return 0;
	return scenarioNames.length - scenarioNames.indexOf(scenario);
}
