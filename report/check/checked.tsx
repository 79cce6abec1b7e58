import {
	type Range,
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../../shared/contract.ts";
import { scenarioLabels } from "../../shared/model/amountText.ts";
import { words } from "../../shared/model/range.ts";
import { plural } from "../../shared/text.ts";
import { DemandBar } from "../charts/scenarioBars.tsx";
import type { CheckAnswer, CheckedBudget } from "../data/answers.ts";
import { BudgetLink } from "../parts/budgetName.tsx";
import { checkText, preflightAnswers } from "../parts/preflight.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { hashOf } from "../route.ts";
import { freeText, timeText } from "../words.ts";
import type { Asked } from "./useCheck.ts";

/** What came of a question. */
export function Answered({ asked }: { readonly asked: Asked }) {
	return (
		<div class="answered" aria-live="polite">
			{contentOf(asked)}
		</div>
	);
}

function contentOf(asked: Asked) {
	switch (asked.state) {
		case "nothing":
			return null;
		case "asking":
			return <p class="quiet">Asking Azure …</p>;
		case "failed":
			return (
				<p class="problem" role="alert">
					{asked.reason}
				</p>
			);
		case "answered":
			return <Answer answer={asked.answer} />;
	}
}

const sayings: Readonly<Record<Verdict, string>> = {
	fits: "All of it fits.",
	tight: "It may not fit.",
	short: "It does not fit.",
	unknown: "Nobody can tell whether it fits.",
};

function Answer({ answer }: { readonly answer: CheckAnswer }) {
	const { verdict, clusters, azure, gaps, ignored, readAt } = answer;
	const own = clusters.filter(({ asked }) => asked);
	const worse = clusters.filter(
		(one) => !one.asked && isWorse(one.verdict, one.verdictBefore ?? "fits"),
	);
	const reasons = [
		...clusters.flatMap(({ notEvaluated }) => notEvaluated ?? []),
		...gaps.map(({ scope, reason }) => `${scope}: ${reason}`),
		...ignored.map(({ id, reason }) => `${id}: ${reason}`),
	];
	return (
		<>
			<p class="verdict-line">
				<VerdictMark verdict={verdict} /> <strong>{sayings[verdict]}</strong>{" "}
				<span class="noun">As of {timeText(readAt)}.</span>
			</p>
			{reasons.length > 0 && (
				<ul class="reasons">
					{reasons.map((text) => (
						<li key={text}>{text}</li>
					))}
				</ul>
			)}
			{worse.map((one) => (
				<p class="notice failed" key={one.cluster}>
					It pushes neighbor{" "}
					<a href={hashOf({ view: "cluster", id: one.cluster })}>
						{one.clusterName}
					</a>{" "}
					from {one.verdictBefore ?? "fits"} to {one.verdict}:{" "}
					{one.budgets.map(({ name }) => name).join(", ")}.
				</p>
			))}
			{azure !== null && (
				<p>
					<span class="noun">Azure's own check.</span> Any change:{" "}
					{preflightAnswers[azure.change]}. Upgrade:{" "}
					{preflightAnswers[azure.upgrade]}.
				</p>
			)}
			{own.map(({ cluster, budgets }) => (
				<Budgets key={cluster} cluster={cluster} budgets={budgets} />
			))}
		</>
	);
}

function Budgets({
	cluster,
	budgets,
}: {
	readonly cluster: string;
	readonly budgets: readonly CheckedBudget[];
}) {
	const told = budgets.filter(
		(one) => one.verdict !== "fits" || isMoved(one) || one.transition !== null,
	);
	const rest = budgets.length - told.length;
	return (
		<>
			{told.map((budget) => (
				<section class="checked" key={`${budget.kind} ${budget.id}`}>
					<p>
						<BudgetLink budget={budget} cluster={cluster} />{" "}
						<VerdictMark verdict={budget.verdict} />
					</p>
					<Bars budget={budget} />
					{budget.transition !== null && (
						<p>
							While pools are made anew:{" "}
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
					{plural(rest, told.length > 0 ? "other budget" : "budget")} fit
					{rest === 1 ? "s" : ""} as before.
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
	if (after === null) return <p>Nothing of it is used any more.</p>;
	return (
		<ul class="scenarios" aria-label="Demand before and after">
			{scenarioNames.map((name) => {
				const was = before?.scenarios[name];
				const is = after.scenarios[name];
				if (is === undefined) return null;
				return (
					<li key={name}>
						<h4>{scenarioLabels[name as ScenarioName]}</h4>
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

/** Worst last. */
const rank: readonly Verdict[] = ["fits", "tight", "unknown", "short"];

function isWorse(a: Verdict, b: Verdict): boolean {
	return rank.indexOf(a) > rank.indexOf(b);
}
