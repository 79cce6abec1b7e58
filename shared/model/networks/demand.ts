import type { BudgetKind, Range } from "../../contract.ts";
import type { Source } from "../cluster.ts";

/** What one node of a pool uses a budget of this kind. Every AKS model is linear in its nodes. */
export interface NodeDemand {
	readonly kind: BudgetKind;
	readonly units: Range;
	readonly source: Source;
	/** The reason for the amount, as it follows a sum: "max pods 30". */
	readonly reason: string;
	/** What is not understood of it, in words. Absent where all is. */
	readonly missing?: string;
}
