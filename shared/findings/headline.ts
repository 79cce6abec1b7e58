import type { Finding } from "../contract.ts";
import { ruleOf } from "../rules/registry.ts";

export const longestHeadline = 90;

/** What is wrong, in one line. A name that is too long is shortened in the middle: its ends tell names apart. */
export function headlineOf({
	rule,
	budget,
}: Pick<Finding, "rule" | "budget">): string {
	const title = ruleOf(rule)?.title ?? rule;
	if (budget === null) return shortened(title, longestHeadline);
	const room = longestHeadline - title.length - ": ".length;
	return `${shortened(budget.name, room)}: ${title}`;
}

function shortened(text: string, length: number): string {
	if (text.length <= length) return text;
	const kept = Math.max(0, length - 1);
	const start = Math.ceil(kept / 2);
	return `${text.slice(0, start)}…${text.slice(text.length - (kept - start))}`;
}
