import { expect, it } from "vitest";
import type { Capacity } from "../../shared/audit/capacity.ts";
import { memoryBefore } from "../../shared/azure/auditStore.ts";
import type { Audit } from "../../shared/contract.ts";
import { desk, shop, smallFleet } from "./fleets.ts";
import { lines, useWorlds, type World } from "./world.ts";

const open = useWorlds();

function capacity(world: World, cluster: string): Promise<Capacity> {
	return world.get(`/api/capacity?cluster=${encodeURIComponent(cluster)}`);
}

/** What a scoped audit must not touch, as a caller and the next audit see it. */
async function restOf(world: World, fleetAudit: Audit) {
	const series: string[] = [];
	for await (const { etag, ...row } of world.tables.series.listEntities())
		series.push(JSON.stringify([row.partitionKey, row.rowKey, etag]));
	return {
		latest: await world.get("/api/audits/latest"),
		overview: await world
			.get<{ audit: unknown; weeks: unknown }>("/api/overview")
			.then(({ audit }) => audit),
		budgets: await world.get("/api/budgets"),
		neighbor: await capacity(world, desk),
		memory: await memoryBefore(world.tables, "29991231T000000000Z-00000000"),
		series: series.sort(),
		newest: (await world.health()).newestAudit?.startedAt,
		fleetAudit: await world.get(`/api/audits/${fleetAudit.auditId}`),
	};
}

it("finds what got worse, of the clusters that are named, and touches nothing else", async () => {
	const world = await open({ resources: smallFleet({ shopMax: 5 }) });
	const first = await world.audit();
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
	]);
	const rest = await restOf(world, first);
	world.graph.setResources(smallFleet());

	const scoped = await world.audit({ clusters: [shop] });

	expect(scoped).toMatchObject({
		scope: { clusters: [shop] },
		trigger: "http",
		state: "completed",
		progress: { clusters: 1, evaluated: 1 },
		changes: { opened: 1 },
		findings: { high: 1, low: 0 },
		alert: { state: "sent" },
	});
	// The neighbor is tight as well, and the next audit of the fleet says so.
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"shop capacity-shortfall high full subnet",
	]);
	expect(await restOf(world, first)).toEqual(rest);
	expect(await capacity(world, shop)).toMatchObject({
		auditId: scoped.auditId,
		readAt: scoped.startedAt,
	});
	const card = world.channel.accepted().at(-1)?.body ?? "";
	expect(card).toContain(
		"Checked 1 AKS cluster again: 1 AKS cluster is short of IPs",
	);
	expect(card).toContain("Only: ");
	expect(card).toContain("requested over the API");
	const { audits } = await world.get<{ audits: Audit[] }>("/api/audits");
	expect(audits.map(({ auditId }) => auditId)).toEqual([
		scoped.auditId,
		first.auditId,
	]);

	// The audit of the fleet supersedes it, tells nothing twice, and removes what nobody refers to.
	const next = await world.audit();
	expect(next.changes).toMatchObject({ opened: 1 });
	expect((await capacity(world, shop)).auditId).toBe(next.auditId);
	const last = await world.audit();
	expect(last).toMatchObject({ state: "completed", alert: { state: "none" } });
	expect(await snapshotsOf(world)).toBe(2);
});

async function snapshotsOf({ tables }: World): Promise<number> {
	const keys = new Set<string>();
	for await (const { partitionKey, rowKey } of tables.fleet.listEntities())
		if (partitionKey === "manifest") keys.add(String(rowKey));
	return keys.size;
}

it("holds back what would resolve while rows may be older than the request, and says so", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	const before = await world.findings();
	world.graph.setResources(smallFleet({ shopMax: 5 }));

	const scoped = await world.audit({ clusters: [shop] });

	expect(scoped).toMatchObject({ state: "partial", changes: { resolved: 0 } });
	expect(scoped.coverage.gaps).toMatchObject([{ kind: "older-rows" }]);
	expect(lines(await world.findings())).toEqual(lines(before));
	expect(await world.audit()).toMatchObject({
		state: "completed",
		changes: { resolved: 2 },
	});
});
