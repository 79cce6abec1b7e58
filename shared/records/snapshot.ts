import type { ChangeCounts, Gap } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { Remembered } from "../inventory/coverage.ts";
import type { Budget } from "../model/budget.ts";
import type { FleetCluster } from "../model/fleet.ts";
import type { SharedLedger } from "../model/ledger.ts";

/** A cluster as an audit saw it, with what was found open before. */
export interface ClusterSnapshot extends FleetCluster {
	readonly open: readonly KeptFinding[];
}

/** Open findings of a cluster that this audit does not judge. */
export interface UnseenCluster {
	readonly cluster: string;
	readonly fate: "not-answered" | "vanished" | "out-of-scope" | "out-of-reach";
	readonly findings: readonly KeptFinding[];
}

/** What collection says of the whole fleet. */
export interface Overview {
	readonly clusters: number;
	readonly subnets: number;
	readonly expected: number;
	readonly gaps: readonly Gap[];
	readonly outOfReach: readonly string[];
	readonly remembered: Remembered;
	readonly vanishedBefore: Readonly<Record<string, number>>;
	/** No audit has ended before: all that is found is new. */
	readonly baseline: boolean;
	/**
	 * Of a scoped audit: by cluster or budget, why rows that it rests on may be older than the request. Its findings then
	 * neither resolve nor ease. Absent for the fleet.
	 */
	readonly olderRows?: Readonly<Record<string, string>>;
	/** Of a scoped audit: IDs of changes that its rows did not show yet. */
	readonly changesNotSeen?: readonly string[];
	/** The last audit of the fleet that ended, and so could tell. Null where there is none. */
	readonly before: {
		readonly auditId: string;
		readonly rulesVersion: number;
		readonly finishedAt: string;
	} | null;
}

/** What a slice reports when it is done. */
export interface SliceDone {
	readonly clusters: number;
	readonly notEvaluated: number;
	readonly changes: ChangeCounts;
}

/** The tags of a cluster by which alerts are routed. */
export interface ClusterTags {
	readonly cluster: string;
	/** Names in lower case. */
	readonly tags: Readonly<Record<string, string>>;
}

/** What every slice of a snapshot needs. */
export interface Common {
	readonly overview: Overview;
	/** Budgets that several clusters use, by id. */
	readonly budgets: ReadonlyMap<string, Budget>;
}

/** What the ledger of one cluster follows from. */
export interface LedgerFacts {
	readonly judged: FleetCluster;
	/** Its budgets that other clusters use, too. */
	readonly shared: readonly SharedLedger[];
}
