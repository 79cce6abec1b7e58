import { describe, expect, it } from "vitest";
import { argRow, tableOf } from "../../../local/resourceGraph/rows.ts";
import { resourceGroup, subscription } from "./containers.ts";

describe("argRow", () => {
	it('has the sixteen columns of Resource Graph, "" and null where nothing is said', () => {
		const id =
			"/subscriptions/S-1/resourceGroups/My-RG/providers/Microsoft.Network/virtualNetworks/Hub";
		expect(
			argRow(
				{ id, name: "Hub", type: "Microsoft.Network/virtualNetworks" },
				"tenant",
			),
		).toEqual({
			id,
			name: "Hub",
			type: "microsoft.network/virtualnetworks",
			tenantId: "tenant",
			kind: "",
			location: "",
			resourceGroup: "my-rg",
			subscriptionId: "S-1",
			managedBy: "",
			sku: null,
			plan: null,
			properties: null,
			tags: null,
			identity: null,
			zones: null,
			extendedLocation: null,
		});
	});

	it("keeps what the resource has", () => {
		const given = {
			sku: { name: "Base" },
			tags: {},
			zones: ["1"],
			identity: { type: "None" },
			managedBy: "/x",
		};
		expect(
			argRow({
				id: "/subscriptions/s/resourcegroups/RG/providers/a/b/c",
				...given,
			}),
		).toMatchObject({
			...given,
			resourceGroup: "rg",
		});
	});
});

describe("containers", () => {
	it("a subscription has its display name, state and management groups", () => {
		const container = subscription("sub-1", "Payments", {
			managementGroups: ["prod", "root"],
			state: "Disabled",
		});
		expect(tableOf(container)).toBe("resourcecontainers");
		expect(argRow(container)).toMatchObject({
			id: "/subscriptions/sub-1",
			name: "Payments",
			type: "microsoft.resources/subscriptions",
			subscriptionId: "sub-1",
			resourceGroup: "",
			properties: {
				state: "Disabled",
				managementGroupAncestorsChain: [{ name: "prod" }, { name: "root" }],
			},
		});
	});

	it("a resource group belongs to its subscription", () => {
		const container = resourceGroup("sub-1", "Net");
		expect(tableOf(container)).toBe("resourcecontainers");
		expect(argRow(container)).toMatchObject({
			type: "microsoft.resources/subscriptions/resourcegroups",
			subscriptionId: "sub-1",
			resourceGroup: "net",
		});
	});
});
