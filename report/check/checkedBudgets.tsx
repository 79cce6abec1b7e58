import { type Range, scenarioNames } from "../../shared/contract.ts";
import { scenarioLabels } from "../../shared/model/amountText.ts";
import { words } from "../../shared/model/range.ts";
import { plural } from "../../shared/text.ts";
import { DemandBar } from "../charts/scenarioBars.tsx";
import type { CheckedBudget } from "../data/answers.ts";
import { BudgetLink } from "../parts/budgetName.tsx";
import { checkText } from "../parts/preflight.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { freeText } from "../words.ts";

/** What a cluster uses, before and after. */
export function CheckedBudgets({
	cluster,
	budgets,
}: {
	readonly cluster: string;
	readonly budgets: readonly CheckedBudget[];
}) {
	// Hardly any cluster comes near the limits of AKS itself.
	const told = budgets.filter(
		(one) =>
			one.verdict !== "fits" ||
			(one.unit !== "nodes" && (isMoved(one) || one.transition !== null)),
	);
	const rest = budgets.length - told.length;
	return (
		<>
			{told.length > 0 && (
				<p class="noun">The pale bar is before, the other one after.</p>
			)}
			{told.map((budget) => (
				<section class="checked" key={`${budget.kind} ${budget.id}`}>
					<p>
						<BudgetLink budget={budget} cluster={cluster} />{" "}
						<VerdictMark verdict={budget.verdict} />
					</p>
					<Bars budget={budget} />
					{budget.transition !== null && (
						<p>
							While pools are replaced:{" "}
							<VerdictMark verdict={budget.transition.verdict} />{" "}
							{freeText(budget.transition.free, budget.unit)}, without surge.
						</p>
					)}
					{budget.azure !== null && (
						<p class="noun">
							Azure's own check of an upgrade:{" "}
							{checkText(budget.azure.upgrade, budget.unit)}.
						</p>
					)}
				</section>
			))}
			{rest > 0 && (
				<p class="noun">
					{plural(rest, told.length > 0 ? "other budget" : "budget")}{" "}
					{rest === 1 ? "fits" : "fit"}.
				</p>
			)}
		</>
	);
}

function isMoved({ before, after }: CheckedBudget): boolean {
	return JSON.stringify(before) !== JSON.stringify(after);
}

/** Before and after in each scenario, to one scale. */
function Bars({ budget }: { readonly budget: CheckedBudget }) {
	const { before, after, unit } = budget;
	const states = [before, after].filter((one) => one !== null);
	const most = Math.max(
		1,
		...states.flatMap(({ limit, scenarios }) => [
			end(limit),
			...scenarioNames.map((name) => end(scenarios[name]?.demand)),
		]),
	);
	if (after === null) return <p>Nothing uses it afterwards.</p>;
	return (
		<ul class="scenarios" aria-label="Demand before and after">
			{scenarioNames.map((name) => {
				const was = before?.scenarios[name];
				const is = after.scenarios[name];
				if (is === undefined) return null;
				return (
					<li key={name}>
						<p class="scenario-name">{scenarioLabels[name]}</p>
						<p class="needs">
							{was && words(was.demand) !== words(is.demand) && (
								<>
									<s>{words(was.demand)}</s> {"→ "}
								</>
							)}
							{words(is.demand)}{" "}
							<span class="noun">of {words(after.limit)}</span>
						</p>
						<div class="both">
							{before !== null && was && (
								<div class="was">
									<DemandBar
										demand={was.demand}
										limit={before.limit}
										most={most}
									/>
								</div>
							)}
							<DemandBar demand={is.demand} limit={after.limit} most={most} />
						</div>
						<div class="outcome">
							<VerdictMark verdict={is.verdict} /> {freeText(is.free, unit)}
						</div>
					</li>
				);
			})}
		</ul>
	);
}

function end(range: Range | undefined): number {
	return range?.high ?? range?.low ?? 0;
}
