import { describe, expect, it } from "vitest";
import { internalLoadBalancer } from "../../local/fleet/builders/loadBalancer.ts";
import { networkInterface } from "../../local/fleet/builders/networkInterface.ts";
import { plainScaleSet } from "../../local/fleet/builders/plainScaleSet.ts";
import { privateEndpoint } from "../../local/fleet/builders/privateEndpoint.ts";
import { privateLinkService } from "../../local/fleet/builders/privateLinkService.ts";
import { virtualMachineId } from "../../local/fleet/builders/virtualMachine.ts";
import { subnetId } from "../../local/fleet/ids.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { subscriptionOf } from "../../local/resourceGraph/rows.ts";
import type { OtherResource } from "../../shared/inventory/facts.ts";
import {
	frontendsQuery,
	interfacesQuery,
	otherScaleSetsQuery,
} from "../../shared/inventory/otherResources.ts";
import type { Query } from "../../shared/inventory/rows.ts";
import { buildFleet } from "../../shared/model/fleet.ts";
import { budgetsOf } from "../../shared/model/judgedBudget.ts";
import { resourcesByKind } from "../../shared/model/resourcesByKind.ts";
import {
	clusterOf,
	limits,
	memory,
	range,
	sharedOf,
} from "../model/builders.ts";
import { parsed } from "./rows.ts";
import { gatherBy, gathered, readOf } from "./tenant.ts";

const scope = {
	subscription: "00000000-0000-4000-8000-00000000000A",
	resourceGroup: "RG-Tools",
};
const location = "westeurope";
const nodes = subnetId(scope, "Net", "Nodes");
const other = subnetId(scope, "Net", "Other");
const group = "00000000-0000-4000-8000-00000000000a/rg-tools";
const place = { scope, location, subnet: nodes };

function endpoint(name: string, addresses: number, subnet = nodes) {
	const { endpoint, nic } = privateEndpoint({
		...place,
		name,
		subnet,
		addresses: Array.from({ length: addresses }, (_, at) => `10.1.0.${at}`),
		target: "/vault",
	});
	return [endpoint, nic];
}

function machine(
	name: string,
	addresses: number,
	more: { subnet?: string; tags?: Record<string, string> } = {},
) {
	return networkInterface({
		...place,
		name: `${name}-nic`,
		configurations: Array.from({ length: addresses }, (_, at) => ({
			name: `ipconfig${at}`,
			address: `10.1.1.${at}`,
		})),
		virtualMachine: virtualMachineId(scope, name),
		...more,
	});
}

/** The same resource with its configurations at this path changed one by one. */
function changed(
	resource: RawResource,
	list: string,
	change: (properties: Record<string, unknown>, index: number) => object,
): RawResource {
	const copy = JSON.parse(JSON.stringify(resource));
	copy.properties[list] = copy.properties[list].map(
		(one: { properties: Record<string, unknown> }, index: number) => ({
			...one,
			properties: change(one.properties, index),
		}),
	);
	return copy;
}

const balancer = (name: string, subnets: readonly string[]) =>
	internalLoadBalancer({
		scope,
		name,
		location,
		frontends: subnets.map((subnet, at) => ({
			name: `f${at}`,
			subnet,
			address: `10.1.2.${at}`,
		})),
	});

function nodeInterface(
	kind: OtherResource["kind"],
	subnet: string,
	addresses: number,
	group: string | null = null,
	entries = addresses,
): OtherResource {
	return { kind, subnet: subnet.toLowerCase(), group, addresses, entries };
}

describe("what other resources use, by subnet", () => {
	const cases: readonly {
		title: string;
		query: Query<OtherResource>;
		resources: readonly RawResource[];
		otherResources: readonly OtherResource[];
	}[] = [
		{
			title: "private endpoints, with every member's address",
			query: interfacesQuery,
			resources: [
				...endpoint("vault", 1),
				...endpoint("registry", 2, nodes.toUpperCase()),
				...endpoint("store", 1, other),
			],
			otherResources: [
				nodeInterface("private-endpoint", nodes, 3),
				nodeInterface("private-endpoint", other, 1),
			],
		},
		{
			title: "machines apart from endpoints, not those of Karpenter",
			query: interfacesQuery,
			resources: [
				...endpoint("vault", 1),
				machine("jump", 1),
				machine("appliance", 3),
				machine("aks-default-abc", 30, {
					tags: { "karpenter.sh_nodepool": "default" },
				}),
			],
			otherResources: [
				nodeInterface("private-endpoint", nodes, 1),
				nodeInterface("virtual-machine", nodes, 4, group),
			],
		},
		{
			// 1 + 16 in two entries, and 2 plain ones.
			title: "blocks of addresses, each in one entry",
			query: interfacesQuery,
			resources: [
				changed(
					machine("telescope", 2),
					"ipConfigurations",
					(properties, index) =>
						index === 0
							? properties
							: { ...properties, privateIPAddressPrefixLength: 28 },
				),
				machine("jump", 2),
			],
			otherResources: [
				nodeInterface("virtual-machine", nodes, 3, group),
				nodeInterface("virtual-machine", nodes, 16, group, 1),
			],
		},
		{
			title: "nothing of interfaces that have neither machine nor endpoint",
			query: interfacesQuery,
			resources: [
				networkInterface({
					...place,
					name: "idle-nic",
					configurations: [{ name: "a", address: "10.1.1.1" }],
				}),
			],
			otherResources: [],
		},
		{
			title: "internal frontends, not public ones",
			query: frontendsQuery,
			resources: [
				balancer("kubernetes-internal", [nodes, nodes, other]),
				balancer("other", [nodes]),
				changed(
					balancer("kubernetes", [nodes]),
					"frontendIPConfigurations",
					() => ({ publicIPAddress: { id: "/ip" } }),
				),
			],
			otherResources: [
				nodeInterface("load-balancer-frontend", nodes, 3),
				nodeInterface("load-balancer-frontend", other, 1),
			],
		},
		{
			title: "no frontends of IPv6, which take no IPv4 address",
			query: frontendsQuery,
			resources: [
				changed(
					balancer("dual", [nodes, nodes]),
					"frontendIPConfigurations",
					(properties, index) =>
						index === 0
							? properties
							: { ...properties, privateIPAddressVersion: "IPv6" },
				),
			],
			otherResources: [nodeInterface("load-balancer-frontend", nodes, 1)],
		},
		{
			title: "frontends that name no family",
			query: frontendsQuery,
			resources: [
				changed(
					balancer("old", [nodes]),
					"frontendIPConfigurations",
					({ subnet }) => ({ subnet }),
				),
			],
			otherResources: [nodeInterface("load-balancer-frontend", nodes, 1)],
		},
		{
			title: "Private Link Services",
			query: frontendsQuery,
			resources: [
				balancer("kubernetes-internal", [nodes]),
				privateLinkService({
					...place,
					name: "pls",
					configurations: [
						{ name: "a", address: "10.1.3.4" },
						{ name: "b", address: "10.1.3.5" },
					],
				}),
			],
			otherResources: [
				nodeInterface("load-balancer-frontend", nodes, 1),
				nodeInterface("private-link-service", nodes, 2),
			],
		},
		{
			// 3 x 2 and 5 x 1 in one row each, since their numbers of instances differ. A flexible one has machines.
			title: "scale sets that are no node pool, instances times addresses",
			query: otherScaleSetsQuery,
			resources: [
				plainScaleSet({
					...place,
					name: "runners",
					capacity: 3,
					configurations: ["a", "b"],
				}),
				plainScaleSet({
					...place,
					name: "agents",
					capacity: 5,
					configurations: ["a"],
				}),
				...["aks-managed-poolName", "poolName"].map((tag) => ({
					...plainScaleSet({
						...place,
						name: `aks-np-${tag}-vmss`,
						capacity: 9,
						configurations: ["a"],
					}),
					tags: { [tag]: "np" },
				})),
				flexible("flex"),
			],
			otherResources: [
				nodeInterface("scale-set", nodes, 6),
				nodeInterface("scale-set", nodes, 5),
			],
		},
		{
			// 3 x (1 + 16) in the first interface, 3 x 1 in the second.
			title: "scale sets with blocks and several interfaces",
			query: otherScaleSetsQuery,
			resources: [
				withModel("agents", [
					[{ subnet: nodes }, { subnet: nodes, prefixLength: 28 }],
					[{ subnet: other }],
				]),
			],
			otherResources: [
				nodeInterface("scale-set", nodes, 3),
				nodeInterface("scale-set", nodes, 48, null, 3),
				nodeInterface("scale-set", other, 3),
			],
		},
		{
			title: "no scale sets without a size",
			query: otherScaleSetsQuery,
			resources: [
				{ ...withModel("sizeless", [[{ subnet: nodes }]]), sku: { name: "x" } },
			],
			otherResources: [],
		},
	];

	it.each(cases)("$title", ({ query, resources, otherResources }) => {
		expect(parsed(query, resources)).toEqual(otherResources);
	});
});

/** Three instances of this model: entries by interface. */
function withModel(
	name: string,
	interfaces: readonly (readonly {
		readonly subnet: string;
		readonly prefixLength?: number;
	}[])[],
): RawResource {
	const set = plainScaleSet({
		...place,
		name,
		capacity: 3,
		configurations: [],
	});
	return {
		...set,
		properties: {
			...set.properties,
			virtualMachineProfile: {
				networkProfile: {
					networkInterfaceConfigurations: interfaces.map((entries, at) => ({
						name: `nic${at}`,
						properties: {
							ipConfigurations: entries.map(({ subnet, prefixLength }) => ({
								properties: {
									subnet: { id: subnet },
									...(prefixLength === undefined
										? {}
										: { privateIPAddressPrefixLength: prefixLength }),
								},
							})),
						},
					})),
				},
			},
		},
	};
}

function flexible(name: string): RawResource {
	const set = plainScaleSet({
		...place,
		name,
		capacity: 4,
		configurations: ["a"],
	});
	return {
		...set,
		properties: { ...set.properties, orchestrationMode: "Flexible" },
	};
}

describe("an incomplete answer", () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const readable = resources.filter((resource) =>
		readableSubscriptions.includes(subscriptionOf(resource)),
	);

	it.each([
		["interfaces", "interfaces"],
		["frontends", "frontends"],
		["other-scale-sets", "otherScaleSets"],
	] as const)(
		"of %s is a gap and leaves all kinds unknown",
		async (name, key) => {
			const whole = readOf(readable);
			const gap = {
				kind: "rows",
				subscription: null,
				scope: name,
				reason: "rows are missing",
			} as const;
			const { gaps, inventory } = await gatherBy(async (query, scope) => {
				const answer = await whole(query, scope);
				return query.name === name
					? { ...answer, gaps: [gap], lost: 4 }
					: answer;
			});
			expect(gaps).toEqual([gap]);
			expect(inventory.otherResources).toBeNull();
			expect(inventory.lost[key]).toBe(4);
		},
	);
});

describe("the sample fleet's other resources", async () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const { inventory } = await gathered(
		resources.filter((resource) =>
			readableSubscriptions.includes(subscriptionOf(resource)),
		),
	);
	const fleet = buildFleet(inventory, memory(), limits);

	it.each([
		// Sums of sample/expectations.ts.
		[
			"aks-ingress-prod-weu",
			[
				{ kind: "private-endpoint", addresses: range(1) },
				{ kind: "load-balancer-frontend", addresses: range(1) },
			],
		],
		[
			"aks-intranet-prod-weu",
			[
				{ kind: "load-balancer-frontend", addresses: range(1) },
				{ kind: "private-link-service", addresses: range(2) },
				{ kind: "virtual-machine", addresses: range(1) },
				{ kind: "scale-set", addresses: range(6) },
			],
		],
		[
			"aks-checkout-prod-weu",
			[{ kind: "load-balancer-frontend", addresses: range(5) }],
		],
		["aks-spark-prod-weu", [{ kind: "private-endpoint", addresses: range(2) }]],
		["aks-automatic-prod-sdc", []],
		["aks-ci-nonprod-weu", []],
	])("of %s", (name, otherResourcesByKind) => {
		const found = budgetsOf(clusterOf(fleet, name), sharedOf(fleet)).find(
			({ view }) => view.budget.kind === "subnet",
		);
		expect(found && resourcesByKind(found.view)).toEqual(otherResourcesByKind);
		expect(found?.view.now.otherResources).toEqual(
			range(
				otherResourcesByKind.reduce(
					(sum, { addresses }) => sum + (addresses.low ?? 0),
					0,
				),
			),
		);
	});
});
