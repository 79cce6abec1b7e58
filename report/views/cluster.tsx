import { lastName } from "../../shared/arm.ts";
import { scenarioNames, type Verdict } from "../../shared/contract.ts";
import { plural } from "../../shared/text.ts";
import { WhatIf } from "../check/whatIf.tsx";
import { useLoaded } from "../context.ts";
import type { BudgetLedger, Capacity } from "../data/answers.ts";
import { BudgetLink } from "../parts/budgetName.tsx";
import { Reading } from "../parts/loading.tsx";
import { PortalLink } from "../parts/portal.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { findingsHash } from "../route.ts";
import { Ledger } from "./budget/ledger.tsx";

/** Worst first. */
const order: readonly Verdict[] = ["short", "unknown", "tight", "fits"];

export function ClusterView({ id }: { readonly id: string }) {
	const capacity = useLoaded(`capacity ${id}`, (data) => data.capacity(id));
	return (
		<>
			<h1>
				<span class="noun">cluster</span> {lastName(id)}
			</h1>
			<p class="id">
				{id} <PortalLink id={id} />
			</p>
			<p>
				<a href={findingsHash({ text: lastName(id) })}>Its findings</a>
			</p>
			<Reading of={capacity} missing={(reason) => <p>{reason}</p>}>
				{(value) => <Content capacity={value} />}
			</Reading>
		</>
	);
}

function Content({ capacity }: { readonly capacity: Capacity }) {
	const { budgets, cluster, notEvaluated, provisioningState } = capacity;
	const minor = budgets.filter(isMinor);
	return (
		<>
			{notEvaluated !== null && (
				<p class="notice failed">
					<strong>Not evaluated:</strong> {notEvaluated}
				</p>
			)}
			{provisioningState !== null && provisioningState !== "succeeded" && (
				<p class="notice">State in Azure: {provisioningState}</p>
			)}
			<WhatIf capacity={capacity} />
			{budgets
				.filter((budget) => !isMinor(budget))
				.toSorted(
					(a, b) => order.indexOf(worstOf(a)) - order.indexOf(worstOf(b)),
				)
				.map((budget) => (
					<BudgetPart
						key={`${budget.kind} ${budget.id}`}
						budget={budget}
						cluster={cluster}
					/>
				))}
			{minor.length > 0 && (
				<details class="minor">
					<summary>
						{plural(minor.length, "node limit")} that{" "}
						{minor.length === 1 ? "fits" : "fit"}
					</summary>
					{minor.map((budget) => (
						<BudgetPart
							key={`${budget.kind} ${budget.id}`}
							budget={budget}
							cluster={cluster}
						/>
					))}
				</details>
			)}
		</>
	);
}

/** Limits of AKS itself, which hardly any cluster comes near. */
function isMinor(budget: BudgetLedger): boolean {
	return budget.unit === "nodes" && worstOf(budget) === "fits";
}

function BudgetPart({
	budget,
	cluster,
}: {
	readonly budget: BudgetLedger;
	readonly cluster: string;
}) {
	const neighbors = budget.shared.filter((id) => id !== cluster).length;
	return (
		<section class="ledger">
			<h2>
				<BudgetLink budget={budget} cluster={undefined} />{" "}
				<VerdictMark verdict={worstOf(budget)} />
			</h2>
			{neighbors > 0 && (
				<p class="noun">Shared with {plural(neighbors, "neighbor")}</p>
			)}
			<Ledger budget={budget} cluster={cluster} />
		</section>
	);
}

/** The worst of the four scenarios. */
export function worstOf({ scenarios }: BudgetLedger): Verdict {
	const all = scenarioNames.map((name) => scenarios[name].verdict);
	return order.find((verdict) => all.includes(verdict)) ?? "unknown";
}
