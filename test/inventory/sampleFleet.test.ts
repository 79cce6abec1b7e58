import { describe, expect, it } from "vitest";
import { generateFleet } from "../../local/fleet/generate.ts";
import {
	expectations,
	healthy,
	sampleClusters,
	sampleFleet,
} from "../../local/fleet/sample.ts";
import { subscriptionOf } from "../../local/resourceGraph/rows.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import { buildFleet } from "../../shared/model/fleet.ts";
import { limits, memory, sharedOf } from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { gathered } from "./tenant.ts";

const { resources, readableSubscriptions } = sampleFleet();
const readable = resources.filter((resource) =>
	readableSubscriptions.includes(subscriptionOf(resource)),
);
const answer = await gathered(readable);
const fleet = buildFleet(answer.inventory, memory(), limits);
const shared = sharedOf(fleet);
const found = fleet.clusters.flatMap((cluster) =>
	judgeCluster(cluster, shared, new Set(), thresholds).flatMap(
		({ rule, outcome }) =>
			outcome.kind === "violated"
				? [
						{
							cluster: cluster.name,
							rule,
							severity: outcome.severity,
							scenario: outcome.scenario,
							budgetKind: outcome.budget?.kind ?? null,
						},
					]
				: [],
	),
);

const line = (one: (typeof found)[number]) => JSON.stringify(one);

describe("the sample fleet", () => {
	it("is read without a gap", () => {
		expect(answer.gaps).toEqual([]);
		expect(fleet.clusters.map(({ name }) => name).sort()).toEqual(
			sampleClusters.map(({ name }) => name).sort(),
		);
	});

	it("has exactly the findings that were worked out by hand", () => {
		expect(found.map(line).sort()).toEqual(
			expectations
				.map(({ cluster, rule, severity, scenario, budgetKind }) =>
					line({ cluster, rule, severity, scenario, budgetKind }),
				)
				.sort(),
		);
	});

	it("has no finding on a healthy cluster", () => {
		const withFindings = new Set(found.map(({ cluster }) => cluster));
		expect(
			fleet.clusters
				.map(({ name }) => name)
				.filter((name) => !withFindings.has(name))
				.sort(),
		).toEqual([...healthy].sort());
	});
});

it("a generated fleet has no ranges that overlap, and all of them can be read", async () => {
	const { inventory } = await gathered(generateFleet({ clusters: 120 }));
	const generated = buildFleet(inventory, memory(), limits);
	const of = sharedOf(generated);
	const outcomes = generated.clusters.flatMap((cluster) =>
		judgeCluster(cluster, of, new Set(), thresholds)
			.filter(({ rule }) => rule === "range-overlap")
			.map(({ outcome }) => outcome.kind),
	);
	expect(outcomes).toEqual(generated.clusters.map(() => "fine"));
});
