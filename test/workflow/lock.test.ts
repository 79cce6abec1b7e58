import { expect, it } from "vitest";
import type { HubStep } from "../../local/host/durable/loopOptions.ts";
import { auditInstanceId } from "../../shared/audit/instances.ts";
import { beginAudit } from "../../shared/azure/auditStore.ts";
import { takeLock } from "../../shared/azure/lockStore.ts";
import { readNotes } from "../../shared/azure/watchStore.ts";
import type { Audit } from "../../shared/contract.ts";
import { newAuditId } from "../../shared/keys/auditId.ts";
import {
	type AuditInput,
	runningRecord,
} from "../../shared/records/auditRecord.ts";
import { smallFleet } from "./fleets.ts";
import { lines, useWorlds, type World } from "./world.ts";

const open = useWorlds();

/** Stops at the first step of a kind until it is let go. */
function gate(held: Pick<HubStep, "point" | "name">) {
	let arrived = () => {};
	let letGo = () => {};
	const reached = new Promise<void>((done) => {
		arrived = done;
	});
	const opened = new Promise<void>((done) => {
		letGo = done;
	});
	let used = false;
	return {
		reached,
		letGo: () => letGo(),
		onStep: async ({ point, name }: HubStep) => {
			if (used || point !== held.point || name !== held.name) return;
			used = true;
			arrived();
			await opened;
		},
	};
}

async function audits(get: <T>(path: string) => Promise<T>): Promise<Audit[]> {
	return (await get<{ audits: Audit[] }>("/api/audits")).audits;
}

function inputOf(auditId: string, at: Date): AuditInput {
	const startedAt = at.toISOString();
	return {
		auditId,
		kind: "fleet",
		trigger: "timer",
		startedAt,
		restartOf: null,
	};
}

/** An audit that some other host started a while ago, and that has no row yet. */
async function startedBefore(world: World, at: Date): Promise<string> {
	const auditId = newAuditId(at);
	const input = inputOf(auditId, at);
	const until = new Date(at.getTime() + 6 * 3_600_000).toISOString();
	await takeLock(world.tables, { auditId, until, input }, null);
	world.host.hub.start("fleetAudit", {
		instanceId: auditInstanceId(auditId),
		input,
	});
	return auditId;
}

it("joins an audit that runs, and starts another once it has ended", async () => {
	const { onStep, reached, letGo } = gate({
		point: "after-activity",
		name: "inventory",
	});
	// The moment after a start is over before an inventory is.
	const world = await open({
		resources: smallFleet(),
		hub: { onStep, startMoment: 0 },
	});
	const first = await world.start();
	await reached;
	expect(await world.start()).toBe(first);
	await world.host.runTimer("schedule");
	expect(await world.get(`/api/audits/${first}`)).toMatchObject({
		state: "running",
		trigger: "http",
		finishedAt: null,
		progress: { clusters: 4, evaluated: 0 },
	});
	expect(world.log.map(({ message }) => message)).toContain(
		`audit ${first} still runs, so the timer starts no other`,
	);
	letGo();
	await world.ended(first);
	expect(await audits(world.get)).toHaveLength(1);

	const second = await world.audit();
	expect(second.auditId).not.toBe(first);
	expect((await audits(world.get)).map(({ auditId }) => auditId)).toEqual([
		second.auditId,
		first,
	]);
});

it("is started by the timer as by a call", async () => {
	const world = await open({ resources: smallFleet() });
	await world.host.runTimer("schedule");
	const [running] = await audits(world.get);
	const audit = await world.ended(running?.auditId ?? "");
	expect(audit).toMatchObject({ trigger: "timer", state: "completed" });
});

it("marks an audit whose host died as failed, and replaces it", async () => {
	const { onStep, reached } = gate({
		point: "before-activity",
		name: "evaluate",
	});
	const world = await open({ resources: smallFleet(), hub: { onStep } });
	const lost = await world.start();
	await reached;
	await world.restart();
	expect(await world.get(`/api/audits/${lost}`)).toMatchObject({
		state: "running",
	});

	const second = await world.audit();

	expect(second).toMatchObject({ state: "completed", changes: { opened: 3 } });
	const first = await world.get<Audit>(`/api/audits/${lost}`);
	expect(first).toMatchObject({
		state: "failed",
		alert: { state: "none" },
		coverage: {
			gaps: [
				{
					scope: "audit",
					reason: "its host stopped before it ended; a later audit replaced it",
				},
			],
		},
	});
	expect(first.finishedAt).not.toBeNull();
	expect(world.channel.posts).toHaveLength(1);
});

it("ends an audit that has run for too long, and what it still does changes nothing", async () => {
	const { onStep, reached, letGo } = gate({
		point: "before-activity",
		name: "evaluate",
	});
	const world = await open({
		resources: smallFleet(),
		env: { AUDIT_MAX_HOURS: "2" },
		hub: { onStep, maxConcurrentActivities: 1, startMoment: 0 },
	});
	const startedAt = new Date(Date.now() - 2 * 3_600_000 - 1000);
	const old = await startedBefore(world, startedAt);
	await reached;

	world.graph.setResources(smallFleet({ shopMax: 5 }));
	const successor = await world.start();
	expect(successor).not.toBe(old);
	expect(await world.get(`/api/audits/${old}`)).toMatchObject({
		state: "failed",
		trigger: "timer",
		coverage: {
			gaps: [
				{
					scope: "audit",
					reason:
						"it ran for more than 2 hours (AUDIT_MAX_HOURS) and was replaced",
				},
			],
		},
	});
	letGo();
	const audit = await world.ended(successor);

	expect(audit).toMatchObject({
		state: "completed",
		progress: { clusters: 4, evaluated: 4 },
		changes: { opened: 1 },
	});
	expect(lines(await world.findings("all"))).toEqual([
		"barn kubenet-retirement low - -",
	]);
	expect((await audits(world.get)).map(({ state }) => state)).toEqual([
		"completed",
		"failed",
	]);
});

it("does not replace an audit that is younger than the limit", async () => {
	const { onStep, reached, letGo } = gate({
		point: "before-activity",
		name: "inventory",
	});
	const world = await open({
		resources: smallFleet(),
		hub: { onStep, startMoment: 0 },
	});
	const startedAt = new Date(Date.now() - 5.9 * 3_600_000);
	const auditId = await startedBefore(world, startedAt);
	await reached;
	// The row is not there yet: whoever joins writes it, so that the answer can be asked for.
	expect(await world.start()).toBe(auditId);
	expect(await world.get(`/api/audits/${auditId}`)).toMatchObject({
		state: "running",
		trigger: "timer",
		startedAt: startedAt.toISOString(),
	});
	letGo();
	expect(await world.ended(auditId)).toMatchObject({ state: "completed" });
});

it("replaces an audit whose instance cannot be terminated, and waits for nothing", async () => {
	const { onStep, reached, letGo } = gate({
		point: "before-activity",
		name: "evaluate",
	});
	let stuck = true;
	const world = await open({
		resources: smallFleet(),
		env: { AUDIT_MAX_HOURS: "2" },
		hub: { onStep, holdsTerminate: () => stuck, startMoment: 0 },
	});
	const startedAt = new Date(Date.now() - 2 * 3_600_000 - 1000);
	const old = await startedBefore(world, startedAt);
	await beginAudit(world.tables, runningRecord(inputOf(old, startedAt)));
	await reached;

	const begin = performance.now();
	const successor = await world.audit();
	expect(performance.now() - begin).toBeLessThan(10_000);
	expect(successor).toMatchObject({ state: "completed" });
	expect(successor.auditId).not.toBe(old);
	expect(await world.get(`/api/audits/${old}`)).toMatchObject({
		state: "failed",
	});
	const instance = auditInstanceId(old);
	expect(world.host.hub.status(instance)?.runtimeStatus).toBe("Running");

	// The watcher tells it again, says so in health, and forgets it when it is over.
	await world.host.runTimer("watch");
	world.later(40);
	const health = await world.health();
	expect(health.status).toBe("healthy");
	expect(health.notices.join()).toMatch(/have not ended: 1/);
	stuck = false;
	await world.host.runTimer("watch");
	expect((await world.host.hub.ended(instance)).runtimeStatus).toBe(
		"Terminated",
	);
	await world.host.runTimer("watch");
	expect((await readNotes(world.tables)).ending).toEqual([]);
	letGo();
});
