import {
	type ChangeCounts,
	type Coverage,
	changeKinds,
	type Finding,
	type Severity,
	type SeverityCounts,
	severities,
} from "../contract.ts";
import { additionalNodesText, impactOf } from "../findings/impact.ts";
import { type News, noticeKinds } from "../findings/news.ts";
import { isShortNow } from "../findings/ownVerdict.ts";
import { compareWeight } from "../findings/weight.ts";
import { runwayText } from "../history/runwayText.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { capital, sentences } from "../text.ts";
import { daysBetween, hoursBetween } from "../time.ts";
import {
	type Digest,
	type DigestLine,
	type DigestScope,
	type LastComplete,
	reasonsLength,
	type ShortNow,
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
	readonly outOfReach: readonly string[];
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

/**
 * What an audit tells, one line per budget: five clusters short in one subnet are one line, and so are two rules about
 * it.
 */
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
		short: shortNow(input),
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
		outOfReach: input.outOfReach,
		reportUrl: input.reportUrl,
	};
}

function shortNow({
	unaccepted,
	coverage,
	scope,
	state,
	whole,
}: DigestInput): ShortNow {
	const found = unaccepted.filter(isShortNow);
	const clusters = new Set(found.map(({ cluster }) => cluster)).size;
	const units = found.flatMap(({ budget }) =>
		budget === null ? [] : [budgetKinds[budget.kind].unit],
	);
	// Findings of clusters that were not read stay open, so there can be more than were read.
	const isKnown =
		scope === null &&
		whole &&
		state === "completed" &&
		clusters <= coverage.clusters;
	return {
		clusters,
		of: isKnown ? coverage.clusters : null,
		units: [...new Set(units)],
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
	return [...Map.groupBy(told, groupKey).values()]
		.map((group) => {
			const ordered = group.toSorted((a, b) =>
				worstFirst(a.finding, b.finding),
			);
			const [worst] = ordered;
			if (worst === undefined) throw new Error("a line without a change");
			return { worst, line: lineOf(worst, ordered) };
		})
		.sort(
			(a, b) =>
				compareWeight(a.worst.finding, b.worst.finding) ||
				changeOrder(a.line.change) - changeOrder(b.line.change) ||
				b.line.clusters.length - a.line.clusters.length ||
				compareText(keyOf(a.worst.finding), keyOf(b.worst.finding)),
		)
		.map(({ line }) => line);
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

function groupKey({ kind, finding, reason, note }: Told): string {
	return [kind, note ?? "", keyOf(finding), reason ?? ""].join("\n");
}

/** Without a budget the reason is what several clusters have in common. */
function keyOf({ rule, budget, reasons }: Finding): string {
	return budget?.id ?? `${rule}\n${reasons[0]?.text ?? ""}`;
}

/** `ordered`: worst first. */
function lineOf(
	{ finding, kind, reason, note }: Told,
	ordered: readonly Told[],
): DigestLine {
	const findings = ordered.map((one) => one.finding);
	return {
		change: kind,
		note,
		severity: finding.severity,
		finding: finding.id,
		findings: findings.length,
		headline: finding.headline,
		also: othersOf(finding, findings),
		impact: impactOf(finding),
		budget: finding.budget,
		clusters: clustersOf(findings),
		short: clustersOf(findings.filter(isShortNow)).map(({ id }) => id),
		additionalNodes: additionalNodesText(finding),
		runway: finding.runway && runwayText(finding.runway),
		since: kind === "still-open" ? firstSeen(ordered) : null,
		reasons:
			kind === "resolved"
				? reason
				: (reason ?? reasonsWithin(reasonsOf(finding), reasonsLength)),
		remedies:
			kind === "resolved" ? [] : finding.remedies.map(({ title }) => title),
	};
}

/** What other rules say of the same budget. Other clusters say the same with other figures. */
function othersOf(
	{ rule, headline }: Finding,
	findings: readonly Finding[],
): string[] {
	const others = findings
		.filter((one) => one.rule !== rule && one.headline !== headline)
		.map((one) => [one.rule, one.headline] as const);
	return [...new Map(others.toReversed()).values()].reverse();
}

function clustersOf(findings: readonly Finding[]): DigestLine["clusters"] {
	const names = new Map(
		findings.map(({ cluster, clusterName }) => [cluster, clusterName]),
	);
	return [...names].map(([id, name]) => ({ id, name }));
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

function firstSeen(told: readonly Told[]): string | null {
	return told.map(({ finding }) => finding.firstSeen).toSorted()[0] ?? null;
}

function worstFirst(a: Finding, b: Finding): number {
	return (
		compareWeight(a, b) ||
		(a.free?.low ?? 0) - (b.free?.low ?? 0) ||
		compareText(a.cluster, b.cluster) ||
		// Of two rules about the same, the one that says it in fewer words.
		a.headline.length - b.headline.length ||
		compareText(a.rule, b.rule)
	);
}

function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

const lineKinds: readonly DigestLine["change"][] = [
	...changeKinds,
	...noticeKinds,
	"still-open",
];

function changeOrder(change: DigestLine["change"]): number {
	return lineKinds.indexOf(change);
}
