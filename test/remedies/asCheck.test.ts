import { describe, expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { proposalOf } from "../../shared/checks/proposal.ts";
import { subjectOf } from "../../shared/checks/subject.ts";
import {
	type Range,
	type RemedyChange,
	scenarioNames,
} from "../../shared/contract.ts";
import type { ArmAnswer } from "../../shared/inventory/armAnswer.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import { budgetsOf } from "../../shared/model/judgedBudget.ts";
import type { View } from "../../shared/model/view.ts";
import { propose } from "../../shared/propose/propose.ts";
import { asCheck } from "../../shared/remedies/asCheck.ts";
import { capacityOffers } from "../../shared/remedies/capacity.ts";
import { gathered } from "../inventory/tenant.ts";
import {
	clusterId,
	clusterOf,
	fleetOf,
	overlayCluster,
	sharedOf,
	subnetId,
} from "../model/builders.ts";

const { resources } = sampleFleet();

/** Every remedy of the sample fleet that the sums can judge, and what it promises. */
function promises(inventory: Inventory) {
	const fleet = fleetOf(inventory);
	const shared = sharedOf(fleet);
	return fleet.clusters.flatMap((one) => {
		const { cluster } = one;
		if (cluster === null) return [];
		return budgetsOf(one, shared)
			.filter(({ view }) =>
				scenarioNames.some((name) =>
					["short", "tight"].includes(view.scenarios[name].verdict),
				),
			)
			.flatMap(({ view }) =>
				capacityOffers(cluster, view).map((offer) => ({
					cluster: cluster.id,
					budget: view.budget,
					offer,
					change: asCheck(cluster, offer.changes),
				})),
			);
	});
}

type Promised = ReturnType<typeof promises>[number];

const azure = new Map(
	resources.map((resource): [string, ArmAnswer] => [
		resource.id.toLowerCase(),
		{ kind: "resource", resource },
	]),
);

/** The budget as a check of the change has it afterwards. Null where nothing of it is used any more. */
function afterCheck(
	{ cluster, budget, offer }: Promised,
	change: RemedyChange,
	inventory: Inventory,
): View | null {
	const moved = offer.changes?.find(({ kind }) => kind === "other-subnet");
	const id = moved?.kind === "other-subnet" ? moved.to : budget.id;
	const request = {
		...change,
		removed: [],
		clusters: [cluster],
		scenarios: scenarioNames,
	};
	const { changes, unclear } = proposalOf(subjectOf(request), azure);
	expect([...unclear]).toEqual([]);
	const fleet = fleetOf(propose(inventory, changes));
	const one = fleet.clusters.find((own) => own.id === cluster);
	const views = one ? budgetsOf(one, sharedOf(fleet)) : [];
	return (
		views
			.map(({ view }) => view)
			.find((own) => own.budget.id === id && own.budget.kind === budget.kind) ??
		null
	);
}

/** A check may know better than the promise how much nodes use that move. */
function isWithin(inner: Range, outer: Range): boolean {
	return (
		(inner.low ?? -Infinity) >= (outer.low ?? -Infinity) &&
		(inner.high ?? Infinity) <= (outer.high ?? Infinity)
	);
}

describe("a remedy as a check", () => {
	it("comes out as the remedy promises, for every remedy of the sample fleet", async () => {
		const { inventory } = await gathered(resources);
		const all = promises(inventory);
		const kinds = new Set<string>();
		for (const one of all) {
			const { offer, change } = one;
			if (change === null) continue;
			const { kind, title } = offer.remedy;
			kinds.add(kind);
			const after = afterCheck(one, change, inventory);
			const promised = offer.after;
			for (const name of scenarioNames) {
				const is = after?.scenarios[name];
				const was = promised?.scenarios[name];
				expect(is?.verdict, title).toBe(was?.verdict);
				if (is && was)
					expect(isWithin(is.demand, was.demand), title).toBe(true);
			}
		}
		expect([...kinds].sort()).toEqual([
			"larger-pod-subnet",
			"larger-subnet",
			"lower-autoscaler-maximum",
			"lower-surge",
			"migrate-to-overlay",
			"new-pool-lower-max-pods",
		]);
		const without = all
			.filter(({ change }) => change === null)
			.map(({ offer }) => offer.remedy.kind);
		expect([...new Set(without)].sort()).toEqual([
			"larger-api-server-subnet",
			"migrate-to-overlay",
			"move-others",
			"split",
		]);
	});

	const { cluster } = clusterOf(fleetOf({ clusters: [overlayCluster()] }));
	if (cluster === null) throw new Error("not resolved");

	it("names pools by name, and subnets and pools that are new", () => {
		expect(
			asCheck(cluster, [
				{
					kind: "new-subnet",
					subnet: subnetId("new"),
					prefixes: ["10.1.4.0/24"],
					routeTable: null,
				},
				{
					kind: "other-subnet",
					cluster: clusterId(),
					from: subnetId(),
					to: subnetId("new"),
				},
			]),
		).toEqual({
			resources: [
				{ id: subnetId("new"), properties: { addressPrefix: "10.1.4.0/24" } },
				{
					id: clusterId(),
					properties: {
						agentPoolProfiles: [{ name: "np", vnetSubnetID: subnetId("new") }],
					},
				},
			],
			replacements: [
				{ pool: `${clusterId()}/agentpools/np`, order: "create-before-delete" },
			],
		});
	});

	it.each([
		{ what: "advice", changes: null },
		{
			what: "a range that nobody knows to be free",
			changes: [
				{
					kind: "new-subnet" as const,
					subnet: subnetId("new"),
					prefixes: ["0.0.0.0/24"],
					routeTable: null,
				},
			],
		},
		{
			what: "what other resources do",
			changes: [
				{ kind: "fewer-other-resources" as const, id: subnetId(), fewer: 3 },
			],
		},
		{
			what: "interfaces without a machine, also beside more",
			changes: [
				{
					kind: "pool" as const,
					cluster: clusterId(),
					pool: "np",
					set: { maxNodes: 3 },
				},
				{ kind: "no-leftovers" as const, subnet: subnetId() },
			],
		},
	])("is not there for $what", ({ changes }) => {
		expect(asCheck(cluster, changes)).toBeNull();
	});
});
