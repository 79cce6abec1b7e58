import type * as v from "valibot";
import type { FindingLine } from "../../shared/contract.ts";
import type { audit, auditsPage } from "../../shared/http/answers/audit.ts";
import type {
	budgetsPage,
	listedBudget,
} from "../../shared/http/answers/budgets.ts";
import type {
	budgetLedger,
	capacity,
} from "../../shared/http/answers/capacity.ts";
import type {
	checkAnswer,
	checkBody,
} from "../../shared/http/answers/checks.ts";
import type {
	clustersPage,
	listedCluster,
} from "../../shared/http/answers/clusters.ts";
import type { history } from "../../shared/http/answers/history.ts";
import type { network } from "../../shared/http/answers/networks.ts";
import type { overview } from "../../shared/http/answers/overview.ts";
import type { problem } from "../../shared/http/answers/problem.ts";

/* What the API answers, as its own schemas say it. */

export type Audit = v.InferOutput<typeof audit>;
export type AuditsPage = v.InferOutput<typeof auditsPage>;
export type BudgetLedger = v.InferOutput<typeof budgetLedger>;
export type BudgetsPage = v.InferOutput<typeof budgetsPage>;
export type Capacity = v.InferOutput<typeof capacity>;
export type Pool = Capacity["pools"][number];
export type CheckAnswer = v.InferOutput<typeof checkAnswer>;
export type CheckBody = v.InferInput<typeof checkBody>;
export type CheckedCluster = CheckAnswer["clusters"][number];
export type CheckedBudget = CheckedCluster["budgets"][number];
export type ClustersPage = v.InferOutput<typeof clustersPage>;
export type FindingLines = { readonly findings: readonly FindingLine[] };
export type History = v.InferOutput<typeof history>;
export type ListedBudget = v.InferOutput<typeof listedBudget>;
export type ListedCluster = v.InferOutput<typeof listedCluster>;
/** A finding without its sums and remedies: those come when somebody opens it. */
export type ListedFinding = FindingLine;
export type NetworkMap = v.InferOutput<typeof network>;
export type Overview = v.InferOutput<typeof overview>;
export type Problem = v.InferOutput<typeof problem>;
