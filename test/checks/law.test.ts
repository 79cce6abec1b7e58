import fc from "fast-check";
import { expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import {
	type ArmResource,
	subscriptionOf,
} from "../../local/resourceGraph/rows.ts";
import { gatherTenant, seenOf } from "../../shared/audit/gatherTenant.ts";
import { transitions } from "../../shared/findings/lifecycle.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import { buildFleet } from "../../shared/model/fleet.ts";
import { ledgerOf, sharedLedgers } from "../../shared/model/ledger.ts";
import { readOf } from "../inventory/tenant.ts";
import { buildWorld, worldPlans } from "../laws/world.ts";
import { sharedOf } from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { ask, at } from "./ask.ts";

/** What an audit of everything says of each cluster. */
async function audited(
	resources: readonly ArmResource[],
	routesPerTable: number,
) {
	const tenant = await gatherTenant(
		() => readOf(resources),
		{ managementGroups: [], subscriptions: [], missingAudits: 3 },
		{ withClusters: [], missing: {} },
	);
	const fleet = buildFleet(
		tenant.inventory,
		{ auditId: "", at, known: new Map(), answered: seenOf(tenant).answered },
		{ routesPerTable },
	);
	return fleet.clusters.map((cluster) => ({
		id: cluster.id,
		notEvaluated: cluster.notEvaluated,
		budgets: ledgerOf(
			cluster,
			sharedLedgers(fleet.sharedBudgets, fleet.clusters),
		).map(({ kind, id, limit, azure, scenarios }) => ({
			kind,
			id,
			limit,
			azure,
			scenarios: Object.fromEntries(
				Object.entries(scenarios).map(([name, { demand, free, verdict }]) => [
					name,
					{ demand, free, verdict },
				]),
			),
		})),
		findings: transitions(
			cluster,
			judgeCluster(cluster, sharedOf(fleet), new Set(), thresholds),
			[],
			new Map(),
			{ auditId: "", at, last: null },
		).flatMap(({ write }) => (write ? [write] : [])),
	}));
}

async function expectAsAudited(
	resources: readonly ArmResource[],
	routesPerTable: number,
	every = 1,
): Promise<void> {
	const clusters = await audited(resources, routesPerTable);
	for (const { id, ...expected } of clusters.filter(
		(_, index) => index % every === 0,
	)) {
		const answer = await ask({ resources, routesPerTable }, { clusters: [id] });
		expect(answer.gaps).toEqual([]);
		expect(answer.clusters.map(({ cluster }) => cluster)).toEqual([id]);
		const [own] = answer.clusters;
		expect({
			notEvaluated: own?.notEvaluated,
			budgets: own?.budgets.map(({ kind, id, after, azure }) => ({
				kind,
				id,
				...after,
				azure,
			})),
			findings: answer.findings,
		}).toEqual(expected);
	}
}

it("without a change a check says what an audit of everything says: generated worlds", () =>
	fc.assert(
		fc.asyncProperty(worldPlans, (plan) =>
			expectAsAudited(buildWorld(plan).resources, 9),
		),
		{ numRuns: Number(process.env.RUNS ?? 2), seed: 20261128 },
	));

it("and for the sample fleet", () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const readable = resources.filter((one) =>
		readableSubscriptions.includes(subscriptionOf(one)),
	);
	return expectAsAudited(readable, 400, Number(process.env.EVERY ?? 12));
});
