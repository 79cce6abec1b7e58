import { lastName } from "../../shared/arm.ts";
import { compareVerdicts } from "../../shared/model/verdictOrder.ts";
import { plural } from "../../shared/text.ts";
import { WhatIf } from "../check/whatIf.tsx";
import { useLoaded } from "../context.ts";
import type { BudgetLedger, Capacity } from "../data/answers.ts";
import { BudgetLink } from "../parts/budgetName.tsx";
import { Reading } from "../parts/loading.tsx";
import { PageHead } from "../parts/pageHead.tsx";
import { BudgetSection, worstOf } from "./budget/section.tsx";

export function ClusterView({ id }: { readonly id: string }) {
	const capacity = useLoaded(`capacity ${id}`, (data) => data.capacity(id));
	return (
		<>
			<PageHead noun="cluster" id={id} findings={{ text: lastName(id) }} />
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
				.toSorted((a, b) => compareVerdicts(worstOf(a), worstOf(b)))
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
	return (
		<BudgetSection budget={budget} cluster={cluster}>
			<BudgetLink budget={budget} cluster={undefined} />
		</BudgetSection>
	);
}
