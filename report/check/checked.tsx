import { compareChecked } from "../../shared/model/verdictOrder.ts";
import { listed, plural } from "../../shared/text.ts";
import type { CheckAnswer, CheckedCluster } from "../data/answers.ts";
import { preflightAnswers } from "../parts/preflight.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { hashOf } from "../route.ts";
import { timeText } from "../words.ts";
import { CheckedBudgets } from "./checkedBudgets.tsx";
import { isOnlyOnTheWay, ownVerdict, sayingOf } from "./outcome.ts";
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
				<CheckedBudgets key={cluster} cluster={cluster} budgets={budgets} />
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
