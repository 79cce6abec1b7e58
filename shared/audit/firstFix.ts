import type { BudgetName, Finding } from "../contract.ts";
import { worstFirst } from "../findings/worstFirst.ts";
import type { KeptLine } from "../records/openLine.ts";

/** What to do first about a budget. */
export interface FirstFix {
	/** The ID of the finding that says more. */
	readonly finding: string;
	readonly cluster: string;
	readonly clusterName: string;
	/** Of its first remedy. */
	readonly title: string;
}

/** From the worst open finding about a budget that has a remedy and that nobody accepted. Null: there is none. */
export function firstFix(
	{ id, kind }: BudgetName,
	open: readonly (KeptLine & Pick<Finding, "acceptance">)[],
): FirstFix | null {
	const fixes = open.flatMap((finding) => {
		const { budget, acceptance, firstRemedy: title } = finding;
		return acceptance === null &&
			title !== null &&
			budget?.id === id &&
			budget.kind === kind
			? [{ finding, title }]
			: [];
	});
	const [worst] = worstFirst(fixes, ({ finding }) => finding);
	if (worst === undefined) return null;
	const { finding, title } = worst;
	const { cluster, clusterName } = finding;
	return { finding: finding.id, cluster, clusterName, title };
}
