import {
	type PreflightCheck,
	type ScenarioName,
	type Severity,
	scenarioNames,
} from "../contract.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { azureAnswer } from "../model/preflight.ts";
import { capacityRemedies } from "../remedies/capacity.ts";
import type { Judgement, Rule } from "./rule.ts";
import { comparisonText, demandReasons, reason } from "./sums.ts";

/** Azure counts 16 addresses a node of a static pod subnet, a node takes whole blocks for its max pods. */
export const blocksNeverReady: Rule = {
	id: "blocks-never-ready",
	since: 2,
	arithmeticSince: 4,
	title: "Azure accepts nodes that get no IP block",
	kinds: ["pod-blocks"],
	check: judgeBudget,
	remedies: (cluster, { view }) => [
		...capacityRemedies(cluster, view),
		{
			kind: "fewer-max-pods",
			title:
				"Replace pools with new ones of lower max pods: they need fewer blocks per node.",
			detail: [
				"Max pods 15, 31, 47 and so on (16 x blocks - 1) waste no block.",
				"Max pods cannot be changed on a pool.",
			],
			command: [],
		},
	],
};

const severities = {
	today: "critical",
	upgrade: "high",
	full: "high",
	"full-upgrade": "medium",
} as const satisfies Record<ScenarioName, Severity>;

function judgeBudget(judged: JudgedBudget): Judgement {
	const { view } = judged;
	const verdictOf = (name: ScenarioName) => view.scenarios[name].verdict;
	const short = scenarioNames.filter((name) => verdictOf(name) === "short");
	const accepted = short.filter((name) => answer(judged, name) === "accepts");
	const [scenario, ...alsoIn] = accepted;
	if (scenario !== undefined)
		return {
			kind: "violated",
			severity: severities[scenario],
			scenario,
			alsoIn,
			reasons: [
				...reason("azure", accepts(checkOf(judged, scenario))),
				...demandReasons(judged, scenario),
			],
		};
	const open =
		short.some((name) => answer(judged, name) !== "refuses") ||
		scenarioNames.some((name) => verdictOf(name) === "unknown");
	return { kind: open ? "not-evaluated" : "fine" };
}

function checkOf({ azure }: JudgedBudget, name: ScenarioName): PreflightCheck {
	return name === "upgrade" || name === "full-upgrade"
		? azure.upgrade
		: azure.change;
}

function answer(judged: JudgedBudget, name: ScenarioName) {
	return azureAnswer(checkOf(judged, name));
}

function accepts(check: PreflightCheck): string {
	return `Azure accepts this: it counts only 16 IPs per node. Nodes start and never become ready. ${comparisonText(check)}`;
}
