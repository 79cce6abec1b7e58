import { describe, expect, it } from "vitest";
import type { Inventory } from "../../shared/inventory/facts.ts";
import { kubenetSharedNetwork } from "../../shared/rules/kubenetSharedNetwork.ts";
import {
	clusterOf,
	fleetOf,
	kubenetCluster,
	overlayCluster,
	pool,
	routeTable,
	routeTableId,
	scaleSet,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { outcomeIn, violation } from "./facts.ts";

const table = { routeTable: routeTableId(), ipConfigurations: 6 };
const apart = subnetId("apart");

function fleet(...names: readonly string[]): Partial<Inventory> {
	return {
		clusters: names.map((name) => kubenetCluster({ name })),
		subnets: [subnet(table)],
		routeTables: [routeTable({ routes: 3 * names.length })],
	};
}

describe("a kubenet subnet or route table", () => {
	it.each([
		{ what: "of one cluster", of: fleet("a"), subnet: "fine", routes: "fine" },
		{
			what: "of two clusters",
			of: fleet("a", "b"),
			subnet: "violated",
			routes: "violated",
		},
		{
			what: "table of two clusters with a subnet each",
			of: {
				clusters: [
					kubenetCluster(),
					kubenetCluster({ name: "b", pools: [pool({ nodeSubnet: apart })] }),
				],
				subnets: [subnet(table), subnet({ ...table, id: apart })],
				routeTables: [routeTable({ routes: 6 })],
			},
			subnet: "fine",
			routes: "violated",
		},
		{
			what: "of a kubenet cluster and another",
			of: {
				...fleet("a"),
				clusters: [kubenetCluster(), overlayCluster({ name: "b" })],
			},
			subnet: "violated",
			routes: "fine",
		},
		{
			what: "whose routes Azure does not list",
			of: { ...fleet("a"), routeTables: [routeTable({ routes: null })] },
			subnet: "fine",
			routes: "not-evaluated",
		},
		{
			what: "with nodes of a cluster that is not visible",
			of: { ...fleet("a"), scaleSets: [scaleSet({ cluster: "unseen" })] },
			subnet: "not-evaluated",
			routes: "fine",
		},
	])("$what", ({ of, ...expected }) => {
		expect(outcomeIn(kubenetSharedNetwork, of).kind).toBe(expected.subnet);
		expect(outcomeIn(kubenetSharedNetwork, of, "routes").kind).toBe(
			expected.routes,
		);
	});

	it("is fine to share with overlay", () => {
		const of = {
			...fleet(),
			clusters: [overlayCluster(), overlayCluster({ name: "b" })],
		};
		expect(outcomeIn(kubenetSharedNetwork, of).kind).toBe("fine");
	});

	it("says what else on the route table blocks the migration", () => {
		const of = fleet("a", "b");
		const { cluster } = clusterOf(fleetOf(of));
		if (cluster === null) throw new Error("not resolved");
		const onRouteTable = ["snet-agw"];
		const [remedy] = violation(
			outcomeIn(kubenetSharedNetwork, of, "routes", {
				cluster: {
					...cluster,
					surroundings: { ...cluster.surroundings, onRouteTable },
				},
			}),
		).remedies;
		expect(remedy?.detail.slice(-2)).toEqual([
			"Azure refuses it while subnet snet-agw is on the cluster's route table.",
			"Detach the route table there first.",
		]);
	});

	it("is high, with the number of clusters and without amounts", () => {
		expect(
			violation(
				outcomeIn(kubenetSharedNetwork, fleet("a", "b", "c"), "routes"),
			),
		).toMatchObject({
			severity: "high",
			budget: { id: routeTableId(), kind: "routes", name: "routes" },
			scenario: null,
			verdict: null,
			limit: null,
			demand: null,
			free: null,
			azure: null,
			reasons: [
				{
					kind: "cause",
					text: "3 clusters use it. AKS supports kubenet with one cluster per subnet and route table.",
				},
			],
		});
	});
});
