import type { Finding } from "../../shared/contract.ts";
import type {
	Audit,
	Capacity,
	History,
	ListedBudget,
	ListedCluster,
	NetworkMap,
	Overview,
} from "./answers.ts";

/** A whole report in one file: the answers of the API at one moment. */
export interface ExportedReport {
	/** ISO 8601. */
	readonly madeAt: string;
	/** What is not in the file, in sentences. */
	readonly leftOut: readonly string[];
	/** Null: no audit has ended yet. */
	readonly overview: Overview | null;
	readonly audits: readonly Audit[];
	/** Open ones and resolved ones, each worst first. */
	readonly findings: readonly Finding[];
	/** Worst first. */
	readonly clusters: readonly ListedCluster[];
	/** Fullest first. */
	readonly budgets: readonly ListedBudget[];
	/** By the ARM ID of a cluster. */
	readonly capacity: Readonly<Record<string, Capacity>>;
	/** By the ID of a budget. */
	readonly history: Readonly<Record<string, History>>;
	/** By the ARM ID of a virtual network. */
	readonly networks: Readonly<Record<string, NetworkMap>>;
}
