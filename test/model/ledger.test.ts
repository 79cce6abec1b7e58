import { expect, it } from "vitest";
import { ledgerOf, sharedLedgers } from "../../shared/model/ledger.ts";
import {
	cluster,
	clusterId,
	clusterOf,
	fleetOf,
	inventory,
	pool,
	range,
	subnet,
	subnetId,
} from "./builders.ts";

/* A node of a node subnet with max pods 30 needs 29 to 31 addresses. */
it("has the entries of a cluster and of its neighbors, which stay as they are or grow to their maxima", () => {
	const fleet = fleetOf(
		inventory({
			clusters: [
				cluster(),
				cluster({
					id: clusterId("b"),
					name: "b",
					pools: [pool({ name: "big", maxNodes: 5 })],
				}),
			],
			subnets: [subnet()],
		}),
	);
	const ledger = ledgerOf(
		clusterOf(fleet),
		sharedLedgers(fleet.sharedBudgets, fleet.clusters),
	);
	const nodes = ledger.find(({ id }) => id === subnetId());
	expect(nodes?.shared).toEqual([clusterId("a"), clusterId("b")]);
	const entries = (name: "upgrade" | "full") =>
		nodes?.scenarios[name].entries.map(({ pool, nodes, demand }) => ({
			pool,
			nodes,
			demand,
		}));
	expect(entries("upgrade")).toEqual([
		{ pool: "np", nodes: range(4), demand: range(116, 124) },
		{ pool: "big", nodes: range(3), demand: range(87, 93) },
	]);
	expect(entries("full")).toEqual([
		{ pool: "np", nodes: range(3), demand: range(87, 93) },
		{ pool: "big", nodes: range(3, 5), demand: range(87, 155) },
	]);
});

it("is empty for a cluster that could not be read", () => {
	const fleet = fleetOf(inventory({ clusters: [cluster()] }));
	const unread = { ...clusterOf(fleet), cluster: null };
	expect(ledgerOf(unread, [])).toEqual([]);
});
