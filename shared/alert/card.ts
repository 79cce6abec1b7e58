import { type Severity, severities } from "../contract.ts";
import { plural } from "../text.ts";
import {
	belowMinimumText,
	changesText,
	coverageText,
	dampedText,
	headline,
	lastCompleteText,
	partialNotice,
	remainsText,
	severitiesText,
	timeText,
} from "./cardText.ts";
import type { Digest, DigestLine } from "./digest.ts";
import { type Element, ours, richText, textBlock, theirs } from "./elements.ts";
import { compactLine, detailedLine, resolvedLine } from "./lines.ts";

/**
 * Teams refuses more than 28,672 bytes by its own count, after it has answered 202, so nobody would see the card. It
 * counted a request of 24,453 bytes as 28,897 (MicrosoftDocs/msteams-docs#11274). That is about its size with quotation
 * marks escaped once more. So both counts stay below their limit.
 */
const maxBytes = 20_000;
const maxQuotedBytes = 28_000;

/** Beyond these a channel's readers are better served by the report. */
const detailed = 10;
const listedResolved = 10;
const listedGaps = 5;

const maxUrlLength = 2_000;

/** The body of the post to a Teams workflow: one card, at most 20,000 bytes of UTF-8 for any digest. */
export function alertCard(digest: Digest): string {
	const lines = sorted(digest.lines);
	const open = lines.filter(({ change }) => change !== "resolved");
	const resolved = lines.filter(({ change }) => change === "resolved");
	const again = digest.weekly?.stillOpen ?? [];
	const pressing = open.length + again.length;
	const demand = (shown: number): string =>
		cardEnvelope(digest.reportUrl, [
			...head(digest),
			...openLines(open, shown, 0),
			...againLines(again, Math.max(0, shown - open.length), open.length),
			...resolvedLines(resolved, Math.max(0, shown - pressing)),
			...tail(digest),
		]);

	const most = pressing + Math.min(resolved.length, listedResolved);
	return longestThatFits(demand, most);
}

function longestThatFits(
	demand: (shown: number) => string,
	most: number,
): string {
	let fitting = demand(0);
	for (let shown = 1; shown <= most; shown++) {
		const next = demand(shown);
		if (!fits(next)) break;
		fitting = next;
	}
	return fitting;
}

function fits(json: string): boolean {
	return (
		Buffer.byteLength(json) <= maxBytes &&
		Buffer.byteLength(JSON.stringify(json)) <= maxQuotedBytes
	);
}

/** Most severe first, otherwise in the order given. */
function sorted(lines: readonly DigestLine[]): DigestLine[] {
	const rank = (severity: Severity): number => severities.indexOf(severity);
	return lines.toSorted((a, b) => rank(a.severity) - rank(b.severity));
}

function head(digest: Digest): Element[] {
	const title = textBlock(headline(digest), {
		size: "large",
		weight: "bolder",
	});
	const notice = partialNotice(digest);
	const last = lastCompleteText(digest);
	return [
		title,
		...scopeLine(digest.scope),
		...(notice
			? [textBlock(notice, { weight: "bolder", color: "attention" })]
			: []),
		...(last ? [textBlock(last, small)] : []),
	];
}

const listedClusters = 5;

/** Which clusters a scoped audit was about, and why. */
function scopeLine(scope: Digest["scope"]): Element[] {
	if (scope === null) return [];
	const { clusters, why } = scope;
	const left = clusters.length - listedClusters;
	const lastWhy = why.at(-1);
	return [
		richText(
			"small",
			ours("Only: ", { weight: "bolder" }),
			theirs(clusters.slice(0, listedClusters).join(", ") || "none", 200),
			left > 0 ? ours(` +${left} more`) : [],
			lastWhy === undefined ? [] : [...ours(" · "), ...theirs(lastWhy, 160)],
			why.length > 1
				? ours(` · ${plural(why.length - 1, "more request")}`)
				: [],
		),
	];
}

/** `before`: how many lines are above these, since only the first of a card are shown in detail. */
function openLines(
	lines: readonly DigestLine[],
	shown: number,
	before: number,
): Element[] {
	const demand = lines
		.slice(0, shown)
		.map((line, index) =>
			before + index < detailed ? detailedLine(line) : compactLine(line),
		);
	const left = lines.slice(shown);
	return left.length === 0 ? demand : [...demand, more(left)];
}

/** Findings that were told before and are still open. */
function againLines(
	lines: readonly DigestLine[],
	shown: number,
	before: number,
): Element[] {
	if (lines.length === 0) return [];
	return [
		textBlock(`Still open (${lines.length})`, {
			weight: "bolder",
			color: "attention",
			separator: true,
			spacing: "medium",
		}),
		...openLines(lines, shown, before),
	];
}

function resolvedLines(lines: readonly DigestLine[], shown: number): Element[] {
	if (lines.length === 0) return [];

	const title = textBlock(`Resolved (${lines.length})`, {
		weight: "bolder",
		color: "good",
		separator: true,
		spacing: "medium",
	});
	const left = lines.length - shown;
	return [
		title,
		...lines.slice(0, shown).map(resolvedLine),
		...(left > 0 ? [textBlock(`+${left} more resolved`, small)] : []),
	];
}

function more(lines: readonly DigestLine[]): Element {
	const counts: Partial<Record<Severity, number>> = {};
	for (const { severity } of lines)
		counts[severity] = (counts[severity] ?? 0) + 1;
	return textBlock(`+${lines.length} more: ${severitiesText(counts)}`, {
		weight: "bolder",
		separator: true,
		spacing: "medium",
	});
}

function tail(digest: Digest): Element[] {
	const { kind, changes, belowMinimum, damped, coverage, finishedAt } = digest;
	return [
		textBlock(remainsText(digest), { separator: true, spacing: "medium" }),
		...(kind === "changes" ? [textBlock(changesText(changes), small)] : []),
		...(belowMinimum > 0
			? [textBlock(belowMinimumText(belowMinimum), small)]
			: []),
		...(damped > 0 ? [textBlock(dampedText(damped), small)] : []),
		textBlock(coverageText(coverage), small),
		...unknownLine(digest.unknown),
		...gapLines(coverage.gaps),
		...(digest.weekly ? [textBlock(weeklyText, small)] : []),
		textBlock(timeText(finishedAt), { isSubtle: true, spacing: "small" }),
	];
}

const listedCauses = 3;

/** One line, whatever the number of budgets: they are in the report. */
function unknownLine(unknown: Digest["unknown"]): Element[] {
	if (unknown.length === 0) return [];
	const total = unknown.reduce((sum, { budgets }) => sum + budgets, 0);
	const causes = unknown
		.slice(0, listedCauses)
		.flatMap(({ cause, budgets }) => [
			...ours(" · "),
			...theirs(cause, 160),
			...ours(` (${budgets})`),
		]);
	const left = unknown.length - listedCauses;
	return [
		richText(
			"small",
			ours(`Not checked (${total})`, {
				weight: "bolder",
				color: "attention",
			}),
			causes,
			left > 0 ? ours(` · ${plural(left, "more cause")}`) : [],
		),
	];
}

function gapLines(gaps: Digest["coverage"]["gaps"]): Element[] {
	const demand = gaps
		.slice(0, listedGaps)
		.map(({ scope, reason }) =>
			richText(
				"small",
				ours("Not seen: ", { weight: "bolder", color: "attention" }),
				theirs(scope, 80, { weight: "bolder" }),
				ours(" · "),
				theirs(reason, 160),
			),
		);
	const left = gaps.length - demand.length;
	return left > 0
		? [...demand, textBlock(`+${left} more not seen`, small)]
		: demand;
}

/** What is posted to a Teams workflow: one Adaptive Card with these elements, and a button where there is a report. */
export function cardEnvelope(
	reportUrl: string | null,
	body: readonly Element[],
): string {
	const url = webUrl(reportUrl);
	const content = {
		$schema: "http://adaptivecards.io/schemas/adaptive-card.json",
		type: "AdaptiveCard",
		// Some tenants do not show 1.5 from a workflow at all.
		version: "1.4",
		body,
		...(url && {
			actions: [{ type: "Action.OpenUrl", title: "Open the report", url }],
		}),
		msteams: { width: "Full" },
	};
	const contentType = "application/vnd.microsoft.card.adaptive";
	return JSON.stringify({
		type: "message",
		attachments: [{ contentType, contentUrl: null, content }],
	});
}

/** A link that Teams cannot open would make it refuse the whole card. */
function webUrl(text: string | null): string | null {
	if (text === null || text.length > maxUrlLength) return null;
	return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}

const weeklyText =
	"Weekly summary: sent every week, also without news. If it is missing, check the auditor.";

const small = { spacing: "small" } as const;
