import type { ComponentChildren } from "preact";
import { scenarioNames, type Verdict } from "../../../shared/contract.ts";
import { worstVerdict } from "../../../shared/model/verdictOrder.ts";
import type { BudgetLedger } from "../../data/answers.ts";
import { VerdictMark } from "../../parts/verdict.tsx";
import { Ledger } from "./ledger.tsx";

/** A budget as a section of a page. The children are its title. */
export function BudgetSection({
	budget,
	cluster,
	children,
}: {
	readonly budget: BudgetLedger;
	/** The cluster of the page. Null: the budget's own page. */
	readonly cluster: string | null;
	readonly children: ComponentChildren;
}) {
	return (
		<section class="ledger">
			<h2>
				{children} <VerdictMark verdict={worstOf(budget)} />
			</h2>
			<Ledger budget={budget} cluster={cluster} />
		</section>
	);
}

/** The worst of the four scenarios. */
export function worstOf({ scenarios }: BudgetLedger): Verdict {
	const all = scenarioNames.map((name) => scenarios[name].verdict);
	return worstVerdict(all) ?? "unknown";
}
