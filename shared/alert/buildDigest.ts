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
import { type News, noticeKinds } from "../findings/news.ts";
import { runwayText } from "../history/runwayText.ts";
import { words } from "../model/range.ts";
import { capital, sentences } from "../text.ts";
import { daysBetween, hoursBetween } from "../time.ts";
import {
	type Digest,
	type DigestLine,
	type DigestScope,
	type LastComplete,
	reasonsLength,
} from "./digest.ts";

export interface DigestInput {
	readonly auditId: string;
	readonly scope: DigestScope | null;
	readonly baseline: boolean;
	readonly state: "completed" | "partial";
	readonly finishedAt: string;
	readonly whole: boolean;
	/** What is told. `counts` and `damped` have what is only counted. */
	readonly changes: readonly News[];
	readonly counts: ChangeCounts;
	readonly damped: number;
	readonly open: SeverityCounts;
	readonly accepted: number;
	/** Open findings that nobody has accepted. */
	readonly unaccepted: readonly Finding[];
	/** Findings that are told again in the weekly summary. Null where it is not due. */
	readonly weekly: readonly Finding[] | null;
	/** When the last complete audit before this one ended. Null: none has been. */
	readonly lastComplete: string | null;
	readonly coverage: Coverage;
	readonly minSeverity: Severity;
	readonly reportUrl: string | null;
}

/** Whether a change gets a line: its severity, now or before it eased, is at least what the channel asks for. */
export function isListed(change: News, minSeverity: Severity): boolean {
	const worst = Math.min(
		severities.indexOf(change.finding.severity),
		severities.indexOf(change.severityBefore ?? "info"),
	);
	return worst <= severities.indexOf(minSeverity);
}

/** What an audit tells, one line per budget: five clusters short in one subnet are one line. */
export function buildDigest(input: DigestInput): Digest {
	const listed = input.changes.filter((change) =>
		isListed(change, input.minSeverity),
	);
	return {
		auditId: input.auditId,
		kind: input.baseline ? "baseline" : "changes",
		state: input.state,
		finishedAt: input.finishedAt,
		scope: input.scope,
		whole: input.whole,
		lines: linesOf(listed),
		changes: input.counts,
		belowMinimum: input.changes.length - listed.length,
		damped: input.damped,
		open: input.open,
		accepted: input.accepted,
		unknown: unknownByCause(input.unaccepted),
		weekly: input.weekly && { stillOpen: linesOf(input.weekly.map(again)) },
		lastComplete: lastCompleteOf(input),
		coverage: input.coverage,
		reportUrl: input.reportUrl,
	};
}

/** Budgets whose findings stay as they were, and those that could not be judged at all. */
function unknownByCause(findings: readonly Finding[]): Digest["unknown"] {
	const budgets = new Map<string, Set<string>>();
	for (const { rule, budget, lastKnown, reasons, id } of findings) {
		const cause =
			lastKnown?.cause ??
			(rule === "not-evaluated" ? reasons[0]?.text : undefined);
		if (cause === undefined) continue;
		const own = budgets.get(cause) ?? new Set();
		budgets.set(cause, own.add(budget?.id ?? id));
	}
	return [...budgets]
		.map(([cause, own]) => ({ cause, budgets: own.size }))
		.sort((a, b) => b.budgets - a.budgets || (a.cause < b.cause ? -1 : 1));
}

/** What a line is made of: news, or what is told again. */
interface Told extends Omit<News, "kind"> {
	readonly kind: DigestLine["change"];
}

function again(finding: Finding): Told {
	return {
		kind: "still-open",
		finding,
		severityBefore: null,
		reason: null,
		note: null,
	};
}

function linesOf(told: readonly Told[]): DigestLine[] {
	const groups = Map.groupBy(told, groupKey);
	return [...groups.values()].map(lineOf).sort(mostPressingFirst);
}

/** A night and a half: a nightly audit that took longer than the one before is not a missed one. */
const missedAfterHours = 36;

/** Told if the present audit is partial, or if the complete one is more than a night ago. */
function lastCompleteOf({
	scope,
	state,
	baseline,
	lastComplete,
	finishedAt,
}: DigestInput): LastComplete | null {
	if (scope !== null) return null;
	if (lastComplete === null)
		return state === "partial" || !baseline ? { at: null, days: 0 } : null;
	const hours = hoursBetween(lastComplete, finishedAt);
	return state === "partial" || hours > missedAfterHours
		? { at: lastComplete, days: daysBetween(lastComplete, finishedAt) }
		: null;
}

/** Without a budget the reason is what several clusters have in common. */
function groupKey({ kind, finding, reason, note }: Told): string {
	const { rule, budget, reasons } = finding;
	return [
		kind,
		note ?? "",
		rule,
		budget?.id ?? reasons[0]?.text ?? "",
		reason ?? "",
	].join("\n");
}

function lineOf(told: readonly Told[]): DigestLine {
	const ordered = [...told].sort((a, b) => worstFirst(a.finding, b.finding));
	const [worst] = ordered;
	if (worst === undefined) throw new Error("a line without a change");
	const { finding, kind, reason, note } = worst;
	return {
		change: kind,
		note,
		severity: finding.severity,
		headline: finding.headline,
		budget: finding.budget,
		clusters: ordered.map(({ finding }) => ({
			id: finding.cluster,
			name: finding.clusterName,
		})),
		isShort: isShort(finding),
		additionalNodes: additionalNodesText(finding),
		runway: finding.runway && runwayText(finding.runway),
		since: kind === "still-open" ? firstSeen(ordered) : null,
		reasons: reason ?? reasonsWithin(reasonsOf(finding), reasonsLength),
		remedy: kind === "resolved" ? null : (finding.remedies[0]?.title ?? null),
	};
}

/** What the headline does not say. Old amounts are named as old before they are explained. */
function reasonsOf({
	headline,
	lastKnown,
	reasons,
}: Finding): readonly string[] {
	const texts = reasons
		.map(({ text }) => capital(text))
		.filter((text) => text !== headline);
	if (!lastKnown) return texts;
	const since = `These are the figures of audit ${lastKnown.auditId}. ${lastKnown.cause}`;
	return [since, ...texts];
}

/** As many whole reasons as fit into a line, and always the first: half a sum explains nothing. */
function reasonsWithin(reasons: readonly string[], length: number): string {
	const [first = "", ...others] = reasons;
	return others.reduce(
		(text, reason) =>
			text.length + reason.length + 2 <= length
				? sentences([text, reason])
				: text,
		sentences([first]),
	);
}

function isShort({ budget, verdict }: Finding): boolean {
	return budget !== null && (verdict === "short" || verdict === "tight");
}

/** The pool with the fewest additional nodes, since it stops first. */
function additionalNodesText({ additionalNodes }: Finding): string | null {
	const pools = Object.entries(additionalNodes ?? {});
	const isFull = ([, { high }]: (typeof pools)[number]) =>
		high !== null && high <= 0;
	if (pools.length > 1 && pools.every(isFull))
		return "No pool can add a node now";
	const [worst] = pools.sort(
		([, a], [, b]) =>
			(a.low ?? -1) - (b.low ?? -1) ||
			(a.high ?? boundless) - (b.high ?? boundless),
	);
	if (worst === undefined) return null;
	const [pool, { low, high }] = worst;
	if (isFull(worst)) return `Pool ${pool} cannot add a node now`;
	const figure = words({ low, high });
	return `Pool ${pool} can add ${figure} ${figure === "1" ? "node" : "nodes"} now`;
}

const boundless = Number.MAX_SAFE_INTEGER;

function firstSeen(told: readonly Told[]): string | null {
	return told.map(({ finding }) => finding.firstSeen).toSorted()[0] ?? null;
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

const lineKinds: readonly DigestLine["change"][] = [
	...changeKinds,
	...noticeKinds,
	"still-open",
];

function changeOrder(change: DigestLine["change"]): number {
	return lineKinds.indexOf(change);
}
