import {
	acceptance,
	acceptanceBody,
	acceptancesList,
	givenAcceptance,
	withdrawnAcceptance,
} from "./acceptances.ts";
import {
	budgetKind,
	budgetName,
	preflight,
	preflightCheck,
	range,
	runway,
	scenarioName,
	severity,
	unit,
	verdict,
} from "./amounts.ts";
import { audit, auditBody, auditsPage, gap, startedAudit } from "./audit.ts";
import { budgetScenario, budgetsPage, listedBudget } from "./budgets.ts";
import {
	budgetLedger,
	capacity,
	ledgerEntry,
	scenarioLedger,
	shownPool,
} from "./capacity.ts";
import {
	checkAnswer,
	checkBody,
	checkedAmount,
	checkedBudget,
	checkedCluster,
	checkedResource,
	checkedState,
} from "./checks.ts";
import { clustersPage, listedCluster } from "./clusters.ts";
import {
	finding,
	findingLine,
	findingLines,
	findingsPage,
	lastKnown,
	reason,
	remedy,
	remedyChange,
} from "./finding.ts";
import { health } from "./health.ts";
import { history, historyPoint } from "./history.ts";
import { network, networkSubnet } from "./networks.ts";
import { overview, verdictCounts } from "./overview.ts";
import { problem } from "./problem.ts";

/** Schemas with a name in the document: generated clients have a type for each. */
export const components = {
	Acceptance: acceptance,
	AcceptanceBody: acceptanceBody,
	AcceptancesList: acceptancesList,
	Audit: audit,
	AuditBody: auditBody,
	AuditsPage: auditsPage,
	BudgetKind: budgetKind,
	BudgetLedger: budgetLedger,
	BudgetName: budgetName,
	BudgetScenario: budgetScenario,
	BudgetsPage: budgetsPage,
	Capacity: capacity,
	CheckAnswer: checkAnswer,
	CheckBody: checkBody,
	CheckedAmount: checkedAmount,
	CheckedBudget: checkedBudget,
	CheckedCluster: checkedCluster,
	CheckedResource: checkedResource,
	CheckedState: checkedState,
	ClustersPage: clustersPage,
	Finding: finding,
	FindingLine: findingLine,
	FindingLines: findingLines,
	FindingsPage: findingsPage,
	Gap: gap,
	GivenAcceptance: givenAcceptance,
	Health: health,
	History: history,
	HistoryPoint: historyPoint,
	LastKnown: lastKnown,
	LedgerEntry: ledgerEntry,
	ListedBudget: listedBudget,
	ListedCluster: listedCluster,
	Network: network,
	NetworkSubnet: networkSubnet,
	Overview: overview,
	Preflight: preflight,
	PreflightCheck: preflightCheck,
	Problem: problem,
	Range: range,
	Reason: reason,
	Remedy: remedy,
	RemedyChange: remedyChange,
	Runway: runway,
	ScenarioLedger: scenarioLedger,
	ScenarioName: scenarioName,
	Severity: severity,
	ShownPool: shownPool,
	StartedAudit: startedAudit,
	Unit: unit,
	Verdict: verdict,
	VerdictCounts: verdictCounts,
	WithdrawnAcceptance: withdrawnAcceptance,
};
