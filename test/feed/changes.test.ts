import { describe, expect, it } from "vitest";
import { changesQuery } from "../../shared/feed/changesQuery.ts";
import { changeText } from "../../shared/feed/changeText.ts";
import { matters } from "../../shared/feed/matters.ts";

const cluster =
	"/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/RG/providers/Microsoft.ContainerService/managedClusters/AKS-Shop";
const { parse, kql } = changesQuery(new Date("2026-11-28T14:20:00Z"), true);

/** As `resourcechanges` has it, after the query's projection. */
const row = (over: object = {}) => ({
	id: `${cluster}/providers/Microsoft.Resources/changes/08585-1`,
	resource: cluster,
	targetType: "Microsoft.ContainerService/managedClusters",
	changeType: "Update",
	madeAt: "2026-11-28T14:32:10.123Z",
	madeBy: "ada@example.com",
	operation: "5B7C4B1E-0000-4000-8000-0000000000AA",
	changed: {
		'properties.agentPoolProfiles["web"].maxCount': {
			previousValue: "20",
			newValue: "40",
			changeCategory: "User",
			propertyChangeType: "Update",
		},
	},
	...over,
});

it("reads a change", () => {
	expect(parse(row())).toEqual({
		id: `${cluster}/providers/Microsoft.Resources/changes/08585-1`.toLowerCase(),
		source: "feed",
		operation: "5b7c4b1e-0000-4000-8000-0000000000aa",
		resource: cluster.toLowerCase(),
		type: "microsoft.containerservice/managedclusters",
		kind: "update",
		at: "2026-11-28T14:32:10.123Z",
		by: "ada@example.com",
		values: [
			{
				path: 'properties.agentPoolProfiles["web"].maxCount',
				before: "20",
				after: "40",
			},
		],
	});
	expect(() => parse(row({ madeAt: "yesterday" }))).toThrow("field madeAt");
});

it("takes a kind of change that it does not know for one that may matter", () => {
	expect(parse(row({ changeType: "Moved" }))).toMatchObject({
		kind: "update",
		values: null,
	});
});

it("does not ask who made a change unless it may", () => {
	expect(kql).toContain("changedBy");
	expect(changesQuery(new Date(), false).kql).not.toContain("changedBy");
});

describe("what matters", () => {
	const of = (type: string, ...paths: string[]) =>
		matters({
			...parse(row({ targetType: type })),
			values: paths.map((path) => ({ path, before: "a", after: "b" })),
		});
	const aks = "Microsoft.ContainerService/managedClusters";
	const scaleSet = "Microsoft.Compute/virtualMachineScaleSets";
	it.each([
		{
			type: aks,
			paths: ["properties.agentPoolProfiles[0].maxCount"],
			is: true,
		},
		{ type: aks, paths: ["properties.powerState.code"], is: true },
		{ type: aks, paths: ["tags.owner"], is: false },
		{
			type: aks,
			paths: ["tags.owner", "properties.networkProfile.podCidr"],
			is: true,
		},
		{
			type: aks,
			paths: [
				"properties.provisioningState",
				"eTag",
				"systemData.lastModifiedAt",
			],
			is: false,
		},
		{ type: aks, paths: ["properties.somethingNew"], is: true },
		{ type: aks, paths: [], is: true },
		{
			type: "Microsoft.Network/virtualNetworks",
			paths: ["properties.subnets[3].properties.addressPrefix"],
			is: true,
		},
		{
			type: "Microsoft.Network/virtualNetworks",
			paths: ["properties.subnets[3].etag"],
			is: false,
		},
		{ type: scaleSet, paths: ["sku.capacity"], is: true },
		{
			type: scaleSet,
			paths: [
				"properties.virtualMachineProfile.storageProfile.imageReference.id",
			],
			is: false,
		},
		{
			type: scaleSet,
			paths: ["tags.aks-managed-poolName", "properties.provisioningState"],
			is: false,
		},
	])("$type $paths: $is", ({ type, paths, is }) => {
		expect(of(type, ...paths)).toBe(is);
	});

	it("counts whatever is created or deleted, and what the feed does not detail", () => {
		expect(
			matters(parse(row({ changeType: "Create", changed: undefined }))),
		).toBe(true);
		expect(matters(parse(row({ changeType: "Delete", changed: {} })))).toBe(
			true,
		);
		expect(matters(parse(row({ changed: undefined })))).toBe(true);
	});
});

describe("in words", () => {
	const values = (path: string, previousValue: unknown, newValue: unknown) => ({
		changed: { [path]: { previousValue, newValue } },
	});
	it.each([
		{ over: {}, text: "max count of pool web 20 to 40 at 14:32 UTC" },
		{
			over: values(
				"properties.agentPoolProfiles[1].vnetSubnetID",
				"/a/subnets/old",
				"/a/subnets/new",
			),
			text: "node subnet of pool jobs old to new at 14:32 UTC",
		},
		{
			over: values("properties.agentPoolProfiles[7].count", "3", "5"),
			text: "count of cluster aks-shop 3 to 5 at 14:32 UTC",
		},
		{
			over: values("properties.addonProfiles.x.enabled", "false", "true"),
			text: "cluster aks-shop changed at 14:32 UTC",
		},
		{
			over: { changeType: "Delete" },
			text: "cluster aks-shop deleted at 14:32 UTC",
		},
		{
			over: {
				changed: {
					'properties.agentPoolProfiles["web"].maxCount': {
						previousValue: 1,
						newValue: 2,
					},
					'properties.agentPoolProfiles["web"].minCount': { newValue: 1 },
				},
			},
			text: "max count of pool web 1 to 2 and 1 more at 14:32 UTC",
		},
	])("$text", ({ over, text }) => {
		const pools = ["web", "jobs"];
		expect(changeText(parse(row(over)), (index) => pools[index] ?? null)).toBe(
			text,
		);
	});
});
