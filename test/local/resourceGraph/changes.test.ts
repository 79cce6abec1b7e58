import { expect, it } from "vitest";
import { startResourceGraph } from "../../../local/resourceGraph/server.ts";
import { createRead } from "../../../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../../../shared/azure/resourceGraphClient.ts";
import { changesQuery } from "../../../shared/feed/changesQuery.ts";
import { shop, smallFleet } from "../../workflow/fleets.ts";
import { lintQuery } from "./lint.ts";

const since = new Date("2026-01-01T00:00:00Z");
const yet = new Date("2999-01-01T00:00:00Z");

async function opened(lagMs = 0) {
	const graph = await startResourceGraph({
		resources: smallFleet(),
		quota: "off",
		lagMs,
	});
	const client = resourceGraphClient({
		endpoint: graph.url,
		authorityHost: "",
		tokenScope: null,
	});
	const heard = async (from = since) =>
		(await createRead({ client })([])(changesQuery(from, true), {})).rows.map(
			({ resource, kind, by, values }) => ({
				resource,
				kind,
				by,
				values,
			}),
		);
	const send = (method: string, path: string, body?: object) =>
		fetch(`${graph.url}${path}?api-version=2025-05-01`, {
			method,
			...(body && { body: JSON.stringify(body) }),
		});
	return { graph, heard, send };
}

it("has a query that can be paged through", () => {
	expect(lintQuery(changesQuery(since, true).kql).problems).toEqual([]);
});

it("shows what a write of a pool changed, to ARM at once and to Resource Graph too", async () => {
	const { graph, heard, send } = await opened();
	expect(await heard()).toEqual([]);

	const answer = await send("PATCH", `${shop}/agentPools/apps`, {
		properties: { maxCount: 40 },
	});

	expect(answer.status).toBe(200);
	expect(await heard()).toEqual([
		{
			resource: shop,
			kind: "update",
			by: "ada@example.com",
			values: [
				{
					path: "properties.agentPoolProfiles[0].maxCount",
					before: "8",
					after: "40",
				},
			],
		},
	]);
	expect(await heard(yet)).toEqual([]);
	const now = await (await send("GET", shop)).json();
	expect(now).toMatchObject({
		properties: { agentPoolProfiles: [{ name: "apps", maxCount: 40 }] },
	});
	await graph.close();
});

it("tells of what is created and deleted, and of nothing where nothing changes", async () => {
	const { graph, heard, send } = await opened();
	const table = shop.replace(
		"microsoft.containerservice/managedclusters/shop",
		"Microsoft.Network/routeTables/rt",
	);
	expect((await send("PUT", table, { properties: {} })).status).toBe(201);
	await send("PATCH", `${shop}/agentPools/apps`, { properties: {} });
	expect((await send("DELETE", table)).status).toBe(200);
	expect((await send("PATCH", table, {})).status).toBe(404);
	expect((await heard()).map(({ kind }) => kind).sort()).toEqual([
		"create",
		"delete",
	]);
	await graph.close();
});
