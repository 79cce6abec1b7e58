import type { BudgetKind, Verdict } from "../contract.ts";
import type { budgetsFormats, FindingsQuery } from "../findings/query.ts";

/** Which budgets are asked for. What is omitted narrows nothing. One of several values is enough. */
export interface BudgetFilter {
	readonly kind?: readonly BudgetKind[] | undefined;
	readonly verdict?: readonly Verdict[] | undefined;
	readonly subscription?: readonly string[] | undefined;
	/** ARM IDs of virtual networks. */
	readonly network?: readonly string[] | undefined;
}

/** A list of them, or a page of it. */
export interface BudgetsQuery
	extends Pick<FindingsQuery, "list" | "continuation"> {
	readonly filter: BudgetFilter;
	readonly format: (typeof budgetsFormats)[number];
}
