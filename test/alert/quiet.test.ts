import { expect, it } from "vitest";
import { buildDigest } from "../../shared/alert/buildDigest.ts";
import { alertCard } from "../../shared/alert/card.ts";
import type { Finding } from "../../shared/contract.ts";
import type { News } from "../../shared/findings/news.ts";
import { finding } from "../local/answers.ts";
import { rowsOf } from "./cardText.ts";
import { digest, line } from "./digests.ts";

/** What the card says of changes that are told in a special way, or not at all. */

it.each([
	{ change: "opened", note: "new-rule", words: "CRITICAL · new · new rule" },
	{
		change: "reopened",
		note: "comes-and-goes",
		words: "CRITICAL · reopened · comes and goes",
	},
	{ change: "unaccepted", note: null, words: "CRITICAL · no longer accepted" },
	{ change: "settled", note: null, words: "CRITICAL · stays open" },
] as const)("$change, $note is told as $words", ({ change, note, words }) => {
	const rows = rowsOf(alertCard(digest({ lines: [line({ change, note })] })));
	expect(rows.some((row) => row.startsWith(`${words}  shop-prod`))).toBe(true);
	expect(rows[0]).toMatch(/: 1 AKS cluster is short of IPs$/);
});

it.each([
	{
		with: { damped: 0, accepted: 0 },
		rows: ["Open now: 1 critical, 2 high."],
	},
	{
		with: { damped: 1, accepted: 2 },
		rows: [
			"Open now: 1 critical, 2 high. 2 of these accepted.",
			"1 change of findings that come and go not listed.",
		],
	},
	{
		with: { damped: 3, accepted: 1 },
		rows: [
			"Open now: 1 critical, 2 high. 1 of these accepted.",
			"3 changes of findings that come and go not listed.",
		],
	},
])("counts what it does not tell: $with", ({ with: counts, rows }) => {
	const open = { critical: 1, high: 2 };
	const said = rowsOf(alertCard(digest({ ...counts, open }))).filter((row) =>
		/Open now|come and go/.test(row),
	);
	expect(said).toEqual(rows);
});

function news(kind: News["kind"], of: Finding): News {
	return { kind, finding: of, severityBefore: null, reason: null, note: null };
}

it("keeps what is new of a budget apart from what is only no longer accepted", () => {
	const { lines, ...empty } = digest();
	const built = buildDigest({
		...empty,
		baseline: false,
		weekly: null,
		lastComplete: null,
		changes: [
			news("unaccepted", finding("critical", "a")),
			news("opened", finding("critical", "b")),
			news("unaccepted", finding("critical", "c")),
			news("settled", finding("low", "d")),
		],
		counts: empty.changes,
		unaccepted: [],
		minSeverity: "high",
	});
	expect(
		built.lines.map(({ change, clusters }) => [
			change,
			...clusters.map(({ name }) => name),
		]),
	).toEqual([
		["opened", "b"],
		["unaccepted", "a", "c"],
	]);
	expect(built.belowMinimum).toBe(1);
});
