import { expect, it } from "vitest";
import {
	fillingOfMembers,
	keepHistory,
} from "../../shared/audit/keepHistory.ts";
import { findSeries } from "../../shared/azure/historyStore.ts";
import { unpackRows } from "../../shared/azure/pack.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import type { Fleet } from "../../shared/model/fleet.ts";
import { runwayOf } from "../../shared/model/outlook.ts";
import { toldCluster, toldShared } from "../../shared/model/told.ts";
import type { Member } from "../../shared/model/uses.ts";
import { dayMs } from "../../shared/time.ts";
import { firstNight } from "../history/points.ts";
import {
	addedUp,
	clusterId,
	clusterOf,
	overlayCluster,
	pool,
	sharedOf,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { mill, smallFleet } from "./fleets.ts";
import { sharedStorage, tablesOf } from "./storage.ts";
import { openWorld } from "./world.ts";

const storage = sharedStorage();

function startedAt(night: number): string {
	return new Date(firstNight + night * dayMs).toISOString();
}

/** Two clusters in a /25 = 123. A's only pool has a node more every night, b's three nodes stay. */
function rowsAt(night: number): Partial<Inventory> {
	return {
		clusters: [
			overlayCluster({
				podCidr: "10.244.0.0/19",
				pools: [pool({ reportedNodes: 2 + night })],
			}),
			overlayCluster({ name: "b" }),
		],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 75 + night }),
		],
	};
}

async function keptSeries(tables: Tables) {
	const kept: { id: string; kind: string }[] = [];
	for await (const row of tables.series.listEntities())
		kept.push(...(await unpackRows<typeof kept>([row])));
	return kept;
}

/** The fleet of a night as its histories tell it. */
async function keep(
	tables: Tables,
	night: number,
	isJudged: (member: Member) => boolean = () => true,
): Promise<Fleet> {
	const added = addedUp(rowsAt(night));
	const { members, sharedBudgets, take } = added;
	const filling = fillingOfMembers(members.filter(isJudged), added);
	const outlooks = await keepHistory(tables, filling, {
		startedAt: startedAt(night),
	});
	return {
		clusters: members.map((one) => toldCluster(take(one).cluster, outlooks)),
		sharedBudgets: sharedBudgets.map((one) => toldShared(one, outlooks)),
		known: [],
	};
}

async function nights(tables: Tables, from: number, to: number) {
	let fleet = await keep(tables, from);
	for (let night = from + 1; night < to; night++)
		fleet = await keep(tables, night);
	return fleet;
}

function foundIn(fleet: Fleet, name: string, open = new Set<string>()) {
	return judgeCluster(clusterOf(fleet, name), sharedOf(fleet), open, thresholds)
		.filter(({ rule }) => rule === "runway-short")
		.map(({ outcome }) => outcome);
}

it("tells every cluster of a budget when it will be full, once there are nights enough", async () => {
	const tables = await tablesOf(storage.next());
	const young = await nights(tables, 0, 20);
	expect(foundIn(young, "a").map(({ kind }) => kind)).toEqual([
		"not-evaluated",
		"not-evaluated",
	]);
	const fleet = await nights(tables, 20, 30);
	// The subnet: 75 + 29 = 104 tonight, 123 - 104 = 19 days. a's pod CIDR of 32 blocks: 2 + 29 = 31 nodes, 1 day; an
	// upgrade takes the last one. b's is flat.
	const runway = { days: 19, low: 19, high: 19, points: 30, overDays: 29 };
	expect(foundIn(fleet, "a")).toMatchObject([
		{ kind: "violated", budget: { id: subnetId() }, runway },
		{
			kind: "violated",
			budget: { kind: "pod-range" },
			runway: { ...runway, days: 1, low: 1, high: 1 },
		},
	]);
	expect(foundIn(fleet, "b")).toMatchObject([
		{ kind: "violated", budget: { id: subnetId() }, runway },
		{ kind: "fine" },
	]);
	// Done twice, it is the same.
	const again = await keep(tables, 29);
	expect(again).toEqual(fleet);
	// An audit that comes late is told what was known at its time.
	const late = await keep(tables, 25);
	expect(late.sharedBudgets.map(({ budget }) => runwayOf(budget.outlook)))
		// 75 + 25 = 100, 123 - 100 = 23.
		.toMatchObject([{ days: 23, points: 26 }]);
	expect((await findSeries(tables, subnetId()))?.points).toHaveLength(30);
});

it("keeps what the judged clusters use, and nothing else", async () => {
	const tables = await tablesOf(storage.next());
	await keep(tables, 0, ({ name }) => name === "b");
	const kept = (await keptSeries(tables)).map(({ id }) => id);
	// b shares its subnet with a.
	expect(kept.sort()).toEqual(
		[`${clusterId("b")}/pod-range`, subnetId()].sort(),
	);
});

it("has a point an audit, and an unchanged fleet no finding and no change of it", async () => {
	const world = await openWorld(storage.next(), { resources: smallFleet() });
	try {
		const first = await world.audit();
		const findings = await world.findings();
		const second = await world.audit();
		expect(await world.findings()).toEqual(findings);
		expect(second.changes).toEqual({
			opened: 0,
			worsened: 0,
			eased: 0,
			resolved: 0,
			reopened: 0,
		});
		const series = await findSeries(world.tables, `${mill}/pod-range`);
		expect(series?.points.map(({ at }) => new Date(at).toISOString())).toEqual([
			first.startedAt,
			second.startedAt,
		]);
		// mill has three nodes, a block each.
		expect(series?.points.map(({ demand }) => demand.high)).toEqual([3, 3]);
		const kinds = (await keptSeries(world.tables)).map(({ kind }) => kind);
		// The retail and farm subnets, barn's managed one, two pod ranges, barn's routes.
		expect(kinds.sort()).toEqual([
			"pod-range",
			"pod-range",
			"routes",
			"subnet",
			"subnet",
			"subnet",
		]);
	} finally {
		await world.close();
	}
});
