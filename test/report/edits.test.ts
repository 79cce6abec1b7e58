import { describe, expect, it } from "vitest";
import { triedOf } from "../../report/check/edits.ts";
import type { Pool } from "../../report/data/answers.ts";

const cluster =
	"/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg-aks/providers/microsoft.containerservice/managedclusters/aks-web";
const subnet =
	"/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg-net/providers/microsoft.network/virtualnetworks/net/subnets/nodes";

function pool(overrides: Partial<Pool> = {}): Pool {
	return {
		name: "web",
		nodes: { low: 3, high: 3 },
		minNodes: 1,
		maxNodes: 9,
		maxPods: 30,
		maxSurge: "33%",
		vmSize: "Standard_D4s_v5",
		nodeSubnet: subnet,
		podSubnet: null,
		changeable: true,
		spot: false,
		...overrides,
	};
}

const fixed = pool({ name: "system", minNodes: null, maxNodes: null });
const update =
	"az aks nodepool update --resource-group rg-aks --cluster-name aks-web --name web";

describe("what somebody tries", () => {
	it.each([
		{ what: "nothing", edits: {} },
		{
			what: "what is so already",
			edits: {
				web: { maxNodes: "9", maxSurge: "33%" },
				system: { nodes: "3" },
			},
		},
		{ what: "an empty field", edits: { web: { maxNodes: "" } } },
	])("is an upgrade as it is, with $what", ({ edits }) => {
		expect(triedOf(cluster, [fixed, pool()], edits, null)).toEqual({
			body: { clusters: [cluster], resources: [] },
			commands: [],
		});
	});

	it.each([
		{
			what: "a maximum",
			edits: { web: { maxNodes: "40" } },
			fields: { name: "web", maxCount: 40 },
			commands: [
				`${update} --update-cluster-autoscaler --min-count 1 --max-count 40`,
			],
		},
		{
			what: "a number of nodes",
			edits: { system: { nodes: "5" } },
			fields: { name: "system", count: 5 },
			commands: [
				"az aks nodepool scale --resource-group rg-aks --cluster-name aks-web --name system --node-count 5",
			],
		},
		{
			what: "a surge",
			edits: { web: { maxSurge: "10%" } },
			fields: { name: "web", upgradeSettings: { maxSurge: "10%" } },
			commands: [`${update} --max-surge 10%`],
		},
		{
			what: "no surge",
			edits: { web: { maxSurge: "0" } },
			fields: { name: "web", upgradeSettings: { maxSurge: "0" } },
			commands: [`${update} --max-surge 0 --max-unavailable 1`],
		},
	])(
		"has $what in the check and in a command",
		({ edits, fields, commands }) => {
			expect(triedOf(cluster, [fixed, pool()], edits, null)).toEqual({
				body: {
					clusters: [cluster],
					resources: [
						{ id: cluster, properties: { agentPoolProfiles: [fields] } },
					],
				},
				commands,
			});
		},
	);

	it("has a new pool with the machines and subnets of another", () => {
		const added = {
			name: "batch",
			like: "web",
			nodes: "2",
			maxNodes: "6",
			maxPods: "50",
			maxSurge: "",
		};
		expect(triedOf(cluster, [pool()], {}, added)).toEqual({
			body: {
				clusters: [cluster],
				resources: [
					{
						id: cluster,
						properties: {
							agentPoolProfiles: [
								{
									name: "batch",
									mode: "User",
									type: "VirtualMachineScaleSets",
									count: 2,
									enableAutoScaling: true,
									minCount: 2,
									maxCount: 6,
									maxPods: 50,
									vnetSubnetID: subnet,
								},
							],
						},
					},
				],
			},
			commands: [
				`az aks nodepool add --resource-group rg-aks --cluster-name aks-web --name batch --mode User --node-vm-size Standard_D4s_v5 --vnet-subnet-id ${subnet} --max-pods 50 --node-count 2 --enable-cluster-autoscaler --min-count 2 --max-count 6`,
			],
		});
	});
});
