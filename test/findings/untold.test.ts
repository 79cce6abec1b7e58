import { expect, it } from "vitest";
import type { Change } from "../../shared/findings/lifecycle.ts";
import { afterUntold } from "../../shared/findings/untold.ts";
import { finding } from "../local/answers.ts";

function change(overrides: Partial<Change>): Change {
	return {
		kind: "eased",
		finding: finding("high", "shop"),
		severityBefore: null,
		reason: null,
		worse: false,
		newRule: false,
		newArithmetic: false,
		flapping: "no",
		past: null,
		...overrides,
	};
}

it.each<{
	what: string;
	untold: Partial<Change>;
	change: Partial<Change>;
	told: Partial<Change>;
}>([
	{
		what: "what eased after it had become worse is told to who accepted it",
		untold: { kind: "worsened", worse: true },
		change: { kind: "eased" },
		told: { kind: "eased", worse: true },
	},
	{
		what: "what resolved after it had become worse is as it was before",
		untold: { kind: "worsened", worse: true },
		change: { kind: "resolved" },
		told: { kind: "resolved", worse: false },
	},
	{
		what: "that it comes and goes is said with the next change",
		untold: { kind: "reopened", flapping: "starts" },
		change: { kind: "resolved", flapping: "goes-on" },
		told: { kind: "resolved", flapping: "starts" },
	},
	{
		what: "what was known to come and go is counted only",
		untold: { kind: "reopened", flapping: "goes-on" },
		change: { kind: "resolved", flapping: "goes-on" },
		told: { kind: "resolved", flapping: "goes-on" },
	},
	{
		what: "worse than it ever was needs no other word",
		untold: { kind: "reopened", flapping: "starts" },
		change: { kind: "worsened", worse: true, flapping: "no" },
		told: { kind: "worsened", worse: true, flapping: "no" },
	},
])("$what", ({ untold, change: own, told }) => {
	expect(afterUntold(change(own), change(untold))).toEqual(change(told));
});
