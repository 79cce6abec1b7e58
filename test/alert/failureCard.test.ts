import { expect, it } from "vitest";
import { failureCard } from "../../shared/alert/failureCard.ts";
import { faultsOf } from "./cardSchema.ts";
import { linksOf, rowsOf, textBlocksOf } from "./cardText.ts";

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
		"2 critical, 1 high still open · 1 finding accepted · 22 Nov 05:00 UTC",
		"Why: the auditor's identity needs the role Reader",
		"This is not an all-clear. Fix the cause, then start an audit.",
		"Last complete audit: 1 day ago, 20 Nov 05:03 UTC",
	]);
	expect(linksOf(failureCard(failure))).toEqual(["https://report.example/"]);
	expect(faultsOf(failureCard(failure))).toEqual([]);
});

it("of a first audit claims no health", () => {
	const open = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
	const rows = rowsOf(
		failureCard({ ...failure, open, accepted: 0, lastComplete: null }),
	);
	expect(rows).toContain("nothing was open before · 22 Nov 05:00 UTC");
	expect(rows).toContain("No audit was complete before.");
	expect(rows).toContain(
		"This is not an all-clear. Fix the cause, then start an audit.",
	);
});

it("shows a reason as it is written, outside of what Teams reads as markdown, and stays within a card's size", () => {
	const reason = `**bold** [x](https://evil) ${"long ".repeat(10_000)}`;
	const card = failureCard({ ...failure, reason });
	expect(rowsOf(card)[2]).toContain("**bold** [x](https://evil)");
	expect(textBlocksOf(card).join()).not.toContain("bold");
	expect(Buffer.byteLength(card)).toBeLessThan(20_000);
});
