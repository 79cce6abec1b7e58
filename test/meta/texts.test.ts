import { describe, expect, it } from "vitest";
import { generateFleet } from "../../local/fleet/generate.ts";
import { buildDigest } from "../../shared/alert/buildDigest.ts";
import { alertCard } from "../../shared/alert/card.ts";
import { failureCard } from "../../shared/alert/failureCard.ts";
import type { Finding } from "../../shared/contract.ts";
import { longestHeadline } from "../../shared/findings/headline.ts";
import { impactOf } from "../../shared/findings/impact.ts";
import { newsOf } from "../../shared/findings/news.ts";
import { rules } from "../../shared/rules/registry.ts";
import { rowsOf } from "../alert/cardText.ts";
import { digest } from "../alert/digests.ts";
import { changesOf, sampleChanges } from "../alert/sampleDigest.ts";
import { nightsOf, worldNames } from "../cases/worlds.ts";
import { banned, longSentences } from "./writing.ts";

/* Every text that people read uses the words of the glossary, in short sentences. */

const longestTitle = 100;

/** Thousands of resources, whose texts the small worlds have too. */
const large = [
	"r16-self-hosted-karpenter",
	"r36-own-table-fills",
	"r43-token-again",
];

const sample = await sampleChanges();
const others = await Promise.all(
	[
		generateFleet({ clusters: 60 }),
		...worldNames()
			.filter((name) => !large.includes(name))
			.map((name) => nightsOf(name)[0]?.resources ?? []),
	].map(changesOf),
);
const findings: readonly Finding[] = [...sample, ...others.flat()].map(
	({ finding }) => finding,
);

const unique = (texts: readonly string[]) => [...new Set(texts)].sort();
const reasons = unique(
	findings.flatMap(({ reasons }) => reasons.map(({ text }) => text)),
);
const remedies = findings.flatMap((finding) => finding.remedies);
const titles = unique(remedies.map(({ title }) => title));
const details = unique(remedies.flatMap(({ detail }) => detail));
const headlines = unique(findings.map(({ headline }) => headline));
const impacts = unique(findings.flatMap((one) => impactOf(one) ?? []));

const { changes: counts, ...empty } = digest();
const cardOf = (over: object) =>
	rowsOf(
		alertCard(
			buildDigest({
				...empty,
				baseline: false,
				weekly: null,
				lastComplete: null,
				changes: newsOf(sample, [], [], { since: null, at: empty.finishedAt })
					.news,
				counts,
				unaccepted: findings,
				minSeverity: "info",
				...over,
			}),
		),
	);
const cards = unique([
	...cardOf({ damped: 2, accepted: 3 }),
	...cardOf({ baseline: true, minSeverity: "high", whole: false }),
	...cardOf({ changes: [], weekly: findings.slice(0, 5) }),
	...cardOf({ changes: [], weekly: [], state: "partial" }),
	...cardOf({ changes: [], outOfReach: ["a", "b"] }),
	...cardOf({ changes: [], unaccepted: [], lastComplete: null }),
	...rowsOf(
		failureCard({
			reason: "No subscription is visible.",
			finishedAt: empty.finishedAt,
			open: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
			accepted: 1,
			lastComplete: null,
			reportUrl: null,
		}),
	),
]);

const texts = {
	headlines,
	impacts,
	reasons,
	titles,
	details,
	cards,
	rules: rules.map(({ title }) => title),
};

it("are those of nearly every rule", () => {
	const found = new Set(findings.map(({ rule }) => rule));
	// A forecast needs a history.
	expect(rules.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([
		"runway-short",
	]);
	expect(reasons.length).toBeGreaterThan(100);
});

describe.each(Object.entries(texts))("%s", (_, all) => {
	it("have no banned word", () => {
		expect(all.filter((text) => banned.test(text))).toEqual([]);
	});

	it("have no sentence above 20 words", () => {
		expect(longSentences(all)).toEqual([]);
	});
});

it("headlines and titles are short, on one line", () => {
	const tooLong = [
		...headlines.filter((text) => text.length > longestHeadline),
		...titles.filter((text) => text.length > longestTitle),
	];
	expect(tooLong).toEqual([]);
	expect(headlines.filter((text) => !/^[A-Z][^\n]*[^.\s]$/.test(text))).toEqual(
		[],
	);
});
