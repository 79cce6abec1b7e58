import { reportLink } from "../report/links.ts";
import { grouped, plural } from "../text.ts";
import {
	belowMinimumText,
	changesText,
	changeText,
	coverageText,
	dampedText,
	lastCompleteText,
	minuteText,
	moreText,
	partialNotice,
	remainsText,
	seenText,
	subtitle,
} from "./cardText.ts";
import { findingsIn, isActive, title } from "./cardTitle.ts";
import type { Digest, DigestLine } from "./digest.ts";
import {
	type Element,
	folded,
	openButton,
	ours,
	richText,
	textBlock,
	theirs,
} from "./elements.ts";
import { betterLine, listedLine, mainLine, names } from "./lines.ts";

/**
 * Teams refuses more than 28,672 bytes by its own count, after it has answered 202, so nobody would see the card. It
 * counted a request of 24,453 bytes as 28,897 (MicrosoftDocs/msteams-docs#11274). That is about its size with quotation
 * marks escaped once more. So both counts stay below their limit. What is folded counts too.
 */
const maxBytes = 20_000;
const maxQuotedBytes = 28_000;

/** How much of each part is in the card, in the order in which the parts get their share of the bytes. */
const most = {
	/** Lines that are shown at once: what a phone's first screen has room for. */
	main: 3,
	/** Of these, the ones with their details. */
	details: 3,
	/** Gaps and causes in the details of the audit. */
	gaps: 5,
	/** Lines that are told in short: by the clusters' names, with a line each in the details. */
	better: 10,
	/** Lines in the folded list. A longer one is better read in the report. */
	list: 20,
} as const;
type Shares = Readonly<Record<keyof typeof most, number>>;

/** The body of the post to a Teams workflow: one card, at most 20,000 bytes of UTF-8 for any digest. */
export function alertCard(given: Digest): string {
	const parts = partsOf({ ...given, reportUrl: usable(given.reportUrl) });
	let shares: Shares = { main: 0, details: 0, gaps: 0, better: 0, list: 0 };
	let card = cardOf(parts, shares);
	for (const part of Object.keys(most) as (keyof Shares)[])
		for (let share = 1; share <= parts.available[part]; share++) {
			const larger = { ...shares, [part]: share };
			const next = cardOf(parts, larger);
			if (!fits(next)) break;
			shares = larger;
			card = next;
		}
	return card;
}

/** What the card is made of, whatever its shares: a fleet can have thousands of lines. */
interface Parts {
	readonly digest: Digest;
	readonly head: readonly Element[];
	/** What asks for something, worst first, news before what is still open. */
	readonly pressing: readonly DigestLine[];
	readonly findings: number;
	readonly resolved: Better;
	readonly eased: Better;
	/** How much of each part there is, up to the most that is shown. */
	readonly available: Shares;
}

interface Better {
	readonly change: "resolved" | "eased";
	readonly lines: readonly DigestLine[];
	readonly findings: number;
	readonly clusters: DigestLine["clusters"];
}

function partsOf(digest: Digest): Parts {
	const { lines, weekly, coverage, unknown } = digest;
	const pressing = [...lines.filter(isActive), ...(weekly?.stillOpen ?? [])];
	const resolved = betterOf("resolved", lines);
	const eased = betterOf("eased", lines);
	const main = Math.min(most.main, pressing.length);
	return {
		digest,
		head: head(digest),
		pressing,
		findings: findingsIn(pressing),
		resolved,
		eased,
		available: {
			main,
			details: main,
			gaps: Math.min(most.gaps, Math.max(coverage.gaps.length, unknown.length)),
			better: Math.min(
				most.better,
				Math.max(resolved.lines.length, eased.lines.length),
			),
			list: Math.min(most.list, pressing.length - main),
		},
	};
}

function betterOf(
	change: Better["change"],
	all: readonly DigestLine[],
): Better {
	const lines = all.filter((line) => line.change === change);
	const clusters = lines.flatMap((line) => line.clusters);
	return {
		change,
		lines,
		findings: findingsIn(lines),
		clusters: [...new Map(clusters.map((one) => [one.id, one])).values()],
	};
}

function fits(json: string): boolean {
	return (
		Buffer.byteLength(json) <= maxBytes &&
		Buffer.byteLength(JSON.stringify(json)) <= maxQuotedBytes
	);
}

function cardOf(parts: Parts, shares: Shares): string {
	const { digest, pressing } = parts;
	return cardEnvelope([
		...parts.head,
		...pressing
			.slice(0, shares.main)
			.map((line, index) =>
				mainLine(line, digest, index < shares.details ? `line${index}` : null),
			),
		...more(parts, shares),
		...betterRows(parts.resolved, shares.better),
		...betterRows(parts.eased, shares.better),
		...outOfReach(digest),
		...openReport(digest.reportUrl),
		...audited(digest, shares.gaps),
	]);
}

function head(digest: Digest): Element[] {
	const notice = partialNotice(digest);
	const last = lastCompleteText(digest.lastComplete);
	return [
		...titleBlocks(title(digest), subtitle(digest)),
		...scopeLine(digest.scope),
		...(notice
			? [textBlock(notice, { color: "attention", spacing: "small" })]
			: []),
		...(last ? [textBlock(last, { spacing: "small" })] : []),
	];
}

const listedClusters = 5;
const listedChanges = 3;

/** What was changed, of each neighborhood, newest first. */
function changedLines(why: readonly string[]): Element[] {
	const shown = why.slice(-listedChanges).reverse();
	const left = why.length - shown.length;
	return shown.map((text, index) =>
		richText(
			"small",
			ours("Changed: ", { weight: "bolder" }),
			theirs(text, 400),
			left > 0 && index === shown.length - 1
				? ours(` · ${plural(left, "more group")} of changes`)
				: [],
		),
	);
}

/** Which clusters a scoped audit was about, and why. */
function scopeLine(scope: Digest["scope"]): Element[] {
	if (scope === null) return [];
	const { clusters, why, changed } = scope;
	const left = clusters.length - listedClusters;
	const only = [
		...ours("Only: ", { weight: "bolder" }),
		...theirs(clusters.slice(0, listedClusters).join(", ") || "none", 400),
		...(left > 0 ? ours(` and ${left} more`) : []),
	];
	if (changed) return [...changedLines(why), richText("small", only)];
	const lastWhy = why.at(-1);
	return [
		richText(
			"small",
			only,
			lastWhy === undefined ? [] : [...ours(" · "), ...theirs(lastWhy, 160)],
			why.length > 1
				? ours(` · ${plural(why.length - 1, "more request")}`)
				: [],
		),
	];
}

/** Numbers and our own words only, since Teams reads markdown here. */
export function titleBlocks(
	text: string,
	below: string,
	style: { readonly color?: "attention" } = {},
): Element[] {
	return [
		textBlock(text, { size: "large", weight: "bolder", ...style }),
		textBlock(below, { isSubtle: true, spacing: "none" }),
	];
}

/** "+12 more, 22 lower", with as many as fit in the fold. */
function more(
	{ digest, pressing, findings }: Parts,
	shares: Shares,
): readonly Element[] {
	const left = findings - findingsIn(pressing.slice(0, shares.main));
	const text = moreText(left, digest.belowMinimum);
	if (text === null) return [];
	const style = { spacing: "default", separator: true } as const;
	const row = textBlock(text, { weight: "bolder" });
	const listed = pressing.slice(shares.main, shares.main + shares.list);
	if (listed.length === 0)
		return [{ type: "Container", ...style, items: [row] }];
	const rest = left - findingsIn(listed);
	const items = [
		...listed.flatMap((line) => listedLine(line, digest)),
		...(rest > 0 ? [textBlock(`${moreText(rest, 0)} in the report`)] : []),
	];
	return folded("more", "Show", row, items, style);
}

/** "3 resolved: aks-a, aks-b", with a line for each in the fold. */
function betterRows(
	{ change, lines, findings, clusters }: Better,
	share: number,
): readonly Element[] {
	if (lines.length === 0) return [];
	const count = `${grouped(findings)} ${changeText[change]}`;
	const color = { weight: "bolder", color: "good" } as const;
	const listed = lines.slice(0, share);
	if (listed.length === 0) return [richText("small", ours(count, color))];
	const row = richText("none", ours(`${count}: `, color), names(clusters));
	const rest = findings - findingsIn(listed);
	const items = [
		...listed.map(betterLine),
		...(rest > 0
			? [textBlock(`${moreText(rest, 0)} ${changeText[change]}`)]
			: []),
	];
	return folded(change, "Show", row, items, { spacing: "small" });
}

const mostOutOfReach = 3;

/** Told once. Its findings are resolved by that and by nothing else. */
function outOfReach({ outOfReach: ids }: Digest): Element[] {
	if (ids.length === 0) return [];
	const rest = ids.length - mostOutOfReach;
	return [
		richText(
			"small",
			ours(`${plural(ids.length, "subscription")} out of reach: `, {
				weight: "bolder",
				color: "attention",
			}),
			theirs(ids.slice(0, mostOutOfReach).join(", "), 160),
			rest > 0 ? ours(` and ${rest} more`) : [],
		),
	];
}

/** A button, where there is a report. */
export function openReport(reportUrl: string | null): Element[] {
	const base = usable(reportUrl);
	return base === null ? [] : openButton("Open report", reportLink(base));
}

function usable(reportUrl: string | null): string | null {
	return reportUrl !== null && URL.canParse(reportUrl) ? reportUrl : null;
}

/** What the audit saw, with all its counts in the fold. */
function audited(digest: Digest, gaps: number): readonly Element[] {
	const { kind, changes, belowMinimum, damped, coverage, weekly } = digest;
	const row = textBlock(coverageText(digest), { isSubtle: true });
	const texts = [
		remainsText(digest),
		...(kind === "changes" ? [changesText(changes)] : []),
		...(belowMinimum > 0 ? [belowMinimumText(belowMinimum)] : []),
		...(damped > 0 ? [dampedText(damped)] : []),
		seenText(coverage),
		...(digest.outOfReach.length > 0 ? [outOfReachText] : []),
		...(weekly ? [weeklyText] : []),
	];
	return folded(
		"audit",
		"Details",
		row,
		[
			...texts.map((text) => textBlock(text, { spacing: "small" })),
			...unknownLine(digest.unknown, gaps),
			...gapLines(coverage.gaps, gaps),
			textBlock(`Audit ended: ${minuteText(digest.finishedAt)}`, {
				spacing: "small",
			}),
		],
		{ spacing: "default", separator: true },
	);
}

const listedCauses = 3;

/** One line, whatever the number of budgets: they are in the report. */
function unknownLine(unknown: Digest["unknown"], share: number): Element[] {
	if (unknown.length === 0) return [];
	const total = unknown.reduce((sum, { budgets }) => sum + budgets, 0);
	const shown = unknown.slice(0, Math.min(share, listedCauses));
	const rest = unknown.length - shown.length;
	return [
		richText(
			"small",
			ours(`Not checked (${total})`, { weight: "bolder", color: "attention" }),
			shown.flatMap(({ cause, budgets }) => [
				...ours(" · "),
				...theirs(cause, 160),
				...ours(` (${budgets})`),
			]),
			rest > 0 ? ours(` · ${plural(rest, "more cause")}`) : [],
		),
	];
}

function gapLines(gaps: Digest["coverage"]["gaps"], share: number): Element[] {
	const shown = gaps
		.slice(0, share)
		.map(({ scope, reason }) =>
			richText(
				"small",
				ours("Not seen: ", { weight: "bolder", color: "attention" }),
				theirs(scope, 80, { weight: "bolder" }),
				ours(" · "),
				theirs(reason, 160),
			),
		);
	const rest = gaps.length - shown.length;
	return rest > 0
		? [...shown, textBlock(`+${rest} more not seen`, { spacing: "small" })]
		: shown;
}

/** What is posted to a Teams workflow: one Adaptive Card with these elements. */
export function cardEnvelope(body: readonly Element[]): string {
	const content = {
		$schema: "http://adaptivecards.io/schemas/adaptive-card.json",
		type: "AdaptiveCard",
		// Some tenants do not show 1.5 from a workflow at all.
		version: "1.4",
		body,
		msteams: { width: "Full" },
	};
	const contentType = "application/vnd.microsoft.card.adaptive";
	return JSON.stringify({
		type: "message",
		attachments: [{ contentType, contentUrl: null, content }],
	});
}

const outOfReachText =
	"Out of reach: did not answer for several audits, so it is no longer expected.";

const weeklyText =
	"Weekly summary: sent every week, also without news. If it is missing, check the auditor.";
