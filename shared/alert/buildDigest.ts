import {
	type ChangeCounts,
	type Coverage,
	changeKinds,
	type Finding,
	type Severity,
	type SeverityCounts,
	scenarioNames,
	severities,
} from "../contract.ts";
import { type News, type NewsKind, noticeKinds } from "../findings/news.ts";
import { units } from "../model/budget.ts";
import { words } from "../model/range.ts";
import { rules } from "../rules/registry.ts";
import { scenarioWords, shortWords } from "../rules/sums.ts";
import type { Digest, DigestLine } from "./digest.ts";

export interface DigestInput {
	readonly auditId: string;
	readonly baseline: boolean;
	readonly state: "completed" | "partial";
	readonly finishedAt: string;
	/** What is told; what is only counted stands in `counts` and `damped`. */
	readonly changes: readonly News[];
	readonly damped: number;
	readonly counts: ChangeCounts;
	readonly open: SeverityCounts;
	readonly accepted: number;
	readonly coverage: Coverage;
	readonly minSeverity: Severity;
	readonly reportUrl: string | null;
}

/** Whether a change is worth a line: it is, or was before it eased, at least as severe as the channel asks for. */
export function isListed(change: News, minSeverity: Severity): boolean {
	const worst = Math.min(
		severities.indexOf(change.finding.severity),
		severities.indexOf(change.severityBefore ?? "info"),
	);
	return worst <= severities.indexOf(minSeverity);
}

/** What an audit has to tell, one line per budget: five clusters short in one subnet are one line. */
export function buildDigest(input: DigestInput): Digest {
	const listed = input.changes.filter((change) =>
		isListed(change, input.minSeverity),
	);
	const groups = Map.groupBy(listed, groupKey);
	return {
		auditId: input.auditId,
		kind: input.baseline ? "baseline" : "changes",
		state: input.state,
		finishedAt: input.finishedAt,
		lines: [...groups.values()].map(lineOf).sort(mostPressingFirst),
		changes: input.counts,
		belowMinimum: input.changes.length - listed.length,
		damped: input.damped,
		open: input.open,
		accepted: input.accepted,
		coverage: input.coverage,
		reportUrl: input.reportUrl,
	};
}

/** Without a budget the reason is what several clusters have in common. */
function groupKey({ kind, finding, reason, note }: News): string {
	const { rule, budget, because } = finding;
	return [
		kind,
		note ?? "",
		rule,
		budget?.id ?? because[0] ?? "",
		reason ?? "",
	].join("\n");
}

function lineOf(changes: readonly News[]): DigestLine {
	const ordered = [...changes].sort((a, b) => worstFirst(a.finding, b.finding));
	const [worst] = ordered;
	if (worst === undefined) throw new Error("a line without a change");
	const { finding, kind, reason, note } = worst;
	return {
		change: kind,
		note,
		severity: finding.severity,
		title: rules.find(({ id }) => id === finding.rule)?.title ?? finding.rule,
		budget: finding.budget,
		clusters: ordered.map(({ finding }) => ({
			id: finding.cluster,
			name: finding.clusterName,
		})),
		figures: figuresOf(finding),
		because: reason ?? finding.because.join("; "),
		remedy: kind === "resolved" ? null : (finding.remedies[0]?.text ?? null),
	};
}

function figuresOf(finding: Finding): string | null {
	const { budget, scenario, verdict, free, drawn, limit } = finding;
	if (budget === null || scenario === null || free === null) return null;
	if (verdict === "short" || verdict === "tight")
		return `${shortWords(free, units[budget.kind])} ${scenarioWords[scenario]}`;
	if (verdict === "unknown" || drawn === null || limit === null) return null;
	return `${words(drawn)} of ${words(limit)} ${units[budget.kind]} ${scenarioWords[scenario]}`;
}

function worstFirst(a: Finding, b: Finding): number {
	return (
		severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
		scenarioIndex(a) - scenarioIndex(b) ||
		(a.free?.low ?? 0) - (b.free?.low ?? 0) ||
		(a.cluster < b.cluster ? -1 : 1)
	);
}

function scenarioIndex({ scenario }: Finding): number {
	return scenario === null
		? scenarioNames.length
		: scenarioNames.indexOf(scenario);
}

function mostPressingFirst(a: DigestLine, b: DigestLine): number {
	return (
		severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
		changeOrder(a.change) - changeOrder(b.change) ||
		b.clusters.length - a.clusters.length ||
		((a.budget?.id ?? "") < (b.budget?.id ?? "") ? -1 : 1)
	);
}

const newsKinds: readonly NewsKind[] = [...changeKinds, ...noticeKinds];

function changeOrder(kind: NewsKind): number {
	return newsKinds.indexOf(kind);
}
