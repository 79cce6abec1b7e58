import { expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { packed, unpacked } from "../../shared/azure/entity.ts";
import { openFindings } from "../../shared/azure/findingBuckets.ts";
import { replaceFindings } from "../../shared/azure/findingStore.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Audit } from "../../shared/contract.ts";
import { rowsOf } from "../alert/cardText.ts";
import { shop, smallFleet } from "./fleets.ts";
import { useWorlds } from "./world.ts";

const open = useWorlds();

it.each([{ deliverTwice: false }, { deliverTwice: true }])(
	"says once that a finding comes and goes, then counts its changes: $deliverTwice",
	async ({ deliverTwice }) => {
		const world = await open({
			resources: smallFleet(),
			hub: { deliverTwice },
		});
		await world.audit();
		const nights: string[] = [];
		for (const shopMax of [5, 8, 5, 8, 5, 8]) {
			world.graph.setResources(smallFleet({ shopMax }));
			const { changes, alert } = await world.audit();
			// shop (high) and desk (low).
			expect(changes.resolved + changes.reopened).toBe(2);
			nights.push(alert.state);
		}
		expect(nights).toEqual(["sent", "sent", "sent", "sent", "none", "none"]);
		const cards = world.channel.posts.map(({ body }) =>
			rowsOf(body).join("\n"),
		);
		expect(cards).toHaveLength(5);
		expect(cards.map((card) => card.includes("comes and goes"))).toEqual([
			false,
			false,
			false,
			false,
			true,
		]);
		const [kept] = (await openFindings(world.tables)).get(shop) ?? [];
		expect(kept?.flapHistory).toMatchObject({ flapping: true, eased: false });
		expect(kept?.flapHistory?.returns).toHaveLength(2);
		// What is remembered for this is shown to nobody.
		for (const finding of await world.findings("all"))
			expect(finding).not.toHaveProperty("unrest");
	},
);

it("tells what a new rule finds in a fleet that is as it was", async () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const world = await open({ resources, readableSubscriptions });
	const first = await world.audit();
	expect(first.rulesVersion).toBeGreaterThanOrEqual(2);
	expect(world.channel.posts[0]?.body).not.toContain("new rule");

	await asBeforeTheRule(world.tables, "kubenet-shared-network");
	const second = await world.audit();
	expect(second.changes.opened).toBeGreaterThan(0);
	expect(second.alert.state).toBe("sent");
	expect(rowsOf(world.channel.posts[1]?.body ?? "").join("\n")).toContain(
		"HIGH · new · new rule",
	);
	expect((await world.audit()).changes.opened).toBe(0);
});

/** The tables as an audit of the first version of the rules would have written them, except for the other rules. */
async function asBeforeTheRule(tables: Tables, rule: string): Promise<void> {
	const open = [...(await openFindings(tables)).values()].flat();
	await replaceFindings(
		tables,
		open.filter((finding) => finding.rule !== rule),
	);
	for await (const entity of tables.audits.listEntities({
		queryOptions: { filter: "PartitionKey eq 'audit'" },
	})) {
		const { partitionKey = "", rowKey = "" } = entity;
		const record = { ...unpacked<Audit>(entity), rulesVersion: 1 };
		await tables.audits.updateEntity(
			packed({ partitionKey, rowKey }, record),
			"Merge",
		);
	}
}
