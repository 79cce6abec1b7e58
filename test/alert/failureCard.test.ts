import { expect, it } from "vitest";
import { failureCard } from "../../shared/alert/failureCard.ts";
import { cardOf, rowsOf, textBlocksOf } from "./cardText.ts";

const failure = {
	reason: "the auditor's identity needs the role Reader",
	finishedAt: "2026-11-22T05:00:40.000Z",
	open: { critical: 2, high: 1, medium: 0, low: 0, info: 0 },
	accepted: 1,
	lastComplete: "2026-11-20T05:03:20.000Z",
	reportUrl: "https://report.example",
};

it("says that the audit failed, why, what was open before, and since when nothing is known", () => {
	expect(rowsOf(failureCard(failure))).toEqual([
		"Audit failed: no cluster was checked",
		"Why: the auditor's identity needs the role Reader",
		"Still open from before: 2 critical, 1 high (3 findings). 1 of these accepted.",
		"The last complete audit ended 2026-11-20 05:03 UTC.",
		"This is not an all-clear. Fix the cause, then start an audit.",
		"Failed: 2026-11-22 05:00 UTC",
	]);
	expect(cardOf(failureCard(failure)).actions?.[0]?.url).toBe(
		"https://report.example",
	);
});

it("of a first audit claims no health", () => {
	const open = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
	const rows = rowsOf(
		failureCard({ ...failure, open, accepted: 0, lastComplete: null }),
	);
	expect(rows).toContain("Nothing was open before.");
	expect(rows).toContain("No audit has been complete yet.");
	expect(rows).toContain(
		"This is not an all-clear. Fix the cause, then start an audit.",
	);
});

it("shows a reason as it is written, outside of what Teams reads as markdown, and stays within a card's size", () => {
	const reason = `**bold** [x](https://evil) ${"long ".repeat(10_000)}`;
	const card = failureCard({ ...failure, reason });
	expect(rowsOf(card)[1]).toContain("**bold** [x](https://evil)");
	expect(textBlocksOf(card).join()).not.toContain("bold");
	expect(Buffer.byteLength(card)).toBeLessThan(20_000);
});
