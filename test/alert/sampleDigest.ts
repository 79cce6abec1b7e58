import { sampleFleet } from "../../local/fleet/sample.ts";
import {
	type ArmResource,
	subscriptionOf,
} from "../../local/resourceGraph/rows.ts";
import { buildDigest } from "../../shared/alert/buildDigest.ts";
import type { Digest } from "../../shared/alert/digest.ts";
import { countSeverities } from "../../shared/findings/counts.ts";
import { type Change, transitions } from "../../shared/findings/lifecycle.ts";
import { newsOf } from "../../shared/findings/news.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import { buildFleet } from "../../shared/model/fleet.ts";
import { gathered } from "../inventory/tenant.ts";
import { limits, memory, sharedOf } from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { coverage, digest } from "./digests.ts";

/** What a first audit of these resources opens. */
export async function changesOf(
	resources: readonly ArmResource[],
): Promise<readonly Change[]> {
	const { inventory } = await gathered(resources);
	const fleet = buildFleet(inventory, memory(), limits);
	const shared = sharedOf(fleet);
	return fleet.clusters.flatMap((cluster) =>
		transitions(
			cluster,
			judgeCluster(cluster, shared, new Set(), thresholds),
			[],
			new Map(),
			{ auditId: "x", at: "2026-11-22T05:00:00.000Z", last: null },
		).flatMap(({ change }) => change ?? []),
	);
}

/** What a first audit of the sample fleet opens. */
export function sampleChanges(): Promise<readonly Change[]> {
	const { resources, readableSubscriptions } = sampleFleet();
	return changesOf(
		resources.filter((one) =>
			readableSubscriptions.includes(subscriptionOf(one)),
		),
	);
}

/** The first audit of the sample fleet, for a channel of the whole fleet. */
export async function sampleDigest(): Promise<Digest> {
	const changes = await sampleChanges();
	const findings = changes.map(({ finding }) => finding);
	const { changes: counts, open: _, ...empty } = digest();
	return buildDigest({
		...empty,
		baseline: true,
		weekly: null,
		lastComplete: null,
		finishedAt: "2026-11-28T08:16:20.000Z",
		changes: newsOf(changes, [], [], { since: null, at: empty.finishedAt })
			.news,
		counts,
		open: countSeverities(findings),
		unaccepted: findings,
		coverage: coverage({
			subscriptions: { expected: 5, answered: 5 },
			clusters: 33,
			notEvaluated: 1,
			subnets: 61,
		}),
		minSeverity: "high",
		reportUrl: "https://auditor.azurewebsites.net/api/report",
	});
}
