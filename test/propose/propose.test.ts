import { describe, expect, it } from "vitest";
import type { Inventory } from "../../shared/inventory/facts.ts";
import type { ProposedChange } from "../../shared/propose/changes.ts";
import { propose } from "../../shared/propose/propose.ts";
import {
	cluster,
	clusterId,
	inventory,
	nodeInterface,
	pool,
	range,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "../model/builders.ts";

const own = clusterId();
const nodes = subnetId();

/** 3 nodes of 29 and 10 other IPs in a /24 of 251. */
function facts(overrides: Partial<Inventory> = {}): Inventory {
	return inventory({
		scaleSets: [scaleSet()],
		subnets: [subnet({ ipConfigurations: 97 })],
		...overrides,
	});
}

/** Demand now, and at autoscaler max, of a subnet once the changes are made. */
function demandAfter(
	changes: readonly ProposedChange[],
	{ id = nodes, name = "a", of = facts() } = {},
) {
	const { view } = seen(propose(of, changes), "subnet", name, id);
	const { today, full } = view.scenarios;
	return {
		now: today.demand,
		full: full.demand,
		others: view.now.otherResources,
	};
}

describe("a proposal", () => {
	it("of nothing is the inventory itself", () => {
		const before = facts();
		expect(propose(before, [])).toBe(before);
	});

	it.each<{
		what: string;
		changes: ProposedChange[];
		now: ReturnType<typeof range>;
		full?: ReturnType<typeof range>;
	}>([
		{
			// 87 and 10. 5 more nodes of 29.
			what: "a maximum of 8 nodes",
			changes: [
				{ kind: "pool", cluster: own, pool: "np", set: { maxNodes: 8 } },
			],
			now: range(97),
			full: range(97 + 145),
		},
		{
			// 5 x 29 and 10.
			what: "two nodes more",
			changes: [
				{ kind: "pool", cluster: own, pool: "np", set: { reportedNodes: 5 } },
			],
			now: range(155),
		},
		{
			// 10, and 3 nodes of 19 to 21.
			what: "max pods 20",
			changes: [
				{ kind: "pool", cluster: own, pool: "np", set: { maxPods: 20 } },
			],
			now: range(67, 73),
		},
		{
			// 97, and 2 nodes of 29 to 31 that nobody has measured.
			what: "a pool of two nodes more",
			changes: [
				{
					kind: "new-pool",
					cluster: own,
					pool: pool({ name: "more", reportedNodes: 2 }),
				},
			],
			now: range(97 + 58, 97 + 62),
		},
		{
			// 10 and 3 nodes of one address.
			what: "Overlay",
			changes: [
				{
					kind: "cluster",
					cluster: own,
					set: { overlay: true, podCidr: "10.244.0.0/16" },
				},
			],
			now: range(13),
		},
		{
			what: "four of the others gone",
			changes: [{ kind: "fewer-other-resources", id: nodes, fewer: 4 }],
			now: range(93),
		},
	])("of $what", ({ changes, now, full = now }) => {
		expect(demandAfter(changes)).toMatchObject({ now, full });
	});

	it("of another subnet takes the nodes there, and the rest stays where it is", () => {
		const to = subnetId("fresh");
		const neighbor = cluster({
			name: "b",
			pools: [pool({ reportedNodes: 1 })],
		});
		const of = facts({
			clusters: [cluster(), neighbor],
			scaleSets: [scaleSet(), scaleSet({ cluster: "b", capacity: 1 })],
			subnets: [subnet({ ipConfigurations: 126 })],
		});
		const changes: ProposedChange[] = [
			{
				kind: "new-subnet",
				subnet: to,
				prefixes: ["10.1.2.0/24"],
				routeTable: null,
			},
			{ kind: "other-subnet", cluster: own, from: nodes, to },
		];
		expect(demandAfter(changes, { id: to, of })).toMatchObject({
			now: range(87),
			others: range(0),
		});
		expect(demandAfter(changes, { name: "b", of })).toMatchObject({
			now: range(39),
			others: range(10),
		});
	});

	it("of one pool in another subnet moves that pool alone", () => {
		const to = subnetId("fresh");
		const of = facts({
			clusters: [cluster({ pools: [pool(), pool({ name: "two" })] })],
			scaleSets: [scaleSet(), scaleSet({ pool: "two" })],
			subnets: [
				subnet({ ipConfigurations: 184 }),
				subnet({ id: to, ipConfigurations: 5 }),
			],
		});
		const changes: ProposedChange[] = [
			{ kind: "pool", cluster: own, pool: "two", set: { nodeSubnet: to } },
		];
		expect(demandAfter(changes, { of }).now).toEqual(range(97));
		expect(demandAfter(changes, { id: to, of }).now).toEqual(range(92));
	});

	it("of a cluster more adds its nodes, of one less takes them off", () => {
		const more = cluster({ name: "b", pools: [pool({ reportedNodes: 2 })] });
		const added: ProposedChange = { kind: "new-cluster", cluster: more };
		expect(demandAfter([added]).now).toEqual(range(97 + 58, 97 + 62));
		expect(
			demandAfter([added, { kind: "removed", id: own }], { name: "b" }),
		).toMatchObject({ now: range(68, 72), others: range(6, 14) });
	});

	it("of a pool less takes its nodes off", () => {
		const of = facts({
			clusters: [cluster({ pools: [pool(), pool({ name: "two" })] })],
			scaleSets: [
				scaleSet(),
				scaleSet({ pool: "two", interfaces: [nodeInterface(29)] }),
			],
			subnets: [subnet({ ipConfigurations: 184 })],
		});
		expect(
			demandAfter([{ kind: "removed-pool", cluster: own, pool: "two" }], { of })
				.now,
		).toEqual(range(97));
	});

	it("of other prefixes has their capacity", () => {
		const larger = propose(facts(), [
			{ kind: "subnet-prefixes", subnet: nodes, prefixes: ["10.1.0.0/23"] },
		]);
		expect(seen(larger).view.budget.limit).toEqual(range(507));
	});

	it("is the ground of another one", () => {
		const first = propose(facts(), [
			{ kind: "pool", cluster: own, pool: "np", set: { reportedNodes: 5 } },
		]);
		expect(
			demandAfter([{ kind: "fewer-other-resources", id: nodes, fewer: 10 }], {
				of: first,
			}).now,
		).toEqual(range(145));
	});

	it("names a cluster or pool that is not there", () => {
		expect(() =>
			propose(facts(), [{ kind: "removed-pool", cluster: "x", pool: "np" }]),
		).toThrow("no cluster x is in the inventory");
		expect(() =>
			propose(facts(), [
				{ kind: "pool", cluster: own, pool: "x", set: { maxNodes: 1 } },
			]),
		).toThrow("has no pool x");
	});
});
