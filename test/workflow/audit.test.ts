import { expect, it } from "vitest";
import { generateFleet } from "../../local/fleet/generate.ts";
import {
	expectations,
	healthy,
	sampleFleet,
} from "../../local/fleet/sample.ts";
import type { Capacity } from "../../shared/audit/capacity.ts";
import type { Audit } from "../../shared/contract.ts";
import { desk, shop, smallFleet } from "./fleets.ts";
import { lines, useWorlds } from "./world.ts";

const open = useWorlds();

/**
 * The scale sets of aks-perf are not visible. By the documentation a node uses 29 to 31: two may not fit into 59. The
 * list of the subnet shows 29 of the node that exists: 58 of 59 fit, and are 98 %.
 */
const byRowsAlone =
	"aks-perf-nonprod-weu capacity-shortfall medium full subnet";
const byLists = "aks-perf-nonprod-weu nearly-full low full subnet";

it("finds in the sample fleet what was worked out by hand, and tells the channel once", async () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const world = await open({ resources, readableSubscriptions });

	const started = await fetch(`${world.host.url}/api/audits`, {
		method: "POST",
		body: "{}",
	});
	expect(started.status).toBe(202);
	const { auditId, state } = (await started.json()) as Audit;
	expect(state).toBe("running");
	expect(started.headers.get("location")).toBe(`/api/audits/${auditId}`);
	const audit = await world.ended(auditId);

	const findings = await world.findings();
	expect(lines(findings)).toEqual(
		expectations
			.map(({ cluster, rule, severity, scenario, budgetKind }) =>
				[cluster, rule, severity, scenario ?? "-", budgetKind ?? "-"].join(" "),
			)
			.map((one) => (one === byRowsAlone ? byLists : one))
			.sort(),
	);
	const found = new Set(findings.map(({ clusterName }) => clusterName));
	expect(healthy.filter((cluster) => found.has(cluster))).toEqual([]);
	expect(new Set(findings.map((finding) => finding.auditId))).toEqual(
		new Set([auditId]),
	);
	expect(audit).toMatchObject({
		auditId,
		trigger: "http",
		state: "completed",
		progress: { clusters: 33, evaluated: 33 },
		coverage: {
			subscriptions: { expected: 5, answered: 5 },
			clusters: 33,
			notEvaluated: 1,
			gaps: [],
		},
		findings: { critical: 6, high: 10, medium: 6, low: 13, info: 3 },
		changes: { opened: 38, worsened: 0, eased: 0, resolved: 0, reopened: 0 },
		alert: { state: "sent" },
	});

	expect(world.channel.posts).toHaveLength(1);
	const card = world.channel.posts[0]?.body ?? "";
	expect(JSON.parse(card)).toMatchObject({ type: "message" });
	expect(card).toContain("aks-ingress-prod-weu");
	expect(Buffer.byteLength(card)).toBeLessThan(20 * 1024);
});

it("writes no finding and no change in an audit of an unchanged fleet, and says nothing", async () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const world = await open({ resources, readableSubscriptions });
	const first = await world.audit();
	const before = await world.findings("all");
	const rows = await rowsWithTags(world.tables.results);

	const second = await world.audit();

	expect(second.auditId).not.toBe(first.auditId);
	expect(await world.findings("all")).toEqual(before);
	expect(await rowsWithTags(world.tables.results)).toEqual(rows);
	expect(second).toMatchObject({
		state: "completed",
		findings: first.findings,
		changes: { opened: 0, worsened: 0, eased: 0, resolved: 0, reopened: 0 },
		alert: { state: "none" },
	});
	expect(world.channel.posts).toHaveLength(1);
});

it("tells what changed where autoscalers' maxima did", async () => {
	const { resources, readableSubscriptions } = sampleFleet();
	const world = await open({ resources, readableSubscriptions });
	await world.audit();

	world.graph.setResources(
		sampleFleet({
			pools: {
				// (5 + 4) x 29 = 261 of 251 at autoscaler max. It was a surge node that did not fit.
				"aks-search-prod-weu/index": { maxCount: 7 },
				// 3 x 29 + 3 x 31 = 180, 240 with both pools' surge, of 251: 271 before.
				"aks-pos-prod-weu/wpos": { maxCount: 3 },
				// 875 + 2 x 29 = 933 alone, 875 + 9 x 29 = 1,136 with the neighbors, of 1,019: short alone before.
				"aks-checkout-prod-weu/web": { maxCount: 8 },
				// 19 x 29 + 2 = 553 of 507.
				"aks-intranet-prod-weu/apps": { maxCount: 16 },
			},
		}).resources,
	);
	const second = await world.audit();

	expect(second).toMatchObject({
		findings: { critical: 6, high: 11, medium: 5, low: 13, info: 3 },
		changes: { opened: 1, worsened: 1, eased: 1, resolved: 1, reopened: 0 },
		alert: { state: "sent" },
	});
	const changed = (await world.findings("all")).filter(
		({ changedAt }) => changedAt === second.startedAt,
	);
	expect(
		changed
			.map(
				({ clusterName, state, severity, scenario }) =>
					`${clusterName} ${state} ${severity} ${scenario}`,
			)
			.sort(),
	).toEqual([
		"aks-checkout-prod-weu open low full",
		"aks-intranet-prod-weu open high full",
		"aks-pos-prod-weu resolved low full-upgrade",
		"aks-search-prod-weu open high full",
	]);
	expect(world.channel.posts).toHaveLength(2);
	const card = world.channel.posts[1]?.body ?? "";
	expect(card).toContain("aks-search-prod-weu");
	expect(card).toContain("aks-intranet-prod-weu");
	// Low: counted, not listed.
	expect(card).not.toContain("aks-pos-prod-weu");

	world.graph.setResources(resources);
	const third = await world.audit();
	expect(third.changes).toEqual({
		opened: 0,
		worsened: 1,
		eased: 1,
		resolved: 1,
		reopened: 1,
	});
	expect(third.findings).toEqual({
		critical: 6,
		high: 10,
		medium: 6,
		low: 13,
		info: 3,
	});
});

it("reopens a finding with the time when it was first seen", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	world.graph.setResources(smallFleet({ shopMax: 5 }));
	const second = await world.audit();

	expect(second.changes).toMatchObject({ resolved: 2, reopened: 0 });
	expect(lines(await world.findings("resolved"))).toEqual([
		"desk capacity-shortfall low full subnet",
		"shop capacity-shortfall high full subnet",
	]);
	expect(lines(await world.findings("open"))).toEqual([
		"barn kubenet-retirement low - -",
	]);

	world.graph.setResources(smallFleet());
	const third = await world.audit();
	expect(third.changes).toMatchObject({ opened: 0, resolved: 0, reopened: 2 });
	expect(await world.findings("resolved")).toEqual([]);
	const back = (await world.findings("open")).filter(({ cluster }) =>
		[shop, desk].includes(cluster),
	);
	expect(back).toHaveLength(2);
	for (const finding of back)
		expect(finding).toMatchObject({
			state: "open",
			firstSeen: first.startedAt,
			changedAt: third.startedAt,
			auditId: third.auditId,
		});
});

it("keeps a number that moved without news up to date, and calls it no change", async () => {
	const world = await open({ resources: smallFleet({ shopMax: 8 }) });
	const first = await world.audit();
	world.graph.setResources(smallFleet({ shopMax: 9 }));
	const second = await world.audit();

	expect(second.changes).toEqual({
		opened: 0,
		worsened: 0,
		eased: 0,
		resolved: 0,
		reopened: 0,
	});
	expect(second.alert.state).toBe("none");
	const [finding] = (await world.findings()).filter(
		({ cluster }) => cluster === shop,
	);
	// (5 + 2) x 29 + 4 x 29 of 251.
	expect(finding).toMatchObject({
		demand: { low: 319, high: 319 },
		free: { low: -68, high: -68 },
		changedAt: first.startedAt,
		auditId: second.auditId,
	});
});

it("judges more clusters than there are activities in slices, and finds the same of each", async () => {
	const resources = generateFleet({ clusters: 230 });
	let activities = 0;
	const world = await open({
		resources,
		hub: {
			onStep: ({ point, name }) => {
				if (point === "before-activity" && name === "evaluate") activities++;
			},
		},
	});
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "completed",
		progress: { clusters: 230, evaluated: 230 },
		coverage: { clusters: 230, gaps: [] },
	});
	// Its slices are more than 100: four an activity.
	expect(activities).toBeGreaterThan(25);
	expect(activities).toBeLessThanOrEqual(32);
	const findings = await world.findings();
	expect(findings).toHaveLength(audit.changes.opened);
	expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
	const finding = findings.find(
		({ rule, budget }) => rule === "capacity-shortfall" && budget !== null,
	);
	if (!finding?.scenario) throw new Error("no cluster is short");
	const capacity = await world.get<Capacity>(
		`/api/capacity?cluster=${encodeURIComponent(finding.cluster)}`,
	);
	const ledger = capacity.budgets.find(({ id }) => id === finding.budget?.id);
	expect(ledger?.scenarios[finding.scenario]).toMatchObject({
		demand: finding.demand,
		free: finding.free,
		verdict: finding.verdict,
	});
});

async function rowsWithTags(table: {
	listEntities(): AsyncIterable<{
		rowKey?: string;
		etag: string;
		timestamp?: string;
	}>;
}): Promise<string[]> {
	const rows: string[] = [];
	for await (const { rowKey, etag, timestamp } of table.listEntities())
		rows.push(`${rowKey} ${etag} ${timestamp}`);
	return rows;
}
