import type {
	BudgetName,
	ChangeCounts,
	Coverage,
	Severity,
	SeverityCounts,
} from "../contract.ts";
import type { News, NewsKind } from "../findings/news.ts";

/** What one audit has to tell a channel; `alertCard` draws it. */
export interface Digest {
	readonly auditId: string;
	/** The first complete audit tells where the fleet stands, later ones what changed. */
	readonly kind: "baseline" | "changes";
	readonly state: "completed" | "partial";
	readonly finishedAt: string;
	/** One line per budget (or per rule and cluster where there is no budget), most pressing first. */
	readonly lines: readonly DigestLine[];
	readonly changes: ChangeCounts;
	/** Changes below the least severity that is listed: counted only. */
	readonly belowMinimum: number;
	/** Changes of findings that come and go: counted only. */
	readonly damped: number;
	/** What is open after the audit. */
	readonly open: SeverityCounts;
	/** How many of these are accepted. */
	readonly accepted: number;
	readonly coverage: Coverage;
	/** Base of the link, or null for none. */
	readonly reportUrl: string | null;
}

export interface DigestLine {
	readonly change: NewsKind;
	readonly note: News["note"];
	readonly severity: Severity;
	/** The rule's title, written by us. */
	readonly title: string;
	/** Names in it are other people's text. */
	readonly budget: BudgetName | null;
	/** Worst first; names are other people's text. */
	readonly clusters: readonly { readonly id: string; readonly name: string }[];
	/** The worst cluster's figures in words, e.g. "short by 12 to 30 addresses at full scale"; null where the rule has none. */
	readonly figures: string | null;
	/** Why, e.g. "3 nodes x 29 to 31 addresses (max pods 30)"; may hold other people's names. */
	readonly because: string | null;
	/** What to do first; may hold other people's names. */
	readonly remedy: string | null;
}
