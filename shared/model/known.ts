import type { BudgetKind, BudgetName, Range } from "../contract.ts";

/** What the newest audit that saw a cluster knew of what it shares with neighbors. */
export interface KnownCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	/** `subscription/node resource group`. */
	readonly group: string;
	readonly lastSeen: { readonly auditId: string; readonly at: string };
	/** Audits in a row in which its subscription answered whole, and without it. */
	readonly missed: number;
	/** Nodes of its pools whose scale sets were seen. */
	readonly nodes: Readonly<Record<string, number>>;
	/** Auto-provisioned nodes that were seen, by subnet. "" where their interfaces show none. */
	readonly machines: Readonly<Record<string, number>>;
	/** Ranges of its pods and services. */
	readonly ranges: readonly string[];
	readonly uses: readonly KnownUse[];
}

export interface KnownUse {
	readonly budget: BudgetName;
	readonly demand: Range;
	/** What the cluster itself used it for, whatever it was judged as. */
	readonly roles: readonly BudgetKind[];
	/** Routes of its table that were no node's, when it was seen last: custom ones, and those of nodes that are gone. 0 for other kinds. */
	readonly otherRoutes: number;
	/** Reads in a row of the budget's list, while the cluster's subscription was silent, that showed none of its nodes. */
	readonly absent: number;
}

/** What tonight's rows say of clusters that are not among them. */
export interface Evidence {
	/** Whether the subscription's clusters would have been seen. */
	readonly answered: (subscription: string) => boolean;
	/** Whether nodes of that group are on the budget. Null if its list does not tell. */
	readonly shows: (
		use: KnownUse,
		cluster: Pick<KnownCluster, "id" | "group">,
	) => boolean | null;
}

/** Looks in a row without a cluster, or its nodes, until it is believed that they are gone. */
const looksUntilGone = 2;

/**
 * A cluster that is not seen, as it is remembered from now on. Null if nothing of it is. If its subscription answers
 * without it, a list that shows none of its nodes frees a budget at once, and two complete answers free the other
 * budgets. While its subscription is silent, only two reads of a list that show none of its nodes do.
 */
export function stillKnown(
	known: KnownCluster,
	{ answered, shows }: Evidence,
): KnownCluster | null {
	const hasAnswered = answered(known.subscription);
	const missed = hasAnswered ? known.missed + 1 : known.missed;
	const uses = known.uses.flatMap((use): KnownUse[] => {
		const shown = shows(use, known);
		if (hasAnswered) {
			if (shown === false) return [];
			return shown === null && missed >= looksUntilGone ? [] : [use];
		}
		const absent = shown === false ? use.absent + 1 : shown ? 0 : use.absent;
		return absent >= looksUntilGone ? [] : [{ ...use, absent }];
	});
	return uses.length === 0 ? null : { ...known, missed, uses };
}

/** What an audit knows beside its rows. */
export interface Knowledge {
	readonly auditId: string;
	/** When the audit started, ISO 8601. */
	readonly at: string;
	readonly known: ReadonlyMap<string, KnownCluster>;
	/** Whether a subscription has answered, with clusters or without. */
	readonly answered: (subscription: string) => boolean;
}
