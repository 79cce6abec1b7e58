import type { SeverityCounts } from "../contract.ts";
import { plural } from "../text.ts";
import { cardEnvelope } from "./card.ts";
import { minuteText, severitiesText } from "./cardText.ts";
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
	return cardEnvelope(failure.reportUrl, [
		textBlock("Audit failed: no cluster was checked", {
			size: "large",
			weight: "bolder",
			color: "attention",
		}),
		richText(
			"none",
			ours("Why: ", { weight: "bolder" }),
			theirs(reason, reasonLength),
		),
		textBlock(openBefore(open, accepted), {
			separator: true,
			spacing: "medium",
		}),
		textBlock(lastText(lastComplete), { spacing: "small" }),
		textBlock("This is not an all-clear. Fix the cause, then start an audit.", {
			weight: "bolder",
			spacing: "small",
		}),
		textBlock(`Failed: ${minuteText(finishedAt)}`, {
			isSubtle: true,
			spacing: "small",
		}),
	]);
}

function openBefore(open: SeverityCounts, accepted: number): string {
	const words = severitiesText(open) || "nothing known";
	const known = accepted > 0 ? ` ${accepted} of these accepted.` : "";
	const count = Object.values(open).reduce((sum, one) => sum + one, 0);
	return count > 0
		? `Still open from before: ${words} (${plural(count, "finding")}).${known}`
		: "Nothing was open before.";
}

function lastText(lastComplete: string | null): string {
	return lastComplete === null
		? "No audit has been complete yet."
		: `The last complete audit ended ${minuteText(lastComplete)}.`;
}
