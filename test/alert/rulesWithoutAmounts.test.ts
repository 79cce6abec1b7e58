import { expect, it } from "vitest";
import { buildDigest } from "../../shared/alert/buildDigest.ts";
import { alertCard } from "../../shared/alert/card.ts";
import { transitions } from "../../shared/findings/lifecycle.ts";
import { newsOf } from "../../shared/findings/news.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import {
	clusterOf,
	fleetOf,
	kubenetCluster,
	routeTableId,
	sharedOf,
	subnet,
} from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { digest } from "./digests.ts";

it("a finding with a budget and no amounts is a line that is not called short", () => {
	const fleet = fleetOf({
		clusters: [kubenetCluster(), kubenetCluster({ name: "b" })],
		subnets: [subnet({ routeTable: routeTableId(), ipConfigurations: 6 })],
	});
	const changes = ["a", "b"].flatMap((name) => {
		const cluster = clusterOf(fleet, name);
		return transitions(
			cluster,
			judgeCluster(cluster, sharedOf(fleet), new Set(), thresholds),
			[],
			new Map(),
			{ auditId: "x", at: "2026-11-22T05:00:00.000Z", last: null },
		).flatMap(({ change }) => change ?? []);
	});
	const { changes: counts, ...empty } = digest();
	const built = buildDigest({
		...empty,
		baseline: true,
		weekly: null,
		lastComplete: null,
		changes: newsOf(changes, [], [], { since: null, at: empty.finishedAt })
			.news,
		counts,
		unaccepted: [],
		minSeverity: "high",
	});
	expect(
		built.lines.map(({ headline, budget, clusters, short }) => ({
			headline,
			kind: budget?.kind,
			clusters: clusters.map(({ name }) => name),
			short,
		})),
	).toEqual(
		[
			{
				headline:
					"Route table routes is shared; kubenet supports one cluster per route table",
				kind: "routes",
			},
			{
				headline:
					"Subnet nodes is shared; kubenet supports one cluster per subnet",
				kind: "subnet",
			},
		].map((line) => ({ ...line, clusters: ["a", "b"], short: [] })),
	);
	expect(JSON.stringify(alertCard(built))).toContain("Act on 2 AKS clusters");
});
