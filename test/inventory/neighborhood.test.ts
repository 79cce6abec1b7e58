import fc from "fast-check";
import { expect, it } from "vitest";
import { generateFleet } from "../../local/fleet/generate.ts";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import {
	gatherNeighborhood,
	type Neighborhood,
} from "../../shared/audit/gatherNeighborhood.ts";
import {
	gatherTenant,
	seenOf,
	type Tenant,
} from "../../shared/audit/gatherTenant.ts";
import type { Read } from "../../shared/inventory/reader.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../../shared/model/fleet.ts";
import type { KnownCluster } from "../../shared/model/known.ts";
import { ledgerOf, sharedLedgers } from "../../shared/model/ledger.ts";
import { buildWorld, worldPlans } from "../laws/world.ts";
import { sharedOf } from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { lookUpIn, readOf } from "./tenant.ts";

const limits = { routesPerTable: 9 };
const scope = { managementGroups: [], subscriptions: [], missingAudits: 3 };
const nobody: ReadonlyMap<string, KnownCluster> = new Map();
const nothing = { withClusters: [], missing: {} };
/** One window of Resource Graph's quota. */
const mostRequests = 15;

function wholeTenant(read: Read): Promise<Tenant> {
	return gatherTenant(() => read, scope, nothing);
}

/** The neighborhood of some clusters, with how many requests it took. */
async function around(
	read: Read,
	clusters: readonly string[],
	known = nobody,
): Promise<{ readonly near: Neighborhood; readonly requests: number }> {
	let requests = 0;
	const counting: Read = (query, scope) => {
		requests += 1;
		return read(query, scope);
	};
	const near = await gatherNeighborhood(
		() => counting,
		scope,
		{ memory: nothing, lookUp: lookUpIn(known) },
		{ clusters },
	);
	return { near, requests };
}

function fleetOf(tenant: Tenant, known = nobody): Fleet {
	const { answered } = seenOf(tenant);
	return buildFleet(
		tenant.inventory,
		{ auditId: "a", at: "2026-11-28T05:00:00Z", known, answered },
		limits,
	);
}

/** All that is said of one cluster: every budget with everybody on it, and every rule with its remedies. */
function judged(fleet: Fleet, id: string) {
	const cluster = fleet.clusters.find((one) => one.id === id);
	return (
		cluster && {
			notEvaluated: cluster.notEvaluated,
			ledger: ledgerOf(
				cluster,
				sharedLedgers(fleet.sharedBudgets, fleet.clusters),
			),
			outcomes: judgeCluster(cluster, sharedOf(fleet), new Set(), thresholds),
		}
	);
}

/** Each cluster read alone must be judged as in the whole fleet. */
async function expectTheSame(
	resources: readonly ArmResource[],
	known = nobody,
	ids?: readonly string[],
): Promise<void> {
	const read = readOf(resources);
	const whole = await wholeTenant(read);
	const fleet = fleetOf(whole, known);
	for (const { id } of whole.inventory.clusters) {
		if (ids && !ids.includes(id)) continue;
		const { near, requests } = await around(read, [id], known);
		expect(near.asked).toEqual([id]);
		expect(judged(fleetOf(near, near.known), id)).toEqual(judged(fleet, id));
		expect(requests).toBeLessThanOrEqual(mostRequests);
	}
}

/** A query is compiled for each of them, which takes most of the time here. */
const few = <T>(all: readonly T[], every: number) =>
	all.filter((_, index) => index % every === 0);

function clustersIn(all: readonly ArmResource[]): string[] {
	return all
		.filter(({ type }) => /managedclusters$/i.test(String(type)))
		.map(({ id }) => id.toLowerCase());
}

it("a cluster of a large fleet is judged as in an audit of all of it", async () => {
	const fleet = generateFleet({ clusters: 100 });
	await expectTheSame(fleet, nobody, few(clustersIn(fleet), 100));
});

it("so is it where a neighbor is not seen any more, and the memory knows it", () =>
	fc.assert(
		fc.asyncProperty(worldPlans, fc.constantFrom(0, 1), async (plan, gone) => {
			const before = await wholeTenant(readOf(buildWorld(plan).resources));
			const known = new Map(fleetOf(before).known.map((one) => [one.id, one]));
			await expectTheSame(buildWorld(plan, [gone]).resources, known);
		}),
		{ numRuns: Number(process.env.RUNS ?? 2), seed: 20261128 },
	));
