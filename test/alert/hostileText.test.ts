import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertCard } from "../../shared/alert/card.ts";
import type { Digest, DigestLine } from "../../shared/alert/digest.ts";
import { type BudgetKind, changeKinds } from "../../shared/contract.ts";
import { noticeKinds } from "../../shared/findings/news.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { faultsOf } from "./cardSchema.ts";
import { rowsOf, textBlocksOf, visibleRowsOf } from "./cardText.ts";
import { clusterNamed, coverage, digest, line } from "./digests.ts";

const maxBytes = 20_000;
/** What Teams accepts by its own count. */
const teamsLimit = 28_672;

const kinds = Object.keys(budgetKinds) as BudgetKind[];

const fillers = [
	"x",
	'"',
	"\\",
	"€",
	"😀",
	"👩‍🚒",
	"<at>",
	"</at>",
	"{",
	"{{DATE(",
	"\ud800",
	"\u0000",
	"\u202e",
];

/** The digest with the same text in all places of other people's text. */
function filled(
	text: string,
	lines: number,
	change: DigestLine["change"],
): Digest {
	const one = line({
		change,
		headline: text,
		budget: { id: text, kind: "pod-blocks", name: text },
		clusters: [{ id: text, name: text }, clusterNamed("other")],
		also: [text, text, text, text],
		impact: text,
		additionalNodes: text,
		runway: text,
		since: text,
		reasons: text,
		remedies: Array(9).fill(text),
	});
	const gaps = Array.from({ length: 1_000 }, () => ({
		kind: "row" as const,
		subscription: text,
		scope: text,
		reason: text,
	}));
	return digest({
		state: "partial",
		lines: Array.from({ length: lines }, () => one),
		coverage: coverage({ gaps }),
		unknown: Array(9).fill({ cause: text, budgets: 1 }),
		outOfReach: Array(9).fill(text),
		finishedAt: text,
		reportUrl: `https://r.example/${"r".repeat(1_900)}`,
	});
}

describe("the size", () => {
	it.each(fillers)(
		"stays below 20,000 bytes with 10,000 lines of %j",
		(filler) => {
			const body = alertCard(filled(filler.repeat(10_000), 10_000, "opened"));
			expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
			expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(teamsLimit);
			expect(rowsOf(body).join("\n")).toMatch(/\+[\d,]+ more/);
		},
	);

	it.each(fillers)(
		"stays below it with 10,000 resolved ones of %j",
		(filler) => {
			const body = alertCard(filled(filler.repeat(300), 10_000, "resolved"));
			expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
			expect(rowsOf(body).join("\n")).toContain("20,000 resolved");
		},
	);

	it.each(fillers)(
		"stays below it with 10,000 that are told again of %j",
		(filler) => {
			const text = filler.repeat(300);
			const { lines } = filled(text, 10_000, "still-open");
			const weekly = { stillOpen: lines };
			const body = alertCard({ ...filled(text, 1, "opened"), weekly });
			expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
			expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(teamsLimit);
			expect(rowsOf(body).join("\n")).toMatch(/\+[\d,]+ more/);
		},
	);

	it("has three lines, however long the names are that Azure allows", () => {
		const name = (length: number) => "n".repeat(length);
		const lines = Array.from({ length: 10_000 }, (_, index) =>
			line({
				clusters: Array.from({ length: 3 }, (_, at) =>
					clusterNamed(`${index}-${at}-${name(55)}`),
				),
				budget: {
					id: `${index}`,
					kind: "pod-subnet",
					name: `${name(64)}/${name(80)}`,
				},
				headline: name(90),
				reasons: name(280),
				remedies: Array(9).fill(name(100)),
			}),
		);
		const body = alertCard(digest({ lines }));
		expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
		expect(faultsOf(body)).toEqual([]);
		const rows = visibleRowsOf(body);
		expect(rows.filter((row) => row.startsWith("CRITICAL"))).toHaveLength(3);
		expect(rows.filter((row) => row === "Details")).toHaveLength(4);
	});

	it("stays below it for any lines", () => {
		const text = fc.string({ unit: "binary", maxLength: 400 });
		const lines: fc.Arbitrary<DigestLine[]> = fc.array(
			fc.record({
				change: fc.constantFrom(...changeKinds, ...noticeKinds),
				note: fc.constantFrom(null, "new-rule", "comes-and-goes"),
				severity: fc.constantFrom("critical", "high", "low"),
				headline: text,
				budget: fc.option(
					fc.record({
						id: text,
						kind: fc.constantFrom(...kinds),
						name: text,
					}),
				),
				clusters: fc.array(fc.record({ id: text, name: text }), {
					maxLength: 4,
				}),
				finding: text,
				findings: fc.nat(9),
				also: fc.array(text, { maxLength: 5 }),
				impact: fc.option(text),
				short: fc.array(text, { maxLength: 2 }),
				additionalNodes: fc.option(text),
				runway: fc.option(text),
				since: fc.option(text),
				reasons: fc.option(text),
				remedies: fc.array(text, { maxLength: 7 }),
			}),
			{ maxLength: 40 },
		);
		fc.assert(
			fc.property(lines, (some) => {
				const body = alertCard(
					digest({ lines: some, reportUrl: "https://r.example/" }),
				);
				expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
				expect(faultsOf(body)).toEqual([]);
			}),
			{ numRuns: 50 },
		);
	});
});

describe("other people's text", () => {
	const hostile = [
		"[x](https://evil.example)",
		"**b**",
		"_i_",
		"<at>all</at>",
		"<img src=x onerror=alert(1)>",
		"{{DATE(2026-01-01T00:00:00Z, LONG)}}",
		"{{TIME(2026-01-01T00:00:00Z)}}",
	];

	it.each(hostile)("%s is shown literally", (name) => {
		const rows = rowsOf(alertCard(filled(name, 1, "opened")));
		expect(rows).toContain(`CRITICAL · new  ${name} and 1 more`);
		expect(rows).toContain(`Pod subnet ${name}`);
		expect(rows).toContain(`Fix: ${name}`);
		expect(rows).toContain(`Why: ${name}`);
		expect(rows).toContain(`Not seen: ${name} · ${name}`);
	});

	it.each(["opened", "eased", "resolved"] as const)(
		"is never in a text block, where markdown is read (%s)",
		(change) => {
			const texts = textBlocksOf(alertCard(filled("evilname", 30, change)));
			expect(texts.length).toBeGreaterThan(3);
			expect(texts.filter((text) => text.includes("evilname"))).toEqual([]);
		},
	);

	it.each([
		"<at>",
		"</at>",
		"<AT >",
		"<at id=1>",
		"{{DATE(",
		"{{TIME(",
		"{{date(",
	])("leaves no %s in any one text of the card", (macro) => {
		const body = alertCard(filled(`a${macro}b${macro}`, 30, "opened"));
		expect(body.toLowerCase()).not.toContain(macro.toLowerCase());
	});

	it.each([
		{ text: "a\r\nb\tc\u0000d\u0085e\u2028f", shown: "a b c d e f" },
		{ text: "safe\u202egnp.exe\u2066\u200f\u061c", shown: "safegnp.exe" },
		{ text: "in\u200bvis\ufeffi\u00adble\u{e0041}", shown: "invisible" },
		{ text: "half\ud83d", shown: "half\ufffd" },
		{ text: "👩‍🚒", shown: "👩‍🚒" },
		{ text: "\u202e", shown: "(nothing to show)" },
		{ text: "n".repeat(80), shown: "n".repeat(80) },
		{
			text: `a${"n".repeat(80)}z`,
			shown: `a${"n".repeat(39)}…${"n".repeat(38)}z`,
		},
		{ text: "😀".repeat(41), shown: `${"😀".repeat(20)}…${"😀".repeat(19)}` },
	])("$text is shown as $shown", ({ text, shown }) => {
		const clusters = [clusterNamed(text)];
		const body = alertCard(digest({ lines: [line({ clusters })] }));
		expect(rowsOf(body)[2]).toBe(`CRITICAL · new  ${shown}`);
	});
});
