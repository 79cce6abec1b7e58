import type {
	BudgetName,
	ChangeCounts,
	Coverage,
	Severity,
	SeverityCounts,
} from "../contract.ts";
import type { News, NewsKind } from "../findings/news.ts";
import type { Unit } from "../model/budgetKinds.ts";

/** What one audit has to tell a channel. `alertCard` renders it. */
export interface Digest {
	readonly auditId: string;
	/** The first complete audit tells the present state of the fleet, later ones what changed. */
	readonly kind: "baseline" | "changes";
	readonly state: "completed" | "partial";
	readonly finishedAt: string;
	/** Set for an audit of some clusters. Null: of the fleet. */
	readonly scope: DigestScope | null;
	/** False: the channel hears about a part of the fleet, and must not read that the rest is healthy. */
	readonly whole: boolean;
	readonly short: ShortNow;
	/** One line per budget (or per rule and reason where there is no budget), worst first. */
	readonly lines: readonly DigestLine[];
	readonly changes: ChangeCounts;
	/** Changes of a lower severity than the channel lists: counted only. */
	readonly belowMinimum: number;
	/** Changes of findings that come and go: counted only. */
	readonly damped: number;
	/** What is open after the audit. */
	readonly open: SeverityCounts;
	/** Open findings that somebody has decided to live with: counted only. */
	readonly accepted: number;
	/** Budgets that could not be judged, by cause, most first. Accepted ones are omitted. */
	readonly unknown: readonly {
		/** Names in it may be other people's text. */
		readonly cause: string;
		readonly budgets: number;
	}[];
	/** The weekly summary, which comes also when nothing is new. Null on other days. */
	readonly weekly: { readonly stillOpen: readonly DigestLine[] } | null;
	/** Null where the audits before were complete, and no night was missed. */
	readonly lastComplete: LastComplete | null;
	readonly coverage: Coverage;
	/** IDs of subscriptions that are expected no more. Each is said once. */
	readonly outOfReach: readonly string[];
	/** Base of the links, or null for none. */
	readonly reportUrl: string | null;
}

/** What a scoped audit was about. */
export interface DigestScope {
	/** Names of clusters that it judged: other people's text. */
	readonly clusters: readonly string[];
	/** Why it was asked for, oldest first. May contain other people's text. */
	readonly why: readonly string[];
	/** True: changes were heard, and `why` is what they are. False: somebody asked for it. */
	readonly changed: boolean;
}

/** Clusters with an open critical or high finding of a budget that is short. Accepted findings do not count. */
export interface ShortNow {
	readonly clusters: number;
	/** Of how many. Null where the audit or the channel does not see the whole fleet. */
	readonly of: number | null;
	/** What they are short of. */
	readonly units: readonly Unit[];
}

export interface LastComplete {
	/** When the last complete audit before this one ended. Null: there was none. */
	readonly at: string | null;
	/** Whole days from then to this audit. */
	readonly days: number;
}

/** Characters that a line has for its reasons: a phone shows about eight rows of them. */
export const reasonsLength = 280;

export interface DigestLine {
	readonly change: NewsKind | "still-open";
	readonly note: News["note"];
	readonly severity: Severity;
	/** The ID of the worst finding in it. */
	readonly finding: string;
	/** How many findings are in it. */
	readonly findings: number;
	/**
	 * The worst finding's headline, e.g. "Subnet nodes is 12 to 30 IPs short at autoscaler max". Can contain other
	 * people's names.
	 */
	readonly headline: string;
	/** The other headlines about the same budget, worst first. */
	readonly also: readonly string[];
	/** What follows, e.g. "Azure refuses any change of the cluster." Can contain other people's names. */
	readonly impact: string | null;
	/** Names in it are other people's text. */
	readonly budget: BudgetName | null;
	/** Worst first, each once. Names are other people's text. */
	readonly clusters: readonly { readonly id: string; readonly name: string }[];
	/** IDs of those of its clusters that are short, by a critical or high finding. */
	readonly short: readonly string[];
	/** How many nodes the worst pool can add, e.g. "Pool apps can add 2 to 4 nodes now". */
	readonly additionalNodes: string | null;
	/**
	 * When it will be full, e.g. "Full in about 23 days (15 to 40), from 30 points over 29 days". Null without an
	 * estimate.
	 */
	readonly runway: string | null;
	/** When it was first seen, for what is told again. Otherwise null. */
	readonly since: string | null;
	/**
	 * Why, e.g. "Needs 144 to 153 IPs for an upgrade, has 123 usable IPs in 10.1.0.0/25". Of a resolved one: what
	 * resolved it, where that is not the fleet itself. Can contain other people's names.
	 */
	readonly reasons: string | null;
	/** What to do, best first. Can contain other people's names. */
	readonly remedies: readonly string[];
}
