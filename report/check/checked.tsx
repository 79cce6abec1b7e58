import {
	type Range,
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
				<VerdictMark verdict={verdict} />{" "}
				<strong>
					{isOnlyOnTheWay(answer)
						? "It fits afterwards, not while pools are made anew."
						: sayings[verdict]}
				</strong>{" "}
				<span class="noun">As of {timeText(readAt)}.</span>
			</p>
			{reasons.length > 0 && (
				<ul class="reasons">
					{reasons.map((text) => (
						<li key={text}>{text}</li>
					))}
				</ul>
			)}
			{worse.length > 0 && (
				<div class="notice failed">
					<strong>
						It pushes {plural(worse.length, "neighbor")} over the edge:
					</strong>
					<ul>
						{worse.map((one) => (
							<li key={one.cluster}>
								<a href={hashOf({ view: "cluster", id: one.cluster })}>
									{one.clusterName}
								</a>{" "}
								goes from {one.verdictBefore ?? "fits"} to {one.verdict} in{" "}
								{one.budgets.map(({ name }) => name).join(", ")}.
							</li>
						))}
					</ul>
				</div>
			)}
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

/** A rotation needs more than before and after, and may be short for a while alone. */
function isOnlyOnTheWay({ verdict, clusters }: CheckAnswer): boolean {
	const budgets = clusters.flatMap((one) => one.budgets);
	return (
		(verdict === "short" || verdict === "tight") &&
		clusters.every(({ notEvaluated }) => notEvaluated === null) &&
		budgets.every(({ after }) =>
			scenarioNames.every(
				(name) => (after?.scenarios[name]?.verdict ?? "fits") === "fits",
			),
		)
	);
}

function Budgets({
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
				<p class="noun">Each pair of bars: before, pale, and after.</p>
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
	if (after === null) return <p>Nothing of it is used any more.</p>;
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

/** Worst last. */
const rank: readonly Verdict[] = ["fits", "tight", "unknown", "short"];

function isWorse(a: Verdict, b: Verdict): boolean {
	return rank.indexOf(a) > rank.indexOf(b);
}
