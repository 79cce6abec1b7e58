import {
	type AlertState,
	type Audit,
	type Finding,
	severities,
} from "../../shared/contract.ts";
import { grouped, plural } from "../../shared/text.ts";

const worstShown = 8;

/** What became of an audit's card. */
export const alertText: Readonly<Record<AlertState, string>> = {
	none: "not needed",
	recorded: "recorded, not sent: no webhook is set",
	pending: "not delivered yet",
	sent: "sent",
	failed: "could not be delivered",
};

/** What an audit found, in a terminal's few lines. Names are other people's text: control characters do not reach the terminal. */
export function summary(audit: Audit, findings: readonly Finding[]): string {
	if (audit.state === "failed") return failure(audit, findings);
	const { coverage } = audit;
	const open = severities
		.map((severity) => `${audit.findings[severity]} ${severity}`)
		.join(", ");
	const lines = [
		`Audit ${audit.auditId} is ${audit.state}.`,
		`  ${plural(coverage.clusters, "cluster")}, ${grouped(coverage.notEvaluated)} not evaluated. ${plural(coverage.subnets, "subnet")}. ${coverage.subscriptions.answered} of ${plural(coverage.subscriptions.expected, "subscription")} answered.`,
		...coverage.gaps.map(({ scope, reason }) => `  Gap: ${scope}: ${reason}`),
		`  Open findings: ${open}${audit.accepted > 0 ? `, ${audit.accepted} accepted` : ""}.`,
		`  Alert: ${alertText[audit.alert.state]}.`,
		...worst(audit, findings),
	];
	return lines.map(printable).join("\n");
}

/** A failed audit is not an all-clear: it says why it failed and what was open before, and counts nothing that it did not read. */
function failure(audit: Audit, findings: readonly Finding[]): string {
	const open = severities
		.filter((severity) => audit.findings[severity] > 0)
		.map((severity) => `${audit.findings[severity]} ${severity}`)
		.join(", ");
	const lines = [
		`Audit ${audit.auditId} FAILED: no cluster was checked. This is not an all-clear.`,
		...audit.coverage.gaps.map(({ reason }) => `  Why: ${reason}`),
		open === ""
			? "  Nothing was open before."
			: `  Still open from before: ${open}.`,
		`  Alert: ${alertText[audit.alert.state]}.`,
		...worst(audit, findings),
	];
	return lines.map(printable).join("\n");
}

/** The most severe findings, and how many more there are. */
function worst(audit: Audit, findings: readonly Finding[]): string[] {
	const shown = [...findings]
		.sort(
			(a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
		)
		.slice(0, worstShown);
	const all = severities.reduce((sum, one) => sum + audit.findings[one], 0);
	const more = all - shown.length;
	return [
		...shown.map((finding) => `  ${findingLine(finding)}`),
		...(more > 0 ? [`  and ${plural(more, "more finding")}`] : []),
	];
}

function findingLine({ severity, clusterName, headline }: Finding): string {
	return `${severity.padEnd(8)} ${clusterName}: ${headline}`;
}

function printable(line: string): string {
	return line.replace(/\p{Cc}|\p{Cf}/gu, " ");
}
