import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { HubStep } from "../../local/host/durable/loopOptions.ts";
import type { Capacity } from "../../shared/audit/capacity.ts";
import { memoryBefore } from "../../shared/azure/auditStore.ts";
import type { Audit, AuditScope } from "../../shared/contract.ts";
import { barn, desk, retail, shop, smallFleet } from "./fleets.ts";
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
});

async function snapshotsOf({ tables }: World): Promise<number> {
	const keys = new Set<string>();
	for await (const { partitionKey, rowKey } of tables.fleet.listEntities())
		if (partitionKey === "manifest") keys.add(String(rowKey));
	return keys.size;
}

it("resolves what was fixed at once, although Resource Graph still shows the old state", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full subnet",
		"shop capacity-shortfall high full subnet",
	]);
	const neighbor = await capacity(world, desk);
	const requests = world.graph.requests.length;
	world.graph.setLag(3_600_000);
	world.graph.setResources(smallFleet({ shopMax: 5 }));

	const scoped = await world.audit({ clusters: [shop] });

	expect(scoped).toMatchObject({
		state: "completed",
		changes: { resolved: 1 },
	});
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full subnet",
	]);
	expect(await capacity(world, desk)).toEqual(neighbor);
	// The cluster, its network, and the neighbor on whom the finding depends.
	expect(world.graph.armRequests).toHaveLength(3);
	expect(world.graph.requests.length - requests).toBeLessThanOrEqual(15);
	expect(world.channel.accepted().at(-1)?.body).toContain("1 resolved");

	// Whoever asks while an audit of the fleet ends still finds what the scoped one judged. The next audit removes it.
	world.graph.setLag(0);
	world.graph.setResources(smallFleet({ shopMax: 5 }));
	await world.audit();
	expect(await snapshotsOf(world)).toBe(3);
	const last = await world.audit();
	expect(last).toMatchObject({ state: "completed", alert: { state: "none" } });
	expect(await snapshotsOf(world)).toBe(2);
});

/** Stops at the first step of a kind until it is let go. */
function gate(name: string) {
	const reached = Promise.withResolvers<void>();
	const opened = Promise.withResolvers<void>();
	let used = false;
	return {
		reached: reached.promise,
		letGo: () => opened.resolve(),
		onStep: async (step: HubStep) => {
			if (used || step.point !== "before-activity" || step.name !== name)
				return;
			used = true;
			reached.resolve();
			await opened.promise;
		},
	};
}

/** Waits for an audit that starts by itself. */
async function over(world: World, auditId: string): Promise<Audit> {
	for (;;) {
		const audit = await world.ended(auditId);
		if (audit.state !== "queued" && audit.state !== "running") return audit;
		await sleep(20);
	}
}

it("waits while another audit runs: requests become one, and the timer's audit goes first", async () => {
	const fleet = gate("inventory");
	const scoped = gate("readScope");
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: async (step) => {
				await fleet.onStep(step);
				await scoped.onStep(step);
			},
		},
	});
	expect(await ask(world, { clusters: [shop] })).toMatchObject({
		status: 409,
	});
	const first = await world.start();
	await fleet.reached;
	const waiting = await ask(world, { clusters: [shop] });
	expect(waiting).toMatchObject({ status: 202, state: "queued" });
	expect(await ask(world, { clusters: [barn, shop] })).toEqual(waiting);
	expect(await world.get(`/api/audits/${waiting.auditId}`)).toMatchObject({
		state: "queued",
		scope: { clusters: [shop, barn] },
	});
	fleet.letGo();
	await world.ended(first);

	// It began before the requests came, so it has not done their work.
	await scoped.reached;
	const late = await ask(world, { subscriptions: [retail] });
	expect(late.state).toBe("queued");
	await world.host.runTimer("schedule");
	const [timer] = (await world.get<{ audits: Audit[] }>("/api/audits")).audits;
	expect(timer).toMatchObject({
		trigger: "timer",
		scope: null,
		state: "queued",
	});
	expect(world.log.map(({ message }) => message)).toContain(
		`audit ${timer?.auditId} waits for the scoped audit that runs`,
	);
	expect(await world.start()).toBe(timer?.auditId);
	// The audit of the fleet begins late enough to see what was changed before the request.
	world.later(3);
	scoped.letGo();

	expect(await over(world, waiting.auditId)).toMatchObject({
		state: "completed",
		progress: { clusters: 2, evaluated: 2 },
	});
	expect(await over(world, timer?.auditId ?? "")).toMatchObject({
		state: "completed",
	});
	expect(await over(world, late.auditId)).toMatchObject({
		state: "merged",
		mergedInto: timer?.auditId,
	});
	expect(await world.get("/api/audits/latest")).toMatchObject({
		auditId: timer?.auditId,
	});
});

it("goes on after its host died, and says of whom nothing is known", async () => {
	const { onStep, reached } = gate("closeScoped");
	const world = await open({
		resources: smallFleet({ shopMax: 5 }),
		hub: { onStep },
	});
	await world.audit();
	world.graph.setResources(smallFleet());
	const nobody = shop.replace(/shop$/, "nobody");
	const lost = await ask(world, { clusters: [nobody, shop] });
	await reached;
	const waiting = await ask(world, { clusters: [barn] });
	await world.restart();
	world.later(3);
	await world.host.runTimer("watch");
	expect(await over(world, lost.auditId)).toMatchObject({ state: "failed" });
	const { audits } = await world.get<{ audits: Audit[] }>("/api/audits");
	const again = audits.find(({ restartOf }) => restartOf === lost.auditId);

	// What waits is done with it. What the dead one found and did not tell is told.
	expect(again?.auditId).toBe(waiting.auditId);
	expect(await over(world, waiting.auditId)).toMatchObject({
		state: "partial",
		scope: { clusters: [nobody, shop, barn] },
		changes: { opened: 1 },
		alert: { state: "sent" },
		coverage: {
			notEvaluated: 1,
			gaps: [
				{ kind: "cluster", scope: "cluster nobody", reason: "does not exist" },
			],
		},
	});
	expect(await world.audit()).toMatchObject({ changes: { opened: 1 } });
});

async function ask(world: World, scope: AuditScope) {
	const response = await fetch(`${world.host.url}/api/audits`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(scope),
	});
	const body = (await response.json()) as Pick<Audit, "auditId" | "state">;
	return { ...body, status: response.status };
}
