import { describe, expect, it } from "vitest";
import {
	nodesBySource,
	olderRows,
	type RowAge,
	whyOlderIn,
} from "../../shared/audit/olderRows.ts";
import { heldBack, olderRowsCause } from "../../shared/findings/heldBack.ts";
import { resolve } from "../../shared/findings/lifecycle.ts";
import { budget, finding } from "../findings/builders.ts";
import {
	cluster,
	clusterId,
	clusterOf,
	fleetOf,
	inventory,
	networkId,
	pool,
	scaleSet,
	subnet,
	subnetId,
} from "../model/builders.ts";

const since = "2026-11-28T10:00:00.000Z";
const later = "2026-11-28T10:00:05.000Z";
const earlier = "2026-11-28T09:59:00.000Z";

/** Clusters a and b in one subnet, with what is known of the age of their rows. */
function olderOf(read: readonly (readonly [string, string])[], nodes = "same") {
	const clusters = [cluster(), cluster({ id: clusterId("b"), name: "b" })];
	const fleet = fleetOf(inventory({ clusters, subnets: [subnet()] }));
	const age = {
		since,
		readByArm: new Map(read),
		nodes: new Map([
			[clusterId(), nodes],
			[clusterId("b"), "same"],
		]),
	} as RowAge;
	return olderRows([clusterOf(fleet)], fleet, age);
}

const all = [
	[clusterId(), later],
	[clusterId("b"), later],
	[networkId(), later],
] as const;

describe("the rows of a shared subnet", () => {
	it("are new if its clusters and its network were read since the request", () => {
		expect(olderOf(all)).toEqual({});
	});

	it.each([
		{ what: "its cluster", without: clusterId(), says: /cluster a was not/ },
		{ what: "a neighbor", without: clusterId("b"), says: /cluster b was not/ },
		{ what: "its network", without: networkId(), says: /network net was not/ },
	])("may be old if $what was not read", ({ without, says }) => {
		const unread = olderOf(all.filter(([id]) => id !== without));
		expect(unread[subnetId()]).toMatch(says);
		const before = olderOf(
			all.map(([id, at]) => [id, id === without ? earlier : at]),
		);
		expect(before[subnetId()]).toMatch(says);
	});

	it.each([
		{ nodes: "fewer", says: /fewer nodes of cluster a/ },
		{ nodes: "unknown", says: /does not count all nodes of cluster a/ },
	])("may be old if the scale sets show $nodes nodes", ({ nodes, says }) => {
		expect(olderOf(all, nodes)[subnetId()]).toMatch(says);
	});

	// What fits with more nodes fits with fewer.
	it("are of no harm if the scale sets show more nodes", () => {
		expect(olderOf(all, "more")).toEqual({});
	});
});

describe("nodes by scale set and by cluster", () => {
	it.each([
		{ capacity: 3, is: "same" },
		{ capacity: 4, is: "more" },
		{ capacity: 2, is: "fewer" },
	])("$capacity of 3 is $is", ({ capacity, is }) => {
		const own = cluster({ pools: [pool({ reportedNodes: 3 })] });
		const nodes = nodesBySource([own], [scaleSet({ capacity })]);
		expect(nodes.get(own.id)).toBe(is);
	});

	it("are not known with auto-provisioned nodes, or without a count", () => {
		const auto = cluster({ autoProvisioning: true });
		const uncounted = cluster({ pools: [pool({ reportedNodes: null })] });
		for (const one of [auto, uncounted])
			expect(nodesBySource([one], []).get(one.id)).toBe("unknown");
	});
});

describe("a finding that would resolve", () => {
	const audit = { auditId: "2", at: later, last: null };
	const open = finding();
	const made = [resolve(open, audit, null)];

	it("stays as it was, and says why, if its rows may be old", () => {
		const [held] = heldBack(made, [open], () => "cluster b", audit);
		expect(held?.change).toBeNull();
		expect(held?.write).toEqual({
			...open,
			auditId: "2",
			lastKnown: { auditId: "1", cause: olderRowsCause, unseen: ["cluster b"] },
		});
	});

	it("resolves if they are new", () => {
		expect(heldBack(made, [open], () => null, audit)).toEqual(made);
	});

	it("rests on its budget, and else on its cluster", () => {
		const why = whyOlderIn({ [clusterId()]: "old" });
		expect(why(open)).toBe("old");
		expect(whyOlderIn({ [budget.id]: "subnet" })(open)).toBe("subnet");
		expect(whyOlderIn({})(open)).toBeNull();
		expect(whyOlderIn({})({ ...open, rule: "range-overlap" })).toMatch(
			/peered/,
		);
	});
});
