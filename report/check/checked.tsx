import {
	type Range,
	scenarioNames,
	type Verdict,
} from "../../shared/contract.ts";
import { scenarioLabels } from "../../shared/model/amountText.ts";
import { words } from "../../shared/model/range.ts";
import {
	compareChecked,
	worstChecked,
} from "../../shared/model/verdictOrder.ts";
import { listed, plural } from "../../shared/text.ts";
import { DemandBar } from "../charts/scenarioBars.tsx";
import type {
	CheckAnswer,
	CheckedBudget,
	CheckedCluster,
} from "../data/answers.ts";
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

/** What comes out for the clusters that somebody asked about. */
function sayingOf(verdict: Verdict, names: readonly string[]): string {
	const who =
		names.length > 3 ? plural(names.length, "cluster") : listed(names);
	const isOne = names.length === 1;
	switch (verdict) {
		case "fits":
			return `${who} ${isOne ? "fits" : "fit"} in all four scenarios.`;
		case "tight":
			return `${who} may not fit.`;
		case "short":
			return `${who} ${isOne ? "does" : "do"} not fit.`;
		case "unknown":
			return `Nobody can tell whether ${who} ${isOne ? "fits" : "fit"}.`;
	}
}

/** Of the clusters that somebody asked about. What could not be read counts against them, never for them. */
function ownVerdict({ verdict, clusters, gaps }: CheckAnswer): Verdict {
	const own = worstChecked(
		clusters.filter(({ asked }) => asked).map((one) => one.verdict),
	);
	const all = worstChecked(clusters.map((one) => one.verdict));
	if (verdict !== all) return verdict;
	return verdict === own || gaps.length === 0
		? own
		: worstChecked([own, "unknown"]);
}

function Answer({ answer }: { readonly answer: CheckAnswer }) {
	const { clusters, azure, gaps, ignored, readAt } = answer;
	const own = clusters.filter(({ asked }) => asked);
	const verdict = ownVerdict(answer);
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
						? "It fits afterwards, not while pools are replaced."
						: sayingOf(
								verdict,
								own.map(({ clusterName }) => clusterName),
							)}
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
			<Neighbors clusters={clusters.filter(({ asked }) => !asked)} />
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

/** What becomes of the clusters that share what the change touches. */
function Neighbors({
	clusters,
}: {
	readonly clusters: readonly CheckedCluster[];
}) {
	if (clusters.length === 0) return null;
	const changed = (one: CheckedCluster) =>
		compareChecked(one.verdict, one.verdictBefore ?? "fits");
	const worse = clusters.filter((one) => changed(one) < 0);
	const better = clusters.filter((one) => changed(one) > 0);
	const same = clusters.filter((one) => changed(one) === 0);
	const bad = same.filter(({ verdict }) => verdict !== "fits");
	const good = same.length - bad.length;
	return (
		<>
			{worse.length > 0 && (
				<div class="notice failed">
					<strong>
						{plural(worse.length, "neighbor")}{" "}
						{worse.length === 1 ? "gets" : "get"} worse:
					</strong>
					<Verdicts of={worse} />
				</div>
			)}
			{better.length > 0 && (
				<div class="notice">
					{plural(better.length, "neighbor")}{" "}
					{better.length === 1 ? "gets" : "get"} better:
					<Verdicts of={better} />
				</div>
			)}
			{bad.length > 0 && (
				<div class="notice partial">
					{plural(bad.length, "neighbor")} {bad.length === 1 ? "does" : "do"}{" "}
					not fit, with or without it:
					<Verdicts of={bad} />
				</div>
			)}
			{good > 0 && (
				<p>
					{plural(good, "neighbor")} still {good === 1 ? "fits" : "fit"}.
				</p>
			)}
		</>
	);
}

function Verdicts({ of }: { readonly of: readonly CheckedCluster[] }) {
	return (
		<ul>
			{of.map(({ cluster, clusterName, verdict, verdictBefore, budgets }) => (
				<li key={cluster}>
					<a href={hashOf({ view: "cluster", id: cluster })}>{clusterName}</a>{" "}
					{verdict === (verdictBefore ?? "fits")
						? `stays ${verdict}`
						: `goes from ${verdictBefore ?? "fits"} to ${verdict}`}{" "}
					in {listed(budgets.map(({ name }) => name))}.
				</li>
			))}
		</ul>
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
