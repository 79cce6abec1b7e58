import {
	type PreflightCheck,
	type ScenarioName,
	type Severity,
	scenarioNames,
} from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { azureAnswer } from "../model/preflight.ts";
import { words } from "../model/range.ts";
import { capacityRemedies } from "../remedies/capacity.ts";
import {
	amountsIn,
	type JudgedBudget,
	type Outcome,
	type Rule,
} from "./rule.ts";
import { demandReasons, reason } from "./sums.ts";

/** Azure counts 16 addresses a node of a static pod subnet, a node takes whole blocks for its max pods. */
export const blocksNeverReady: Rule = {
	id: "blocks-never-ready",
	title: "Azure accepts nodes that no address block is left for",
	check: ({ cluster, budgets }) =>
		budgets
			.filter(({ view }) => view.budget.kind === "pod-blocks")
			.map((judged) => judgeBudget(judged, cluster)),
};

const severities = {
	today: "critical",
	upgrade: "high",
	full: "high",
	"full-upgrade": "medium",
} as const satisfies Record<ScenarioName, Severity>;

function judgeBudget(
	judged: JudgedBudget,
	cluster: ResolvedCluster | null,
): Outcome {
	const { view } = judged;
	const verdictOf = (name: ScenarioName) => view.scenarios[name].verdict;
	const short = scenarioNames.filter((name) => verdictOf(name) === "short");
	const accepted = short.filter((name) => answer(judged, name) === "accepts");
	const [scenario, ...alsoIn] = accepted;
	if (scenario !== undefined)
		return {
			kind: "violated",
			severity: severities[scenario],
			...amountsIn(judged, scenario),
			alsoIn,
			reasons: [
				...reason("azure", accepts(checkOf(judged, scenario))),
				...demandReasons(judged, scenario),
			],
			remedies: [
				...(cluster === null ? [] : capacityRemedies(cluster, view)),
				{
					kind: "fewer-max-pods",
					text: "New pools with fewer max pods take fewer blocks a node: 15, 31, 47 and so on (16 x blocks - 1) waste none. Max pods of a pool cannot be changed.",
				},
			],
		};
	const open =
		short.some((name) => answer(judged, name) !== "refuses") ||
		scenarioNames.some((name) => verdictOf(name) === "unknown");
	return { kind: open ? "not-evaluated" : "fine", budget: view.budget.id };
}

function checkOf({ azure }: JudgedBudget, name: ScenarioName): PreflightCheck {
	return name === "upgrade" || name === "full-upgrade"
		? azure.upgrade
		: azure.change;
}

function answer(judged: JudgedBudget, name: ScenarioName) {
	return azureAnswer(checkOf(judged, name));
}

function accepts({ requested, available }: PreflightCheck): string {
	return `Azure's own check accepts this (pre-allocated IPs ${words(requested)}, available ${words(available)}): it counts 16 addresses a node whatever its max pods, so nodes start and never become ready`;
}
