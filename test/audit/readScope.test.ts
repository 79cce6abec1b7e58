import { expect, it } from "vitest";
import { fleet } from "../../local/fleet/fleet.ts";
import { clusterId } from "../../local/fleet/ids.ts";
import { spoke, subnet } from "../../local/fleet/sample/spoke.ts";
import { gatherNeighborhood } from "../../shared/audit/gatherNeighborhood.ts";
import { readScope } from "../../shared/audit/readScope.ts";
import type { ArmAnswer } from "../../shared/inventory/armAnswer.ts";
import { lookUpIn, readOf } from "../inventory/tenant.ts";

const subscription = "00000000-0000-4000-8000-000000000001";
const network = spoke(subscription, "vnet", "westeurope", ["10.1.0.0/16"]);
const a = clusterId({ subscription, resourceGroup: "rg" }, "a").toLowerCase();
const at = "2026-11-28T12:00:00.000Z";
const resources = fleet({
	subscriptions: [{ id: subscription, name: "one" }],
	networks: [network.network([subnet("nodes", "10.1.0.0/25")])],
	clusters: [
		{
			subscription,
			resourceGroup: "rg",
			name: "a",
			location: "westeurope",
			model: "node-subnet",
			nodeSubnet: network.subnet("nodes"),
			pools: [{ name: "web", mode: "System", nodes: 2 }],
		},
	],
});

it("takes nothing as read by ARM that it could not understand", async () => {
	const read = readOf(resources);
	const readArm = async (id: string): Promise<ArmAnswer> => {
		const resource = resources.find((one) => one.id.toLowerCase() === id);
		if (resource === undefined) return { kind: "missing" };
		return {
			kind: "resource",
			resource:
				id === a
					? resource
					: {
							...resource,
							properties: {
								...Object(resource.properties),
								addressSpace: { addressPrefixes: ["10.1.0.0/99"] },
							},
						},
		};
	};
	const before = {
		memory: { withClusters: [], missing: {} },
		lookUp: lookUpIn(new Map()),
		auditId: "",
		at,
	};
	const scope = {
		subscriptions: [],
		managementGroups: [],
		missingAudits: 3,
	};
	const { readByArm, near } = await readScope(
		{
			gather: (known, around) =>
				gatherNeighborhood(() => read, scope, known, around),
			readArm,
			now: () => new Date(at),
		},
		{ routesPerTable: 400 },
		{ clusters: [a] },
		before,
		() => new Set(),
	);
	expect([...readByArm.keys()]).toEqual([a]);
	expect(near.gaps.map(({ reason }) => reason).join()).toContain("10.1.0.0/99");
});
