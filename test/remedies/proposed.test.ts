import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateFleet } from "../../local/fleet/generate.ts";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { scenarioNames } from "../../shared/contract.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import type { Fleet } from "../../shared/model/fleet.ts";
import { budgetsOf } from "../../shared/model/judgedBudget.ts";
import type { View } from "../../shared/model/view.ts";
import { propose } from "../../shared/propose/propose.ts";
import { capacityOffers } from "../../shared/remedies/capacity.ts";
import type { Offer } from "../../shared/remedies/offer.ts";
import { gathered } from "../inventory/tenant.ts";
import {
	autoProvisionedNode,
	fleetOf,
	nodeInterface,
	sharedOf,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { nodes, pods, world } from "./world.ts";

function viewsOf(fleet: Fleet, cluster: string): View[] {
	const one = fleet.clusters.find(({ id }) => id === cluster);
	return one === undefined
		? []
		: budgetsOf(one, sharedOf(fleet)).map(({ view }) => view);
}

/** What the sums say of a budget. That all fits, where the cluster does not use it. */
function sums(view: View | null | undefined) {
	return view
		? scenarioNames.map((name) => {
				const { verdict, demand, free } = view.scenarios[name];
				return { name, verdict, demand, free };
			})
		: scenarioNames.map((name) => ({ name, verdict: "fits" }));
}

/** Where the fast path over one budget and the fleet of the proposal say different things. */
function isViolated({ scenarios }: View): boolean {
	return scenarioNames.some((name) =>
		["short", "tight"].includes(scenarios[name].verdict),
	);
}

/** Facts that are rare in a fleet, each on and off. */
const rare = fc.record({
	fewer: fc.constantFrom(0, 0, 3, 40),
	counted: fc.constantFrom(0, 0, -1, 2),
	unmeasured: fc.boolean(),
	deallocates: fc.boolean(),
	dualStack: fc.boolean(),
	provisioned: fc.constantFrom(0, 0, 2),
	mixed: fc.boolean(),
	large: fc.boolean(),
	unlisted: fc.boolean(),
	further: fc.boolean(),
});
type Rare = typeof rare extends fc.Arbitrary<infer T> ? T : never;

function withRare(facts: Inventory, of: Rare): Inventory {
	const { fewer, counted } = of;
	return {
		...facts,
		clusters: facts.clusters.map((one) => ({
			...one,
			dualStack: of.dualStack && one.plugin === "kubenet",
			autoProvisioning: of.provisioned > 0 && one.overlay,
			pools: one.pools.map((own) => ({
				...own,
				deallocates: of.deallocates,
				staticBlocks: own.staticBlocks && !of.mixed,
				podSubnet: of.mixed && own.podSubnet !== null ? nodes : own.podSubnet,
			})),
		})),
		scaleSets: facts.scaleSets.map((set) => ({
			...set,
			capacity: Math.max(0, (set.capacity ?? 0) + counted),
			interfaces: of.unmeasured
				? null
				: [
						...(set.interfaces ?? []),
						...(of.further ? [nodeInterface(2, { subnet: pods })] : []),
					],
		})),
		autoProvisionedNodes: facts.clusters.flatMap(({ name, overlay }) =>
			overlay
				? Array.from({ length: of.provisioned }, () =>
						autoProvisionedNode({ cluster: name, interface: nodeInterface(1) }),
					)
				: [],
		),
		subnets: [
			...facts.subnets.map((one) => ({
				...one,
				ipConfigurations: of.unlisted
					? null
					: Math.max(0, (one.ipConfigurations ?? 0) - fewer),
			})),
			...(of.large
				? [subnet({ id: subnetId("large"), prefixes: ["10.128.0.0/15"] })]
				: []),
		],
	};
}

function differences(facts: Inventory, kinds = new Map<string, number>()) {
	const fleet = fleetOf(facts);
	return fleet.clusters.flatMap(({ id, cluster }) =>
		cluster === null
			? []
			: viewsOf(fleet, id)
					.filter(isViolated)
					.flatMap((view) =>
						capacityOffers(cluster, view).flatMap((offer) => {
							if (offer.changes === null) return [];
							const { kind } = offer.remedy;
							kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
							const after = viewAfter(facts, id, view, offer);
							const [fast, whole] = [sums(offer.after), sums(after)];
							return JSON.stringify(fast) === JSON.stringify(whole)
								? []
								: [
										{
											title: offer.remedy.title,
											budget: view.budget.id,
											fast,
											whole,
										},
									];
						}),
					),
	);
}

function viewAfter(
	facts: Inventory,
	cluster: string,
	{ budget }: View,
	{ changes }: Offer,
): View | undefined {
	const moved = changes?.find(({ kind }) => kind === "other-subnet");
	const id = moved?.kind === "other-subnet" ? moved.to : budget.id;
	const proposed = propose(facts, changes ?? []);
	return viewsOf(fleetOf(proposed), cluster).find(
		(one) => one.budget.kind === budget.kind && one.budget.id === id,
	);
}

describe("a remedy as it is judged, and the fleet with its changes", () => {
	it("have the same sums in small worlds", () => {
		const kinds = new Map<string, number>();
		fc.assert(
			fc.property(world, rare, (plain, of) => {
				expect(differences(withRare(plain, of), kinds)).toEqual([]);
			}),
			{ numRuns: 400 },
		);
		expect([...kinds.keys()].sort()).toEqual([
			"delete-leftover-interfaces",
			"larger-pod-range",
			"larger-pod-subnet",
			"larger-subnet",
			"lower-autoscaler-maximum",
			"lower-surge",
			"migrate-to-overlay",
			"move-others",
			"new-pool-lower-max-pods",
		]);
	});

	it.each([
		{ what: "the sample fleet", resources: sampleFleet().resources, least: 20 },
		{
			what: "a generated fleet",
			resources: generateFleet({ clusters: 30 }),
			least: 5,
		},
	])("have the same sums in $what", async ({ resources, least }) => {
		const { inventory } = await gathered(resources);
		const kinds = new Map<string, number>();
		expect(differences(inventory, kinds)).toEqual([]);
		const tried = [...kinds.values()].reduce((sum, one) => sum + one, 0);
		expect(tried).toBeGreaterThan(least);
	});
});
