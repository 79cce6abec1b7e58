import { scaleLinear } from "d3-scale";
import {
	type Range,
	type ScenarioName,
	scenarioNames,
} from "../../shared/contract.ts";
import { amount, scenarioLabels } from "../../shared/model/amountText.ts";
import { decisions } from "../../shared/model/decisionText.ts";
import { words } from "../../shared/model/range.ts";
import type { BudgetLedger } from "../data/answers.ts";
import { VerdictMark } from "../parts/verdict.tsx";
import { freeText } from "../words.ts";

type Scenario = BudgetLedger["scenarios"][ScenarioName];

/** The four scenarios of a budget with a bar each: demand from its least to its most, and the capacity as a line. */
export function ScenarioBars({ budget }: { readonly budget: BudgetLedger }) {
	const { limit, scenarios, unit } = budget;
	const most = Math.max(
		1,
		end(limit),
		...scenarioNames.map((name) => end(scenarios[name].demand)),
	);
	return (
		<>
			<p>Capacity: {amount(limit, unit)}</p>
			<ul class="scenarios" aria-label="Demand in each scenario">
				{scenarioNames.map((name) => {
					const scenario = scenarios[name];
					return (
						<li key={name}>
							<h3>{scenarioLabels[name]}</h3>
							<p class="needs">
								<span class="noun">needs</span> {words(scenario.demand)}
							</p>
							<DemandBar demand={scenario.demand} limit={limit} most={most} />
							<div class="outcome">
								<VerdictMark verdict={scenario.verdict} />{" "}
								{freeText(scenario.free, unit)}
								<Decision scenario={scenario} />
							</div>
						</li>
					);
				})}
			</ul>
		</>
	);
}

/** What a tight verdict depends on. Where a pool's demand is assumed, the documentation is not what decides. */
function Decision({ scenario }: { readonly scenario: Scenario }) {
	const { decidedBy, entries } = scenario;
	if (decidedBy === null || !isDecision(decidedBy)) return null;
	const isAssumed = entries.some(({ source }) => source === "assumed");
	if (decidedBy === "documentation" && isAssumed) return null;
	return <p class="noun">{decisions[decidedBy]}.</p>;
}

function isDecision(text: string): text is keyof typeof decisions {
	return Object.hasOwn(decisions, text);
}

/** A demand from its least to its most, with the capacity as a line. `most`: what the whole width stands for. */
export function DemandBar({
	demand,
	limit,
	most,
}: {
	readonly demand: Range;
	readonly limit: Range;
	readonly most: number;
}) {
	const place = scaleLinear([0, most * 1.02], [0, 100]);
	const percent = (value: number) => `${place(value).toFixed(2)}%`;
	const low = demand.low ?? 0;
	const isOpen = demand.high === null;
	const high = demand.high ?? most * 1.02;
	// What is beyond the certain capacity is short.
	const capacity = limit.low ?? 0;
	const parts = [
		{ kind: "certain", from: 0, to: Math.min(low, capacity) },
		{ kind: "possible", from: low, to: Math.min(high, capacity) },
		{ kind: "certain over", from: Math.max(0, capacity), to: low },
		{ kind: "possible over", from: Math.max(low, capacity), to: high },
	];
	return (
		<svg class="scenario-bar" height="20" width="100%" aria-hidden="true">
			{parts
				.filter(({ from, to }) => to > from)
				.map(({ kind, from, to }) => (
					<rect
						key={kind}
						class={
							isOpen && kind.startsWith("possible") ? `${kind} open` : kind
						}
						x={percent(from)}
						y="3"
						width={percent(to - from)}
						height="14"
					/>
				))}
			{[limit.low, limit.high].map((at) =>
				at === null ? null : (
					<line
						key={at}
						class="capacity"
						x1={percent(at)}
						x2={percent(at)}
						y1="0"
						y2="20"
					/>
				),
			)}
		</svg>
	);
}

function end({ low, high }: Range): number {
	return high ?? low ?? 0;
}
