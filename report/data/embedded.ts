import { networkOfBudget, subscriptionOfId } from "../../shared/arm.ts";
import { isAmong } from "../../shared/findings/query.ts";
import type { ExportedReport } from "./exported.ts";
import { ReadError, type ReportData } from "./reportData.ts";

/** Reads from the data that a saved report has in itself. */
export function embeddedData(report: ExportedReport): ReportData {
	const { madeAt, leftOut, overview, audits, findings, budgets } = report;
	return {
		viewer: { door: "file", madeAt, leftOut },
		overview: async () => found(overview, "the overview"),
		audits: async () => audits,
		findings: async (state) => findings.filter((one) => one.state === state),
		finding: async (wanted) =>
			found(
				findings.find(({ id }) => id === wanted),
				`finding ${wanted}`,
			),
		budgets: async ({ kind, verdict, subscription, network }) => ({
			auditId: overview?.audit.auditId ?? "",
			budgets: budgets.filter(
				(one) =>
					isAmong(one.kind, kind) &&
					isAmong(one.verdict, verdict) &&
					isAmong(subscriptionOfId(one.id), subscription) &&
					isAmong(networkOfBudget(one.id), network),
			),
			continuation: null,
		}),
		clusters: async (verdict) =>
			report.clusters.filter(
				(one) => verdict.length === 0 || verdict.includes(one.verdict),
			),
		capacity: async (cluster) =>
			found(report.capacity[cluster], `the capacity of ${cluster}`),
		history: async (budget) =>
			found(report.history[budget], `the history of ${budget}`),
		network: async (id) => found(report.networks[id], `virtual network ${id}`),
		check: null,
		acceptances: null,
	};
}

function found<T>(value: T | null | undefined, what: string): T {
	if (value !== undefined && value !== null) return value;
	throw new ReadError(404, `This file does not have ${what}.`);
}
