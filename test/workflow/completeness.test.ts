import { expect, it } from "vitest";
import type { FaultRule } from "../../local/resourceGraph/faults.ts";
import { changesOf } from "../../shared/azure/changeStore.ts";
import type { Audit } from "../../shared/contract.ts";
import { cardText } from "../alert/cardText.ts";
import { farm, guest, mill, retail, shop, smallFleet } from "./fleets.ts";
import { lines, useWorlds, type World } from "./world.ts";

const open = useWorlds();

const noChanges = {
	opened: 0,
	worsened: 0,
	eased: 0,
	resolved: 0,
	reopened: 0,
};

async function resolvedBecause(
	{ tables }: World,
	{ auditId }: Audit,
): Promise<string[]> {
	const reasons: string[] = [];
	for await (const { kind, finding, reason } of changesOf(tables, auditId))
		if (kind === "resolved") reasons.push(`${finding.clusterName}: ${reason}`);
	return reasons.sort();
}

it("names a subscription that is not listed any more for three audits, then gives it up and says so once", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	expect(first.coverage.subscriptions).toEqual({ expected: 2, answered: 2 });

	world.graph.setReadableSubscriptions([retail]);
	for (let audit = 1; audit <= 3; audit++) {
		const missing = await world.audit();
		expect(missing).toMatchObject({
			state: "partial",
			coverage: {
				subscriptions: { expected: 2, answered: 1 },
				clusters: 2,
				gaps: [{ scope: `subscription ${farm}` }],
			},
			findings: first.findings,
			changes: noChanges,
			alert: { state: "none" },
		});
		expect(missing.coverage.gaps[0]?.reason).toMatch(/Reader/);
	}
	expect(lines(await world.findings())).toContain(
		"barn kubenet-retirement low - -",
	);

	const given = await world.audit();
	expect(given).toMatchObject({
		state: "completed",
		coverage: { subscriptions: { expected: 1, answered: 1 }, gaps: [] },
		changes: { ...noChanges, resolved: 1 },
		alert: { state: "sent" },
	});
	expect(await resolvedBecause(world, given)).toEqual([
		"barn: The cluster's subscription is out of reach",
	]);
	expect(world.channel.posts).toHaveLength(2);
	expect(world.channel.posts[1]?.body).toContain(farm);

	const after = await world.audit();
	expect(after).toMatchObject({
		state: "completed",
		changes: noChanges,
		alert: { state: "none" },
	});

	world.graph.setReadableSubscriptions(undefined);
	const back = await world.audit();
	expect(back).toMatchObject({
		state: "completed",
		coverage: { subscriptions: { expected: 2, answered: 2 } },
		changes: { ...noChanges, reopened: 1 },
	});
});

it("names a subscription that is configured and not listed", async () => {
	const world = await open({
		resources: smallFleet({ only: [retail] }),
		env: { AUDIT_SUBSCRIPTIONS: `${retail},${farm}` },
	});
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "partial",
		coverage: {
			subscriptions: { expected: 2, answered: 1 },
			gaps: [{ scope: `subscription ${farm}` }],
		},
	});
	expect(audit.coverage.gaps[0]?.reason).toMatch(/configured.*Reader/);
});

it("names a subscription that had clusters and shows neither these nor resource groups", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	const [farmItself] = smallFleet().filter(
		({ id, type }) =>
			type.toLowerCase() === "microsoft.resources/subscriptions" &&
			id.includes(farm),
	);
	if (farmItself === undefined) throw new Error("no subscription");
	world.graph.setResources([...smallFleet({ only: [retail] }), farmItself]);
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "partial",
		coverage: { gaps: [{ scope: `subscription ${farm}` }] },
		changes: noChanges,
	});
	expect(audit.coverage.gaps[0]?.reason).toMatch(
		/neither clusters nor resource groups/,
	);
});

it("believes that a cluster is gone after two answers in a row without it, whatever else cannot be read", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();

	const left = smallFleet({ without: ["barn"] });
	world.graph.setResources(left);
	expect(await world.audit()).toMatchObject({
		state: "completed",
		changes: noChanges,
		findings: { high: 1, low: 2 },
	});
	// All rows of clusters are there: that mill's cannot be read says nothing of barn.
	world.graph.faults.set([unreadable(mill, left)]);
	const second = await world.audit();
	expect(second).toMatchObject({
		state: "partial",
		changes: { ...noChanges, opened: 1, resolved: 1 },
		findings: { high: 1, medium: 1, low: 1 },
	});
	expect(await resolvedBecause(world, second)).toEqual([
		"barn: The cluster is gone",
	]);
	world.graph.faults.clear();
	const last = await world.audit();
	expect(last).toMatchObject({
		state: "completed",
		changes: { ...noChanges, resolved: 1 },
		findings: { high: 1, medium: 0, low: 1 },
	});
	expect(await resolvedBecause(world, last)).toEqual(["mill: null"]);
});

it("fails if none of the earlier clusters answers, and keeps what was found", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	const before = await world.findings();

	world.graph.setResources(
		smallFleet({ without: ["shop", "desk", "barn", "mill"] }),
	);
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "failed",
		changes: noChanges,
		alert: { state: "sent" },
		coverage: { gaps: [{ scope: "audit" }] },
	});
	expect(audit.coverage.gaps[0]?.reason).toMatch(
		/no AKS cluster is visible.*Reader/,
	);
	expect(await world.findings()).toEqual(before);
	expect(await world.get("/api/audits/latest")).toMatchObject({
		auditId: audit.auditId,
	});
});

it.each([
	{
		what: "Resource Graph refuses every query",
		readable: undefined,
		deny: true,
	},
	{ what: "no subscription is visible", readable: [], deny: false },
])("fails and names the role where $what", async ({ readable, deny }) => {
	const world = await open({
		resources: smallFleet(),
		...(readable && { readableSubscriptions: readable }),
	});
	if (deny) world.graph.faults.set([{ fault: { kind: "deny" } }]);
	const audit = await world.audit();
	expect(audit.state).toBe("failed");
	expect(audit.finishedAt).not.toBeNull();
	expect(audit.coverage.gaps[0]?.reason).toMatch(/role Reader/);
	// No all-clear: the card says that it failed.
	expect(world.channel.posts.map(({ body }) => body)).toEqual([
		expect.stringContaining("Audit failed"),
	]);
});

it("fails with all wrong settings named at once, however many, in its row and on its card", async () => {
	const wrong = {
		AUDIT_SUBSCRIPTIONS: "production",
		AUDIT_MAX_HOURS: "soon",
		AUDIT_MISSING_AUDITS: "0",
		AUDIT_NEARLY_FULL_PERCENT: "200",
		AUDIT_NEARLY_FULL_EXIT_PERCENT: "300",
		AUDIT_RUNWAY_DAYS: "never",
		AUDIT_PODS_PER_NODE: "many",
		AUDIT_OVERSIZED_PERCENT: "all",
		AUDIT_ROUTE_LIMIT: "none",
		AUDIT_RETENTION_DAYS: "-1",
		FINDING_RETENTION_DAYS: "x".repeat(5_000),
		HEALTH_MAX_AGE_HOURS: "a day",
	};
	const world = await open({ resources: smallFleet(), env: wrong });
	const audit = await world.audit();
	expect(audit.state).toBe("failed");
	const reason = audit.coverage.gaps[0]?.reason ?? "";
	const card = cardText(world.channel.posts[0]?.body ?? "");
	for (const name of Object.keys(wrong)) {
		expect(reason).toContain(name);
		expect(card).toContain(name);
	}
	// The names are told whole. A value is cut.
	expect(reason.length).toBeGreaterThan(500);
	expect(reason.length).toBeLessThan(2_000);
	expect(world.graph.requests).toEqual([]);
});

it("does not evaluate a cluster whose row cannot be read, and calls the audit partial", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	world.graph.faults.set([unreadable(shop, smallFleet())]);
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "partial",
		progress: { clusters: 4, evaluated: 4 },
		coverage: { clusters: 4, notEvaluated: 1, gaps: [{ scope: shop }] },
	});
	expect(audit.coverage.gaps[0]?.reason).toMatch(/^clusters: field /);
	const found = lines(await world.findings());
	expect(found).toContain("shop not-evaluated medium - -");
	expect(found).toContain("shop capacity-shortfall high full subnet");

	world.graph.faults.clear();
	expect(await world.audit()).toMatchObject({
		state: "completed",
		coverage: { notEvaluated: 0, gaps: [] },
	});
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full subnet",
		"shop capacity-shortfall high full subnet",
	]);
});

it("judges the clusters of the configured subscriptions, with all neighbors counted", async () => {
	const world = await open({
		resources: smallFleet({ guest: true }),
		env: { AUDIT_SUBSCRIPTIONS: farm.toUpperCase() },
	});
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "completed",
		coverage: { clusters: 3, gaps: [] },
	});
	// (4 + 2 + 1) x 29 = 203 of 251 while the neighbors stay, 4 x 29 more if shop grows.
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"guest capacity-shortfall low full subnet",
	]);
	const [finding] = (await world.findings()).filter(
		({ cluster }) => cluster === guest,
	);
	expect(finding?.demand).toEqual({ low: 203, high: 319 });
});

it("resolves what was found of clusters that are not in the scope any more, with that reason", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	await world.restart({ env: { AUDIT_SUBSCRIPTIONS: farm } });
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "completed",
		coverage: { clusters: 2 },
		changes: { ...noChanges, resolved: 2 },
	});
	expect(await resolvedBecause(world, audit)).toEqual([
		"desk: The cluster is not in the audit's scope any more",
		"shop: The cluster is not in the audit's scope any more",
	]);
});

/** Breaks the row of a cluster in a page of clusters, which come in the order of their ids. */
function unreadable(
	cluster: string,
	resources: ReturnType<typeof smallFleet>,
): FaultRule {
	const row = resources
		.filter(({ type }) => /managedclusters$/i.test(type))
		.map(({ id }) => id.toLowerCase())
		.sort()
		.indexOf(cluster);
	return {
		match: ({ query }) => query.includes("managedclusters'"),
		fault: { kind: "breakField", row, field: "pools", value: "?" },
	};
}
