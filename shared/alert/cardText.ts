import {
	type ChangeCounts,
	type Coverage,
	changeKinds,
	type SeverityCounts,
	severities,
} from "../contract.ts";
import type { News } from "../findings/news.ts";
import { budgetKinds, type Unit } from "../model/budgetKinds.ts";
import { capital, grouped, listed, plural } from "../text.ts";
import type { Digest, DigestLine } from "./digest.ts";

export const changeText = {
	opened: "new",
	worsened: "worse",
	eased: "better",
	resolved: "resolved",
	reopened: "reopened",
	unaccepted: "no longer accepted",
	settled: "stays open",
	"still-open": "still open",
} as const satisfies Record<DigestLine["change"], string>;

export const noteText = {
	"new-rule": "new rule",
	"new-arithmetic": "the auditor counts differently now",
	"comes-and-goes": "comes and goes, no longer listed",
} as const satisfies Record<NonNullable<News["note"]>, string>;

const shortOf = {
	addresses: "IPs",
	blocks: "IP blocks",
	routes: "routes",
	nodes: "nodes",
} as const satisfies Record<Unit, string>;

/** What to act on, in one line. Numbers and our own words only, since Teams reads markdown here. */
export function headline(digest: Digest): string {
	const text = news(digest);
	if (digest.scope !== null)
		return `Checked ${plural(digest.coverage.clusters, "AKS cluster")} again: ${text}`;
	return digest.kind === "baseline" ? `First audit: ${text}` : capital(text);
}

function news(digest: Digest): string {
	const active = digest.lines.filter(isActive);
	const pressing = active.filter(isPressing);
	const short = pressing.filter((line) => line.isShort);

	if (short.length > 0) return shortText(short);
	if (pressing.length > 0) return `act on ${clustersOf(pressing)}`;
	if (active.length > 0) return `review ${clustersOf(active)}`;
	return quiet(digest);
}

function quiet(digest: Digest): string {
	const better = digest.lines.filter((line) => line.change === "eased").length;
	const resolved = digest.lines.length - better;
	const stillOpen = digest.weekly?.stillOpen ?? [];
	if (digest.lines.length > 0)
		return [
			`${nothingNew(digest)}, ${counted([
				[resolved, "resolved"],
				[better, "better"],
			])}`,
			...(stillOpen.length > 0
				? [`still act on ${clustersOf(stillOpen)}`]
				: []),
		].join("; ");

	if (digest.weekly) return ofTheWeek(digest, digest.weekly.stillOpen);
	return isAllClear(digest)
		? `nothing found in ${plural(digest.coverage.clusters, "AKS cluster")}`
		: "nothing new that is severe enough to list";
}

/** A quiet week can still have open critical findings: say so. */
function ofTheWeek(digest: Digest, stillOpen: readonly DigestLine[]): string {
	const short = stillOpen.filter((line) => line.isShort);
	if (short.length > 0)
		return `${nothingNew(digest)}; ${shortText(short, "still ")}`;
	if (stillOpen.length > 0)
		return `${nothingNew(digest)}; still act on ${clustersOf(stillOpen)}`;
	const { critical, high } = digest.open;
	const pressing = severitiesText({ critical, high });
	if (pressing) return `${nothingNew(digest)}; ${pressing} still open`;
	return digest.state === "partial"
		? `${nothingNew(digest)} in the part that was read`
		: `all quiet: ${quietPart(digest)}`;
}

function quietPart(digest: Digest): string {
	const { coverage, whole } = digest;
	if (!whole) return `${nothingNew(digest)} for this channel`;
	if (isAllClear(digest))
		return `nothing found in ${plural(coverage.clusters, "AKS cluster")}`;
	const judged = plural(
		coverage.clusters - coverage.notEvaluated,
		"AKS cluster",
	);
	return `${nothingNew(digest)} in ${judged}`;
}

/** Lower severities can have news that the card only counts. */
function nothingNew({ changes }: Digest): string {
	const { opened, worsened, reopened } = changes;
	return opened + worsened + reopened > 0
		? "nothing new to list"
		: "nothing new";
}

/** A channel without news says nothing about the clusters of other channels. */
function isAllClear({
	state,
	whole,
	coverage,
	open,
	accepted,
}: Digest): boolean {
	return (
		whole &&
		state === "completed" &&
		accepted === 0 &&
		coverage.notEvaluated === 0 &&
		severities.every((severity) => open[severity] === 0)
	);
}

function isActive(line: DigestLine): boolean {
	return line.change !== "resolved" && line.change !== "eased";
}

function isPressing(line: DigestLine): boolean {
	return line.severity === "critical" || line.severity === "high";
}

/** "2 AKS clusters are short of IPs". */
function shortText(lines: readonly DigestLine[], still = ""): string {
	const verb = clusterCount(lines) === 1 ? "is" : "are";
	return `${clustersOf(lines)} ${verb} ${still}short of ${lackOf(lines)}`;
}

function clustersOf(lines: readonly DigestLine[]): string {
	return plural(clusterCount(lines), "AKS cluster");
}

function clusterCount(lines: readonly DigestLine[]): number {
	return new Set(lines.flatMap(({ clusters }) => clusters.map(({ id }) => id)))
		.size;
}

function lackOf(lines: readonly DigestLine[]): string {
	const units = lines.flatMap(({ budget }) =>
		budget ? [shortOf[budgetKinds[budget.kind].unit]] : [],
	);
	return listed([...new Set(units)], "or");
}

/** The last audit that was certain. Null if the reader knows it anyway. */
export function lastCompleteText({ lastComplete }: Digest): string | null {
	if (lastComplete === null) return null;
	const { at, days } = lastComplete;
	if (at === null) return "No audit before this one was complete.";
	const ago = days < 1 ? "less than a day" : plural(days, "day");
	return `The last complete audit before this one was ${ago} ago: ${minuteText(at)}.`;
}

/** Null for a complete audit. */
export function partialNotice({ state, coverage }: Digest): string | null {
	if (state === "completed") return null;

	const { expected, answered } = coverage.subscriptions;
	const missing = expected - answered;
	const what =
		missing > 0
			? `${missing} of ${plural(expected, "subscription")} did not answer`
			: `${plural(coverage.gaps.length, "gap")} in the data`;
	return `Partial audit: ${what}. What it did not read is not checked. This is not an all-clear.`;
}

export function changesText(changes: ChangeCounts): string {
	const words = counted(
		changeKinds.map((kind) => [changes[kind], changeText[kind]]),
	);
	return words ? `Changes: ${words}.` : "Changes: none.";
}

export function belowMinimumText(count: number): string {
	return `${plural(count, "lower-severity change")} not listed.`;
}

export function dampedText(count: number): string {
	return `${plural(count, "change")} of findings that come and go not listed.`;
}

/** The counts of what is open, accepted and not evaluated, so that no sum looks smaller than it is. */
export function remainsText(digest: Digest): string {
	const { open, accepted, coverage, whole, scope } = digest;
	const words = severitiesText(open) || "nothing";
	const here = scope ? " in these clusters" : whole ? "" : " for this channel";
	return [
		`Open now${here}: ${words}.`,
		accepted > 0 ? `${grouped(accepted)} of these accepted.` : "",
		coverage.notEvaluated > 0
			? `Not evaluated: ${plural(coverage.notEvaluated, "cluster")}.`
			: "",
	]
		.filter((part) => part !== "")
		.join(" ");
}

export function severitiesText(counts: Partial<SeverityCounts>): string {
	return counted(severities.map((name) => [counts[name] ?? 0, name]));
}

export function coverageText(coverage: Coverage): string {
	const { subscriptions, clusters, subnets } = coverage;
	return `Seen: ${plural(clusters, "cluster")} and ${plural(subnets, "subnet")} in ${subscriptions.answered} of ${plural(subscriptions.expected, "subscription")}.`;
}

export function timeText(finishedAt: string): string {
	const time = minuteText(finishedAt);
	return time ? `Audit ended: ${time}` : "The audit has ended";
}

/** To the minute, in UTC: a channel has readers in many places. Empty for a text that is not a time. */
export function minuteText(text: string): string {
	const time = new Date(text);
	if (Number.isNaN(time.getTime())) return "";
	const [day = "", clock = ""] = time.toISOString().split("T");
	return `${day} ${clock.slice(0, 5)} UTC`;
}

/** Only the day, for findings that have been open for long. */
export function dayText(text: string): string {
	return minuteText(text).slice(0, 10);
}

function counted(parts: readonly (readonly [number, string])[]): string {
	return parts
		.filter(([count]) => count > 0)
		.map(([count, word]) => `${grouped(count)} ${word}`)
		.join(", ");
}
