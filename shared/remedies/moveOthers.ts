import { type Remedy, scenarioNames } from "../contract.ts";
import { exactly, subtract, words } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { occupantWords } from "../model/words.ts";
import { allFit, judged, outcomeWords } from "./whatIf.ts";

/** What holds addresses and is no counted node gives up as many as are missing. */
export function moveOthers(view: View): Remedy[] {
	const { budget, now, scenarios } = view;
	const free = scenarioNames.map(
		(name) => scenarios[name].free.low ?? -Infinity,
	);
	const missing = -Math.min(...free);
	if (budget.observed === null || missing <= 0) return [];
	if (missing > (now.others.low ?? 0)) return [];
	const observed = subtract(budget.observed, exactly(missing));
	const change = { budget: { ...budget, observed }, entries: view.entries };
	if (!allFit(change)) return [];
	const after = judged(change);
	const of = `${missing} of the ${words(now.others)}`;
	return [
		{
			kind: "move-others",
			text:
				budget.kind === "routes"
					? `Remove ${of} routes of the table that are no node's: ${outcomeWords(after)}.`
					: `Move ${of} addresses that are no AKS node's (${occupantWords(view)}) to another subnet: ${outcomeWords(after)}.${balancerWords(view)}`,
		},
	];
}

/** Frontends move by what their service says. */
function balancerWords({ budget: { held } }: View): string {
	const some = held?.some(({ kind }) => kind === "load-balancer-frontend");
	return some === false
		? ""
		: " An internal load balancer moves by the annotation azure-load-balancer-internal-subnet.";
}
