import type { Verdict } from "../contract.ts";
import type { FindingsQuery } from "../findings/query.ts";

/** Which clusters are asked for. */
export interface ClustersQuery
	extends Pick<FindingsQuery, "list" | "continuation"> {
	/** Undefined: all. */
	readonly verdict: readonly Verdict[] | undefined;
}
