import type { Acceptance, Finding, Verdict } from "../../shared/contract.ts";
import type { Terms } from "../../shared/findings/acceptance.ts";
import type { BudgetFilter } from "../../shared/records/budgetsQuery.ts";
import type {
	Audit,
	BudgetsPage,
	Capacity,
	CheckAnswer,
	CheckBody,
	History,
	ListedCluster,
	ListedFinding,
	NetworkMap,
	Overview,
} from "./answers.ts";

/** Where the report's data is from. Each method throws a `ReadError` that says what is wrong. */
export interface ReportData {
	readonly viewer: Viewer;
	overview(): Promise<Overview>;
	/** The newest first. */
	audits(): Promise<readonly Audit[]>;
	/** Every finding of a state, worst first. */
	findings(state: Finding["state"]): Promise<readonly ListedFinding[]>;
	finding(id: string): Promise<Finding>;
	/** Fullest first; the continuation of the page before goes on. */
	budgets(
		filter: BudgetFilter,
		continuation?: string | null,
	): Promise<BudgetsPage>;
	/** Worst first. No verdict: all. */
	clusters(verdict: readonly Verdict[]): Promise<readonly ListedCluster[]>;
	/** Throws with status 404 where no audit saw the cluster. */
	capacity(cluster: string): Promise<Capacity>;
	/** Throws with status 404 where there is none yet. */
	history(budget: string): Promise<History>;
	/** Throws with status 404 where no audit saw it. */
	network(id: string): Promise<NetworkMap>;
	/** Asks Azure whether a change would fit. Null: nobody can be asked here. */
	readonly check: ((body: CheckBody) => Promise<CheckAnswer>) | null;
	/** Null: nothing can be accepted here. */
	readonly acceptances: Acceptances | null;
}

export interface Acceptances {
	accept(what: Acceptable, terms: Terms): Promise<Acceptance>;
	withdraw(what: Acceptable): Promise<void>;
}

/** What an acceptance covers: one finding, or everything about one budget. */
export type Acceptable =
	| { readonly by: "finding"; readonly id: string }
	| { readonly by: "budget"; readonly id: string };

/** How somebody came in, or that this is a file which somebody made. */
export type Viewer =
	| { readonly door: "sign-in"; readonly name: string }
	| { readonly door: "open" }
	| { readonly door: "key" }
	| {
			readonly door: "file";
			/** ISO 8601. */
			readonly madeAt: string;
			/** What the file leaves out, in sentences. */
			readonly leftOut: readonly string[];
	  };

/** What could not be read, in words for people. */
export class ReadError extends Error {
	/** Of HTTP. 0: no answer. */
	readonly status: number;

	constructor(status: number, message: string, options?: ErrorOptions) {
		super(message, options);
		this.status = status;
	}
}
