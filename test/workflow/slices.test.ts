import { odata } from "@azure/data-tables";
import { expect, it } from "vitest";
import type { HubStep } from "../../local/host/durable/loopOptions.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import { findingId } from "../../shared/findings/identity.ts";
import { hash } from "../../shared/keys/hash.ts";
import { desk, sharedSubnet, shop, smallFleet } from "./fleets.ts";
import { lines, useWorlds } from "./world.ts";

const open = useWorlds();
const shopFinding = findingId(
	"capacity-shortfall",
	shop,
	sharedSubnet.toLowerCase(),
);

/** The row of a change or a finding, as a transaction writes it. */
function rowOf(id: string): string {
	return `"RowKey":"${id}"`;
}

/** Runs once, when the inventory has been written and no slice has begun. */
function afterInventory(run: () => Promise<void>) {
	let done = false;
	return async ({ point, name }: HubStep) => {
		if (done || point !== "after-activity" || name !== "inventory") return;
		done = true;
		await run();
	};
}

it("gives a slice up after its last try: partial, a gap with its name, its findings as they were", async () => {
	let evaluations = 0;
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: ({ point, name }) => {
				if (point === "before-activity" && name === "evaluate") evaluations++;
			},
		},
	});
	const first = await world.audit();
	const [before] = (await world.findings()).filter(
		({ id }) => id === shopFinding,
	);

	// Both would ease: full scale fits, a surge node on top of it does not.
	world.graph.setResources(smallFleet({ shopMax: 6 }));
	world.proxy.refuse(rowOf(shopFinding));
	evaluations = 0;
	const second = await world.audit();

	expect(evaluations).toBe(4 + 3);
	expect(second).toMatchObject({
		state: "partial",
		progress: { clusters: 4, evaluated: 3 },
		coverage: { clusters: 4, notEvaluated: 1 },
		findings: first.findings,
		changes: { opened: 0, worsened: 0, eased: 1, resolved: 0, reopened: 0 },
	});
	expect(second.coverage.gaps).toHaveLength(1);
	const [gap] = second.coverage.gaps;
	expect(gap?.scope).toContain("shop");
	expect(gap?.reason).toMatch(/^their evaluation failed: ./);
	const [after] = (await world.findings()).filter(
		({ id }) => id === shopFinding,
	);
	expect(after).toEqual(before);
	expect(lines(await world.findings())).toContain(
		"desk capacity-shortfall low full-upgrade subnet",
	);
});

it("ends partial where a dossier cannot be read, and keeps what was found of its cluster", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	const { tables } = world;
	await world.restart({
		hub: {
			onStep: afterInventory(() =>
				spoil(tables, `slice-${hash(shop)}`, '{"id": '),
			),
		},
	});
	world.graph.setResources(smallFleet({ shopMax: 6 }));
	const second = await world.audit();

	expect(second).toMatchObject({
		state: "partial",
		findings: first.findings,
		changes: { eased: 1, resolved: 0 },
	});
	expect(second.coverage.gaps).toHaveLength(1);
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full-upgrade subnet",
		"shop capacity-shortfall high full subnet",
	]);

	const third = await world.audit();
	expect(third.state).toBe("completed");
	expect(third.changes).toMatchObject({ eased: 1, reopened: 0, opened: 0 });
});

it("does not evaluate clusters whose shared budget is missing, and judges the others", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	const { tables } = world;
	await world.restart({
		hub: { onStep: afterInventory(() => remove(tables, "budgets")) },
	});
	const second = await world.audit();

	expect(second).toMatchObject({
		state: "completed",
		progress: { clusters: 4, evaluated: 4 },
		coverage: { notEvaluated: 2, gaps: [] },
		changes: { opened: 2, resolved: 0 },
	});
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full subnet",
		"desk not-evaluated medium - -",
		"shop capacity-shortfall high full subnet",
		"shop not-evaluated medium - -",
	]);
	const [missing] = (await world.findings()).filter(
		({ rule, cluster }) => rule === "not-evaluated" && cluster === desk,
	);
	expect(missing).toMatchObject({
		budget: null,
		verdict: "unknown",
		severity: "medium",
	});
	expect(missing?.reasons[0]?.text).toContain(
		"vnet-retail/subnets/snet-shared",
	);

	const third = await world.audit();
	expect(third.changes).toMatchObject({ opened: 0, resolved: 2 });
});

it("fails and says so where its end cannot be written", async () => {
	const world = await open({ resources: smallFleet() });
	world.proxy.refuse('"PartitionKey":"memory"');
	const audit = await world.audit();
	expect(world.proxy.refused).toBe(8);
	expect(audit).toMatchObject({
		state: "failed",
		coverage: { gaps: [{ scope: "audit" }] },
	});
	expect(audit.coverage.gaps[0]?.reason).toMatch(/\S/);

	world.proxy.refuse("", 0);
	expect(await world.audit()).toMatchObject({
		state: "completed",
		findings: { high: 1, low: 2 },
	});
});

async function spoil(
	{ snapshots }: Tables,
	part: string,
	data: string,
): Promise<void> {
	for (const keys of await newestRows(snapshots, part))
		await snapshots.updateEntity({ ...keys, data0: data }, "Merge");
}

async function remove({ snapshots }: Tables, part: string): Promise<void> {
	for (const { partitionKey, rowKey } of await newestRows(snapshots, part))
		await snapshots.deleteEntity(partitionKey, rowKey);
}

/** Keys of a snapshot begin with what sorts the newest first. */
async function newestRows(
	snapshots: Tables["snapshots"],
	part: string,
): Promise<{ partitionKey: string; rowKey: string }[]> {
	const rows: { partitionKey: string; rowKey: string }[] = [];
	const entities = snapshots.listEntities({
		queryOptions: { filter: odata`PartitionKey ge ${""}` },
	});
	for await (const { partitionKey = "", rowKey = "" } of entities)
		if (partitionKey.endsWith(`|${part}`)) rows.push({ partitionKey, rowKey });
	const [newest] = rows.map(({ partitionKey }) => partitionKey).sort();
	return rows.filter(({ partitionKey }) => partitionKey === newest);
}
