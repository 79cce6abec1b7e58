import { expect, it } from "vitest";
import { secret } from "./channel.ts";
import { barn, retail, sharedSubnet, smallFleet } from "./fleets.ts";
import { useWorlds, type World } from "./world.ts";

const open = useWorlds();

/** The lines of a step of the audit, as Application Insights would parse them. */
function lines(world: World, event: string): Record<string, unknown>[] {
	return world.log
		.filter(({ message }) => message.startsWith("{"))
		.map(({ message }) => JSON.parse(message))
		.filter((line) => line.event === event);
}

it("tells each step of an audit in a line that can be queried", async () => {
	const world = await open({ resources: smallFleet() });
	const audit = await world.audit();
	const { auditId } = audit;
	const seconds = expect.any(Number);

	expect(lines(world, "audit-started")).toEqual([
		{ event: "audit-started", auditId, trigger: "http" },
	]);
	expect(lines(world, "tenant-read")).toEqual(
		["clusters", "nodes"].map((part) => ({
			event: "tenant-read",
			auditId,
			part,
			rows: expect.any(Number),
			gaps: 0,
			seconds,
		})),
	);
	expect(lines(world, "inventory-read")).toEqual([
		{
			event: "inventory-read",
			auditId,
			subscriptions: 2,
			clusters: 4,
			// barn's is in a network of AKS's own.
			subnets: 3,
			slices: 4,
			gaps: 0,
			seconds,
		},
	]);
	const slices = lines(world, "slice-judged");
	expect(slices).toHaveLength(4);
	for (const slice of slices)
		expect(slice).toMatchObject({ auditId, clusters: 1, seconds });
	expect(lines(world, "audit-ended")).toEqual([
		{
			event: "audit-ended",
			auditId,
			state: "completed",
			clusters: 4,
			evaluated: 4,
			notEvaluated: 0,
			gaps: 0,
			findings: audit.findings,
			changes: audit.changes,
			alert: "pending",
			seconds,
		},
	]);
	expect(lines(world, "alert-tried")).toEqual([
		{
			event: "alert-tried",
			auditId,
			channel: "default",
			state: "done",
			seconds,
		},
	]);
	expect(lines(world, "instances-removed")).toEqual([
		{ event: "instances-removed", auditId, instances: 0, seconds },
	]);

	const all = world.log.map(({ message }) => message).join("\n");
	for (const text of [retail, barn, sharedSubnet, "shop", secret])
		expect(all).not.toContain(text);
});

it("tells of a failed audit with its reason, as an error", async () => {
	const world = await open({ resources: smallFleet() });
	world.graph.faults.set([{ fault: { kind: "deny" } }]);
	const { auditId } = await world.audit();
	expect(lines(world, "audit-failed")).toEqual([
		{ event: "audit-failed", auditId, reason: expect.stringMatching(/\S/) },
	]);
	expect(
		world.log.find(({ message }) => message.includes('"audit-failed"'))?.level,
	).toBe("error");
	expect(lines(world, "audit-ended")).toEqual([]);
});

it("ends the audit also where old rows cannot be removed, and says so", async () => {
	const world = await open({ proxied: true, resources: smallFleet() });
	world.proxy.refuse("PartitionKey gt", 1);
	const audit = await world.audit();
	expect(audit.state).toBe("completed");
	expect(world.proxy.refused).toBe(1);
	expect(world.log.map(({ message }) => message)).toContainEqual(
		expect.stringMatching(
			`^audit ${audit.auditId}: old changes were not removed: `,
		),
	);
});
