import { describe, expect, it } from "vitest";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { readListedRoutes } from "../../shared/inventory/listedRoutes.ts";
import type { Read } from "../../shared/inventory/reader.ts";
import { readOf } from "./tenant.ts";

const id = (name: string) =>
	`/subscriptions/00000000-0000-4000-8000-00000000000A/resourceGroups/RG-Net/providers/Microsoft.Network/routeTables/${name}`;

function table(name: string, routes: readonly string[]): RawResource {
	return {
		id: id(name),
		name,
		type: "Microsoft.Network/routeTables",
		location: "westeurope",
		properties: { routes: routes.map((route) => ({ name: route })) },
	} as RawResource;
}

describe("routes of tables", () => {
	const resources = [
		table("rt-a", ["aks-web-12345678-vmss000000", "Hub"]),
		table("rt-b", ["aks-web-87654321-vmss000000"]),
	];

	it("are read by name, in lower case, of the tables that are asked for", async () => {
		const { listed, gaps } = await readListedRoutes(readOf(resources), [
			{ id: id("rt-a").toLowerCase(), routes: 2 },
		]);
		expect([...listed]).toEqual([
			[id("rt-a").toLowerCase(), ["hub", "aks-web-12345678-vmss000000"]],
		]);
		expect(gaps).toEqual([]);
	});

	it.each([
		{ lost: 0, tables: 1 },
		{ lost: 1, tables: 0 },
		{ lost: null, tables: 0 },
	])(
		"that are not as many as the table says are of $tables tables where $lost rows are lost",
		async ({ lost, tables }) => {
			const whole = readOf(resources);
			const read = (async (query, where) => ({
				...(await whole(query, where)),
				lost,
			})) as Read;
			const { listed } = await readListedRoutes(read, [
				{ id: id("rt-a").toLowerCase(), routes: 3 },
			]);
			expect(listed.size).toBe(tables);
		},
	);

	it("are asked for in no request where there is none to ask about", async () => {
		const { listed } = await readListedRoutes(() => {
			throw new Error("nothing is to be read");
		}, []);
		expect([...listed]).toEqual([]);
	});
});
