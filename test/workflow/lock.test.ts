import { expect, it } from "vitest";
import type { HubStep } from "../../local/host/durable/hubLoop.ts";
import type { Audit } from "../../shared/contract.ts";
import { newAuditId } from "../../shared/keys/auditId.ts";
import { smallFleet } from "./fleets.ts";
import { lines, useWorlds } from "./world.ts";

const open = useWorlds();

/** Holds back the first step of a kind until it is let go. */
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

it("starts one audit for four calls of one moment, on an instance that was never used", async () => {
	const world = await open({ resources: smallFleet() });
	const answers = await Promise.all([
		world.start(),
		world.start(),
		world.start(),
		world.start(),
	]);
	expect(new Set(answers).size).toBe(1);
	const audit = await world.ended(answers[0] ?? "");
	expect(audit.state).toBe("completed");
	expect(await audits(world.get)).toEqual([audit]);
	expect(world.channel.posts).toHaveLength(1);
});

it("joins an audit that runs, and starts another once it has ended", async () => {
	const { onStep, reached, letGo } = gate({
		point: "after-activity",
		name: "inventory",
	});
	const world = await open({ resources: smallFleet(), hub: { onStep } });
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
		`audit ${first} still runs: the timer starts no other`,
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

it("marks an audit that its host left behind as failed, and replaces it", async () => {
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

it("ends an audit that has run for too long, and what is left of it changes nothing", async () => {
	const { onStep, reached, letGo } = gate({
		point: "before-activity",
		name: "evaluate",
	});
	const world = await open({
		resources: smallFleet(),
		env: { AUDIT_MAX_HOURS: "2" },
		hub: { onStep, maxConcurrentActivities: 1 },
	});
	const startedAt = new Date(Date.now() - 2 * 3_600_000 - 1000);
	const old = newAuditId(startedAt);
	world.host.hub.start("fleetAudit", {
		instanceId: "fleet-audit",
		input: {
			auditId: old,
			trigger: "timer",
			startedAt: startedAt.toISOString(),
		},
	});
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
	const world = await open({ resources: smallFleet(), hub: { onStep } });
	const startedAt = new Date(Date.now() - 5.9 * 3_600_000);
	const auditId = newAuditId(startedAt);
	world.host.hub.start("fleetAudit", {
		instanceId: "fleet-audit",
		input: { auditId, trigger: "timer", startedAt: startedAt.toISOString() },
	});
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
