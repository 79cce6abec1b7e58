import { odata } from "@azure/data-tables";
import { expect, it } from "vitest";
import type { HubStep } from "../../local/host/durable/loopOptions.ts";
import { unpackRows } from "../../shared/azure/pack.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import { findingId } from "../../shared/findings/identity.ts";
import { bucketOf } from "../../shared/keys/buckets.ts";
import { desk, sharedSubnet, shop, smallFleet } from "./fleets.ts";
import { lines, useWorlds } from "./world.ts";

const open = useWorlds();
const shopFinding = findingId(
	"capacity-shortfall",
	shop,
	sharedSubnet.toLowerCase(),
);

/** The row of a cluster's changes, as a transaction writes it. */
function changesRow(cluster: string): string {
	return `"RowKey":"${bucketOf(cluster)}"`;
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
		proxied: true,
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

	// Both would ease: autoscaler max fits, a surge node on top of it does not.
	world.graph.setResources(smallFleet({ shopMax: 6 }));
	world.proxy.refuse(changesRow(shop));
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

it("ends partial where a slice cannot be read, and keeps what was found of its cluster", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	const { tables } = world;
	await world.restart({
		hub: {
			onStep: afterInventory(() => spoil(tables, bucketOf(shop))),
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

it("does not evaluate clusters whose shared budget is missing, and judges the rest", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	const { tables } = world;
	await world.restart({
		hub: { onStep: afterInventory(() => removeShared(tables)) },
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
	const world = await open({ proxied: true, resources: smallFleet() });
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

/** What the newest snapshot says of where its parts are. */
interface Parts {
	readonly slices: Readonly<Record<string, string>>;
	readonly shared: Readonly<Record<string, string>>;
}

async function newestParts({ fleet }: Tables): Promise<Parts> {
	const rows = fleet.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${"manifest"}` },
	});
	for await (const row of rows) return unpackRows<Parts>([row]);
	throw new Error("no snapshot");
}

function keysOf(hash: string) {
	return { partitionKey: `pack-${hash[0]}`, rowKey: hash };
}

/** What is read of the slice is not data. */
async function spoil(tables: Tables, slice: string): Promise<void> {
	const { slices } = await newestParts(tables);
	await tables.fleet.updateEntity(
		{ ...keysOf(slices[slice] ?? ""), p0: Buffer.from("{") },
		"Merge",
	);
}

async function removeShared(tables: Tables): Promise<void> {
	const { shared } = await newestParts(tables);
	for (const hash of Object.values(shared)) {
		const { partitionKey, rowKey } = keysOf(hash);
		await tables.fleet.deleteEntity(partitionKey, rowKey);
	}
}
