import { expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import {
	clusterOfArm,
	networkOfArm,
	routeTableOfArm,
} from "../../shared/inventory/armRows.ts";
import { gathered } from "./tenant.ts";

const { resources } = sampleFleet();
const { inventory } = await gathered(resources);

function parsed<T>(type: RegExp, parse: (raw: Record<string, unknown>) => T) {
	return resources
		.filter((one) => type.test(String(one.type)))
		.map((one) => parse({ ...one }));
}

function byId<T extends { readonly id: string }>(all: readonly T[]) {
	return [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
}

it("reads clusters of a GET as those of Resource Graph", () => {
	expect(
		byId(
			parsed(/^microsoft.containerservice\/managedclusters$/i, clusterOfArm),
		),
	).toEqual(byId(inventory.clusters));
});

it("so networks and their subnets", () => {
	const all = parsed(/^microsoft.network\/virtualnetworks$/i, networkOfArm);
	expect(byId(all.map(({ network }) => network))).toEqual(
		byId(inventory.networks),
	);
	expect(byId(all.flatMap(({ subnets }) => subnets))).toEqual(
		byId(inventory.subnets),
	);
});

it("so route tables", () => {
	expect(
		byId(parsed(/^microsoft.network\/routetables$/i, routeTableOfArm)),
	).toEqual(byId(inventory.routeTables));
});
