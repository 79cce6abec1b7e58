import type { SeverityCounts } from "../contract.ts";
import { plural } from "../text.ts";
import { daysBetween } from "../time.ts";
import { cardEnvelope, openReport, titleBlocks } from "./card.ts";
import { lastCompleteText, minuteText, severitiesText } from "./cardText.ts";
import { ours, richText, textBlock, theirs } from "./elements.ts";

/** What is to be told of an audit that failed. */
interface Failure {
	readonly reason: string;
	/** ISO 8601. */
	readonly finishedAt: string;
	/** What was open before, and still is. */
	readonly open: SeverityCounts;
	readonly accepted: number;
	/** When the last complete audit ended. Null: none has been. */
	readonly lastComplete: string | null;
	readonly reportUrl: string | null;
}

/** Long enough for every wrong setting at once. A card takes 20,000 bytes. */
const reasonLength = 6_000;

/** A failed audit has its own card: silence, or an ordinary card, would look like an all-clear. */
export function failureCard(failure: Failure): string {
	const { reason, finishedAt, open, accepted, lastComplete } = failure;
	const last = {
		at: lastComplete,
		days: lastComplete === null ? 0 : daysBetween(lastComplete, finishedAt),
	};
	return cardEnvelope([
		...titleBlocks(
			"Audit failed: no cluster was checked",
			`${openBefore(open, accepted)} · ${minuteText(finishedAt)}`,
			{ color: "attention" },
		),
		richText(
			"default",
			ours("Why: ", { weight: "bolder" }),
			theirs(reason, reasonLength),
		),
		textBlock("This is not an all-clear. Fix the cause, then start an audit.", {
			weight: "bolder",
			spacing: "small",
		}),
		textBlock(lastCompleteText(last) ?? "", { spacing: "small" }),
		...openReport(failure.reportUrl),
	]);
}

function openBefore(open: SeverityCounts, accepted: number): string {
	const words = severitiesText(open);
	if (words === "") return "nothing was open before";
	const known =
		accepted > 0 ? ` · ${plural(accepted, "finding")} accepted` : "";
	return `${words} still open${known}`;
}
