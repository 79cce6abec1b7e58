import {
	type ChangeCounts,
	type Coverage,
	changeKinds,
	type SeverityCounts,
	severities,
} from "../contract.ts";
import type { News } from "../findings/news.ts";
import { grouped, plural } from "../text.ts";
import type { Digest, DigestLine, LastComplete } from "./digest.ts";

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

/** In a word or two, and what it means for the reader. */
export const noteText = {
	"new-rule": [
		"new rule",
		"A new rule found it. The fleet may be as it was before.",
	],
	"new-arithmetic": [
		"new sums",
		"The auditor counts differently now. The fleet may be as it was before.",
	],
	"comes-and-goes": [
		"comes and goes",
		"It keeps coming back. From now on its changes are only counted.",
	],
} as const satisfies Record<NonNullable<News["note"]>, readonly string[]>;

/** "6 critical, 10 high open · 2 new, 1 worse · 28 Nov 08:16 UTC". */
export function subtitle(digest: Digest): string {
	const { kind, changes, finishedAt, weekly } = digest;
	const parts =
		kind === "baseline"
			? [openText(digest), "first audit"]
			: [
					openText(digest, " open"),
					countedChanges(changes) || "no changes",
					weekly ? "weekly summary" : "",
				];
	return joined([...parts, minuteText(finishedAt)]);
}

function openText(digest: Digest, open = ""): string {
	const { critical, high, ...lower } = digest.open;
	const words =
		severitiesText({ critical, high }) || severitiesText(lower) || "nothing";
	return `${words}${open}${hereText(digest)}`;
}

function hereText({ scope, whole }: Digest): string {
	if (scope !== null) return " in these clusters";
	return whole ? "" : " for this channel";
}

/** The last audit that was certain. Null if the reader knows it anyway. */
export function lastCompleteText(last: LastComplete | null): string | null {
	if (last === null) return null;
	const { at, days } = last;
	if (at === null) return "No audit was complete before.";
	const ago = days < 1 ? "less than a day" : plural(days, "day");
	return `Last complete audit: ${ago} ago, ${minuteText(at)}`;
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
	return `Partial audit: ${what}. This is not an all-clear.`;
}

/** "1 cluster not evaluated · 5 of 5 subscriptions answered". */
export function coverageText({ coverage, accepted, unknown }: Digest): string {
	const { subscriptions, notEvaluated } = coverage;
	const { answered, expected } = subscriptions;
	const checks = unknown.reduce((sum, { budgets }) => sum + budgets, 0);
	return joined([
		notEvaluated > 0 ? `${plural(notEvaluated, "cluster")} not evaluated` : "",
		checks > notEvaluated
			? `${plural(checks, "check")} ${checks === 1 ? "lacks" : "lack"} data`
			: "",
		accepted > 0 ? `${plural(accepted, "finding")} accepted` : "",
		`${grouped(answered)} of ${plural(expected, "subscription")} answered`,
	]);
}

/** "+12 more, 22 lower". Null where the card shows all. */
export function moreText(more: number, lower: number): string | null {
	if (more === 0 && lower === 0) return null;
	if (more === 0) return `${plural(lower, "lower-severity change")} not listed`;
	return lower === 0
		? `+${grouped(more)} more`
		: `+${grouped(more)} more, ${grouped(lower)} lower`;
}

export function changesText(changes: ChangeCounts): string {
	return `Changes: ${countedChanges(changes) || "none"}.`;
}

function countedChanges(changes: ChangeCounts): string {
	return counted(changeKinds.map((kind) => [changes[kind], changeText[kind]]));
}

export function belowMinimumText(count: number): string {
	return `${plural(count, "lower-severity change")} not listed.`;
}

export function dampedText(count: number): string {
	return `${plural(count, "change")} of findings that come and go not listed.`;
}

/** The counts of what is open, accepted and not evaluated, so that no sum looks smaller than it is. */
export function remainsText(digest: Digest): string {
	const { open, accepted, coverage } = digest;
	const words = severitiesText(open) || "nothing";
	const here = hereText(digest);
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

export function seenText(coverage: Coverage): string {
	const { subscriptions, clusters, subnets } = coverage;
	return `Seen: ${plural(clusters, "cluster")} and ${plural(subnets, "subnet")} in ${subscriptions.answered} of ${plural(subscriptions.expected, "subscription")}.`;
}

const months = [
	"Jan",
	"Feb",
	"Mar",
	"Apr",
	"May",
	"Jun",
	"Jul",
	"Aug",
	"Sep",
	"Oct",
	"Nov",
	"Dec",
] as const;

/** "28 Nov 08:16 UTC": a channel has readers in many places. Empty for a text that is not a time. */
export function minuteText(text: string): string {
	const time = new Date(text);
	if (Number.isNaN(time.getTime())) return "";
	const clock = time.toISOString().slice(11, 16);
	return `${time.getUTCDate()} ${months[time.getUTCMonth()]} ${clock} UTC`;
}

/** "5 Oct 2026", for findings that have been open for long. Empty for a text that is not a time. */
export function dayText(text: string): string {
	const time = new Date(text);
	return Number.isNaN(time.getTime())
		? ""
		: `${time.getUTCDate()} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
}

function joined(parts: readonly string[]): string {
	return parts.filter((part) => part !== "").join(" · ");
}

export function counted(parts: readonly (readonly [number, string])[]): string {
	return parts
		.filter(([count]) => count > 0)
		.map(([count, word]) => `${grouped(count)} ${word}`)
		.join(", ");
}
