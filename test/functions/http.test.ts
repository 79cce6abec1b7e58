import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleClusters, sampleFleet } from "../../local/fleet/sample.ts";
import { projectRoot } from "../../local/projectRoot.ts";
import type { ShownBudget } from "../../shared/audit/budgetsPage.ts";
import type { Capacity } from "../../shared/audit/capacity.ts";
import { worstFindings } from "../../shared/audit/findingsPage.ts";
import type { FleetOverview } from "../../shared/audit/overview.ts";
import { beginAudit } from "../../shared/azure/auditStore.ts";
import { listFindings } from "../../shared/azure/findingList.ts";
import { writeFindings } from "../../shared/azure/findingStore.ts";
import type { Audit, Finding } from "../../shared/contract.ts";
import { noSeverities } from "../../shared/findings/counts.ts";
import { findingsQuery } from "../../shared/http/filters.ts";
import {
	failedRecord,
	runningRecord,
} from "../../shared/records/auditRecord.ts";
import { checkedFetch } from "../http/document.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";
import { openWorld, type World } from "../workflow/world.ts";
import * as contract from "./contract.ts";

const storage = sharedStorage();
let world: World;
let audit: Audit;

beforeAll(async () => {
	const { resources, readableSubscriptions } = sampleFleet();
	world = await openWorld(storage.next(), { resources, readableSubscriptions });
	audit = await world.audit();
});

afterAll(async () => {
	await world?.close();
});

interface Reply {
	readonly status: number;
	readonly type: string;
	readonly body: Record<string, unknown>;
}

async function call(path: string, init?: RequestInit): Promise<Reply> {
	const response = await checkedFetch(world.host.url + path, init);
	return {
		status: response.status,
		type: response.headers.get("content-type")?.split(";")[0] ?? "",
		body: (await response.json()) as Record<string, unknown>,
	};
}

/** The program's id of a cluster of the sample fleet: lower case. */
function idOf(name: string): string {
	const spec = sampleClusters.find((cluster) => cluster.name === name);
	if (spec === undefined) throw new Error(`there is no cluster ${name}`);
	const { subscription, resourceGroup } = spec;
	return `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/providers/microsoft.containerservice/managedclusters/${name}`.toLowerCase();
}

function expectProblem(
	{ status, type, body }: Reply,
	expected: { status: number; title: string; field?: string },
): void {
	expect({ status, type }).toEqual({
		status: expected.status,
		type: "application/problem+json",
	});
	expect(Object.keys(body).sort()).toEqual(
		[
			"type",
			"title",
			"status",
			"detail",
			...(expected.field === undefined ? [] : ["field"]),
		].sort(),
	);
	expect(body).toMatchObject({ type: "about:blank", ...expected });
	expect(body.detail).toMatch(/\S/);
}

describe("POST /api/audits", () => {
	it.each(["", "  ", "{}", " {} "])(
		"starts an audit with the body %j",
		async (text) => {
			const response = await checkedFetch(`${world.host.url}/api/audits`, {
				method: "POST",
				body: text,
			});
			const body = (await response.json()) as Audit;
			expect(response.status).toBe(202);
			expect(response.headers.get("content-type")).toMatch(
				/^application\/json/,
			);
			expect(Object.keys(body).sort()).toEqual(["auditId", "state"]);
			expect(body.state).toBe("running");
			expect(response.headers.get("location")).toBe(
				`/api/audits/${body.auditId}`,
			);
			await world.ended(body.auditId);
		},
	);

	it.each([
		{ body: "{", field: "body" },
		{ body: "[]", field: "body" },
		{ body: "null", field: "body" },
		{ body: '"text"', field: "body" },
		{ body: '{"force":true}', field: "force" },
	])("refuses the body $body", async ({ body, field }) => {
		expectProblem(await call("/api/audits", { method: "POST", body }), {
			status: 400,
			title: "Bad request",
			field,
		});
	});

	it("refuses parameters, which it has none of", async () => {
		expectProblem(await call("/api/audits?force=1", { method: "POST" }), {
			status: 400,
			title: "Bad request",
			field: "force",
		});
	});
});

describe("GET /api/audits", () => {
	it("shows an audit with the contract's fields and no other", async () => {
		const { status, type, body } = await call(`/api/audits/${audit.auditId}`);
		expect({ status, type }).toEqual({ status: 200, type: "application/json" });
		expect(contract.fieldsOf(body).sort()).toEqual([...contract.audit].sort());
		expect(body).toEqual(audit);
		expect(audit.auditId).toMatch(/^\d{8}T\d{9}Z-[0-9a-f]{8}$/);
		expect(new Date(audit.startedAt).toISOString()).toBe(audit.startedAt);
		expect(new Date(audit.finishedAt ?? "").toISOString()).toBe(
			audit.finishedAt,
		);
	});

	it("shows the newest that ended as latest, and all of them newest first", async () => {
		const last = await world.audit();
		expect((await call("/api/audits/latest")).body).toEqual(last);
		const { body } = await call("/api/audits");
		expect(Object.keys(body).sort()).toEqual(["audits", "continuation"]);
		const audits = body.audits as Audit[];
		expect(audits[0]).toEqual(last);
		expect(audits.at(-1)).toEqual(audit);
		expect(audits.map(({ startedAt }) => startedAt)).toEqual(
			audits
				.map(({ startedAt }) => startedAt)
				.sort()
				.reverse(),
		);
		expect(body.continuation).toBeNull();
	});

	it.each([
		"20200101T000000000Z-00000000",
		"nonsense",
		"20201399T000000000Z-00000000",
		encodeURIComponent("a/b#?"),
	])("knows no audit %s", async (id) => {
		expectProblem(await call(`/api/audits/${id}`), {
			status: 404,
			title: "Not found",
		});
	});

	it.each([
		{ path: "/api/audits?state=failed", field: "state" },
		{ path: "/api/audits/latest?wait=1", field: "wait" },
		{ path: "/api/audits?continuation=x", field: "continuation" },
	])("refuses $path", async ({ path, field }) => {
		expectProblem(await call(path), {
			status: 400,
			title: "Bad request",
			field,
		});
	});
});

describe("GET /api/findings", () => {
	it("shows findings with the contract's fields and no other", async () => {
		const { body } = await call("/api/findings");
		expect(Object.keys(body).sort()).toEqual(["continuation", "findings"]);
		const findings = body.findings as Finding[];
		expect(findings).toHaveLength(38);
		for (const finding of findings) {
			expect(Object.keys(finding).sort()).toEqual([...contract.finding].sort());
			expect(finding.cluster).toBe(idOf(finding.clusterName));
			expect(finding.subscription).toBe(finding.cluster.split("/")[2]);
			expect(finding.id).toBe(
				createHash("sha256")
					.update(
						`${finding.rule}\n${finding.cluster}\n${finding.budget?.id ?? ""}`,
					)
					.digest("hex")
					.slice(0, 32),
			);
			if (finding.budget)
				expect(Object.keys(finding.budget).sort()).toEqual([
					"id",
					"kind",
					"name",
				]);
			for (const amount of [finding.limit, finding.demand, finding.free])
				expect(amount === null || contract.isRange(amount)).toBe(true);
			for (const remedy of finding.remedies) {
				const { change: _, ...always } = remedy;
				expect(Object.keys(always).sort().join()).toBe(
					"command,detail,kind,title",
				);
				if (remedy.change)
					expect(Object.keys(remedy.change).sort().join()).toBe(
						"replacements,resources",
					);
			}
			expect(finding.reasons.length).toBeGreaterThan(0);
			expect(finding).toMatchObject({
				state: "open",
				acceptance: null,
				firstSeen: audit.startedAt,
				changedAt: audit.startedAt,
				auditId: audit.auditId,
			});
		}
	});

	it("shows a capacity finding with the figures of its least demanding scenario, and Azure's", async () => {
		const { body } = await call(
			`/api/findings?cluster=${idOf("aks-ingress-prod-weu")}`,
		);
		const [finding] = body.findings as Finding[];
		// (2 + 6) x 29 + 1 frontend + 1 endpoint = 234. A surge node of one pool, or of both.
		expect(finding).toMatchObject({
			rule: "capacity-shortfall",
			severity: "critical",
			scenario: "upgrade",
			verdict: "short",
			limit: { low: 251, high: 251 },
			demand: { low: 263, high: 292 },
			free: { low: -41, high: -12 },
			alsoIn: ["full-upgrade"],
			budget: { kind: "subnet", name: "vnet-platform-weu/snet-ingress" },
		});
		expect(Object.keys(finding?.azure ?? {}).sort()).toEqual([
			"change",
			"upgrade",
		]);
		expect(Object.keys(finding?.azure?.change ?? {}).sort()).toEqual([
			"available",
			"requested",
			"verdict",
		]);
	});

	it("shows a finding without a budget with its amounts null", async () => {
		const { body } = await call("/api/findings?rule=kubenet-retirement");
		for (const finding of body.findings as Finding[])
			expect(finding).toMatchObject({
				budget: null,
				scenario: null,
				verdict: null,
				limit: null,
				demand: null,
				free: null,
				azure: null,
			});
	});

	it.each([
		{ filter: "severity=critical", found: 6 },
		{ filter: "severity=info", found: 3 },
		{ filter: "rule=kubenet-retirement", found: 4 },
		{ filter: "rule=not-evaluated", found: 2 },
		{ filter: "state=open&rule=capacity-shortfall&severity=low", found: 5 },
		{ filter: "severity=critical,info", found: 9 },
		{ filter: "state=resolved", found: 0 },
		{ filter: "state=all", found: 38 },
	])("finds $found for $filter", async ({ filter, found }) => {
		const { body } = await call(`/api/findings?${filter}`);
		const findings = body.findings as Finding[];
		expect(findings).toHaveLength(found);
		for (const [name, value] of new URLSearchParams(filter))
			if (name !== "state")
				expect(
					new Set(findings.map((finding) => String(finding[name as "rule"]))),
				).toEqual(new Set(found === 0 ? [] : value.split(",")));
	});

	it("shows the worst first, and one of them by its ID", async () => {
		const { body } = await call("/api/findings?state=all");
		const findings = body.findings as Finding[];
		const order = ["critical", "high", "medium", "low", "info"];
		const ranks = findings.map(({ severity }) => order.indexOf(severity));
		expect(ranks).toEqual(ranks.toSorted());
		const [worst] = findings;
		expect((await call(`/api/findings/${worst?.id}`)).body).toEqual(worst);
		expectProblem(await call("/api/findings/0123456789abcdef"), {
			status: 404,
			title: "Not found",
		});
		expectProblem(await call(`/api/findings/${worst?.id}?state=all`), {
			status: 400,
			title: "Bad request",
			field: "state",
		});
	});

	it("comes as a CSV with the rows of all pages", async () => {
		const response = await fetch(
			`${world.host.url}/api/findings?format=csv&severity=critical`,
		);
		expect(response.headers.get("content-type")).toBe(
			"text/csv; charset=utf-8",
		);
		expect(response.headers.get("content-disposition")).toMatch(
			/^attachment; filename="findings-\d{4}-\d\d-\d\d\.csv"$/,
		);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		const [head = "", ...rows] = bytes.toString("utf8").trim().split("\r\n");
		expect(head).toContain('"id","severity","rule","headline"');
		const { body } = await call("/api/findings?severity=critical");
		const findings = body.findings as Finding[];
		expect(rows.map((row) => row.slice(1, 33))).toEqual(
			findings.map(({ id }) => id),
		);
		// Of the ingress subnet: limit, demand and free.
		expect(rows.join()).toContain(',251,251,263,292,-41,-12,"full-upgrade",');
	});

	it("filters by the virtual network of a budget", async () => {
		const { body } = await call("/api/findings?rule=capacity-shortfall");
		const ingress = (body.findings as Finding[]).find(
			({ budget }) => budget?.name === "vnet-platform-weu/snet-ingress",
		);
		const network = ingress?.budget?.id.split("/subnets/")[0] ?? "";
		const inIt = await call(`/api/findings?network=${network.toUpperCase()}`);
		const findings = inIt.body.findings as Finding[];
		expect(findings.map(({ id }) => id)).toContain(ingress?.id);
		for (const { budget } of findings)
			expect(budget?.id.startsWith(`${network}/subnets/`)).toBe(true);
	});

	it("filters by cluster and subscription, in any case", async () => {
		const cluster = idOf("aks-render-nonprod-weu");
		const ofCluster = await call(
			`/api/findings?cluster=${encodeURIComponent(cluster.toUpperCase())}&state=all`,
		);
		expect(
			(ofCluster.body.findings as Finding[]).map(({ rule }) => rule).sort(),
		).toEqual(["capacity-shortfall", "kubenet-retirement", "range-overlap"]);

		const subscription = cluster.split("/")[2] ?? "";
		const inIt = await call(
			`/api/findings?subscription=${subscription.toUpperCase()}`,
		);
		const findings = inIt.body.findings as Finding[];
		expect(findings).toHaveLength(18);
		expect(new Set(findings.map((one) => one.subscription))).toEqual(
			new Set([subscription]),
		);
	});

	it.each([
		{
			query: `cluster=${idOf("aks-render-nonprod-weu")}x`,
			says: /did not check cluster .*weux\.$/,
		},
		{
			query: "subscription=00000000-0000-4000-8000-000000000000",
			says: /saw no cluster in subscription 00000000/,
		},
		{
			query:
				"network=/subscriptions/951e7aab-7187-4f1a-aec5-2889ae1b44da/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/nobody",
			says: /saw no budget in virtual network .*nobody\.$/,
		},
	])(
		"refuses an all-clear for what nobody looked at: ?$query",
		async ({ query, says }) => {
			const answer = await call(`/api/findings?${query}`);
			expect(answer.status).toBe(404);
			expect(String(answer.body.detail)).toMatch(says);
		},
	);

	it.each([
		{ query: "state=closed", field: "state" },
		{ query: "severity=urgent", field: "severity" },
		{ query: "severity=Critical", field: "severity" },
		{ query: "severity=", field: "severity" },
		{ query: "rule=overlap", field: "rule" },
		{ query: "cluster=aks-render-nonprod-weu", field: "cluster" },
		{
			query:
				"cluster=/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net",
			field: "cluster",
		},
		{ query: "subscription=nonprod", field: "subscription" },
		{ query: "severity=high,worst", field: "severity" },
		{ query: "network=vnet-platform-weu", field: "network" },
		{ query: "Severity=high", field: "Severity" },
		{ query: "state=open&state=all", field: "state" },
		{ query: "top=5", field: "top" },
		{ query: "continuation=", field: "continuation" },
		{ query: "continuation=x", field: "continuation" },
		{ query: "continuation=bnVsbA==", field: "continuation" },
		// {"a":1}: base64 of JSON, but no page gave it.
		{ query: "continuation=eyJhIjoxfQ==", field: "continuation" },
	])("refuses ?$query", async ({ query, field }) => {
		expectProblem(await call(`/api/findings?${query}`), {
			status: 400,
			title: "Bad request",
			field,
		});
	});
});

describe("GET /api/budgets", () => {
	async function budgets(filter: string): Promise<ShownBudget[]> {
		const all: ShownBudget[] = [];
		let continuation: string | null = "";
		while (continuation !== null) {
			const more: string = continuation && `&continuation=${continuation}`;
			const { status, body } = await call(`/api/budgets?${filter}${more}`);
			expect(status).toBe(200);
			all.push(...(body.budgets as ShownBudget[]));
			continuation = body.continuation as string | null;
		}
		return all;
	}

	it("lists every budget of every cluster once, fullest first", async () => {
		const all = await budgets("");
		const ids = new Set<string>();
		for (const { name } of sampleClusters) {
			const { body } = await call(`/api/capacity?cluster=${idOf(name)}`);
			for (const { id } of (body as unknown as Capacity).budgets) ids.add(id);
		}
		expect(new Set(all.map(({ id }) => id))).toEqual(ids);
		expect(all).toHaveLength(ids.size);
		const known = all.flatMap(({ fullPercent }) => fullPercent ?? []);
		expect(known).toEqual(known.toSorted((a, b) => b - a));
	});

	it("shows a budget with its scenarios, clusters and other resources", async () => {
		const subnets = await budgets("kind=subnet");
		const found = subnets.find(
			({ name }) => name === "vnet-platform-weu/snet-ingress",
		);
		const one = { low: 1, high: 1 };
		const scenario = (low: number, high: number, verdict: string) => ({
			demand: { low, high },
			free: { low: 251 - high, high: 251 - low },
			verdict,
		});
		// (2 + 6) x 29 + 1 frontend + 1 endpoint = 234. A surge node of one pool, or of both.
		expect(found).toMatchObject({
			kind: "subnet",
			unit: "addresses",
			network: found?.id.split("/subnets/")[0],
			subscription: found?.id.split("/")[2],
			verdict: "short",
			// 234 of 251.
			fullPercent: 93.2,
			limit: { low: 251, high: 251 },
			scenarios: {
				today: scenario(234, 234, "fits"),
				upgrade: scenario(263, 292, "short"),
				full: scenario(234, 234, "fits"),
				"full-upgrade": scenario(263, 292, "short"),
			},
			clusters: { count: 1, ids: [idOf("aks-ingress-prod-weu")] },
			otherResources: { low: 2, high: 2 },
			otherResourcesByKind: [
				{ kind: "private-endpoint", addresses: one },
				{ kind: "load-balancer-frontend", addresses: one },
			],
			runway: null,
		});
	});

	it("comes as a CSV with the rows of all pages", async () => {
		const response = await fetch(`${world.host.url}/api/budgets?format=csv`);
		const [, ...rows] = (await response.text()).trim().split("\r\n");
		const all = await budgets("");
		expect(rows.map((row) => row.split('"')[1])).toEqual(
			all.map(({ id }) => id),
		);
	});

	it("filters by several values of each filter", async () => {
		const all = await budgets("");
		const some = await budgets("kind=routes,pod-blocks&verdict=short,tight");
		expect(some).toEqual(
			all.filter(
				({ kind, verdict }) =>
					["routes", "pod-blocks"].includes(kind) &&
					["short", "tight"].includes(verdict),
			),
		);
		expect(some.length).toBeGreaterThan(1);
		const network = all.find(({ network }) => network !== null)?.network;
		const inIt = await budgets(`network=${network?.toUpperCase()}`);
		expect(inIt).toEqual(all.filter((one) => one.network === network));
	});

	it.each([
		{ query: "kind=vnet", field: "kind" },
		{ query: "verdict=full", field: "verdict" },
		{ query: "network=vnet", field: "network" },
		{ query: "cluster=x", field: "cluster" },
		{ query: "continuation=x", field: "continuation" },
	])("refuses ?$query", async ({ query, field }) => {
		expectProblem(await call(`/api/budgets?${query}`), {
			status: 400,
			title: "Bad request",
			field,
		});
	});

	it("gives no all-clear to what nobody looked at", async () => {
		const query = "subscription=00000000-0000-4000-8000-000000000000";
		expectProblem(await call(`/api/budgets?${query}`), {
			status: 404,
			title: "Not found",
		});
	});
});

describe("GET /api/findings?format=sarif", () => {
	it("is all findings at once, worst first", async () => {
		const { status, type, body } = await call(
			"/api/findings?format=sarif&severity=critical,high",
		);
		expect({ status, type }).toEqual({
			status: 200,
			type: "application/sarif+json",
		});
		const { runs } = body as unknown as Log;
		const levels = runs[0]?.results?.map(({ properties }) => [
			properties?.severity,
		]);
		// As the sample fleet has them: 6 critical, 10 high.
		expect(levels?.flat()).toEqual([
			...Array(6).fill("critical"),
			...Array(10).fill("high"),
		]);
		expect(runs[0]?.invocations).toEqual([{ executionSuccessful: true }]);
	});

	it("gives no all-clear to what nobody looked at", async () => {
		expectProblem(
			await call(
				"/api/findings?format=sarif&subscription=00000000-0000-4000-8000-000000000000",
			),
			{ status: 404, title: "Not found" },
		);
	});
});

it("GET /api/overview counts what the lists show", async () => {
	const { status, body } = await call("/api/overview");
	expect(status).toBe(200);
	const overview = body as unknown as FleetOverview;
	const short = await call("/api/budgets?verdict=short");
	expect(overview.verdicts.budgets.short).toBe(
		(short.body.budgets as ShownBudget[]).length,
	);
	const { fits, tight, short: shorts, unknown } = overview.verdicts.clusters;
	expect(fits + tight + shorts + unknown).toBe(sampleClusters.length);
	const first = await call("/api/budgets");
	expect(overview.fullest.map(({ fix, ...budget }) => budget)).toEqual(
		(first.body.budgets as ShownBudget[]).slice(0, 10),
	);
	// The first action of the finding, as the card has it.
	expect(overview.fullest[0]?.fix).toMatchObject({
		clusterName: "aks-kafka-prod-weu",
		title:
			"Move pools system and brokers to a new /24 pod subnet; 10.30.10.0/24 is free.",
	});
	const { addresses, ...parts } = overview.reclaimable;
	// snet-tools 1,019 - 10, flink 3 nodes x 16, perf's pool load 1 node x (30 - 18).
	expect(addresses).toBe(1009 + 48 + 12);
	expect(
		Object.values(parts).flatMap(({ largest }) =>
			largest.map(({ name, addresses }) => [name, addresses]),
		),
	).toEqual([
		["vnet-nonprod-weu/snet-tools", 1009],
		["vnet-data-weu/snet-flink-pods", 48],
		["vnet-nonprod-weu/snet-perf-load", 12],
	]);
	expect(overview.weeks).toHaveLength(4);
	expect(overview.weeks[0]?.changes.opened).toBe(38);
});

describe("GET /api/capacity", () => {
	async function capacity(name: string): Promise<Capacity> {
		const { status, body } = await call(
			`/api/capacity?cluster=${encodeURIComponent(idOf(name))}`,
		);
		expect(status).toBe(200);
		return body as unknown as Capacity;
	}

	async function budget(name: string, kind: string) {
		const { budgets } = await capacity(name);
		const [first, ...others] = budgets.filter((one) => one.kind === kind);
		if (first === undefined) throw new Error(`${name} has no ${kind}`);
		return { first, others };
	}

	it("shows the ledgers with the contract's fields and no other", async () => {
		const latest = await world.get<Audit>("/api/audits/latest");
		const found = await capacity("aks-checkout-prod-weu");
		expect(Object.keys(found).sort()).toEqual([
			"auditId",
			"budgets",
			"cluster",
			"notEvaluated",
			"pools",
			"provisioningState",
			"readAt",
		]);
		expect(found).toMatchObject({
			cluster: idOf("aks-checkout-prod-weu"),
			auditId: latest.auditId,
			notEvaluated: null,
			provisioningState: "succeeded",
		});
		for (const ledger of found.budgets) {
			expect(Object.keys(ledger).sort()).toEqual([...contract.ledger].sort());
			expect(Object.keys(ledger.scenarios)).toEqual(contract.scenarios);
			for (const amount of [
				ledger.limit,
				ledger.observed,
				ledger.otherResources,
			])
				expect(contract.isRange(amount)).toBe(true);
			for (const scenario of Object.values(ledger.scenarios)) {
				expect(Object.keys(scenario).sort()).toEqual(
					[...contract.scenario].sort(),
				);
				for (const amount of Object.values(scenario.additionalNodes))
					expect(contract.isRange(amount)).toBe(true);
				for (const entry of scenario.entries) {
					expect(Object.keys(entry).sort()).toEqual([...contract.entry].sort());
					expect(contract.isRange(entry.nodes)).toBe(true);
					expect(contract.isRange(entry.demand)).toBe(true);
					expect(["measured", "derived", "assumed"]).toContain(entry.source);
				}
			}
		}
	});

	it.each([
		{
			// (2 + 6) x 29 + 1 frontend + 1 endpoint. One surge node, or one of each pool.
			cluster: "aks-ingress-prod-weu",
			kind: "subnet",
			unit: "addresses",
			limit: [251, 251],
			observed: [234, 234],
			others: [2, 2],
			today: [234, 234],
			upgrade: [263, 292],
			full: [234, 234],
		},
		{
			// A /20 of /24: 3 + 7, one more of the larger or both pools, 3 + 17.
			cluster: "aks-observability-prod-weu",
			kind: "pod-range",
			unit: "blocks",
			limit: [16, 16],
			observed: [0, null],
			others: [0, 0],
			today: [10, 10],
			upgrade: [11, 12],
			full: [20, 20],
		},
		{
			// 5 + 4 nodes x 16 to 17. Executors may be 10: 7 more of them.
			cluster: "aks-spark-prod-weu",
			kind: "pod-subnet",
			unit: "addresses",
			limit: [123, 123],
			observed: [0, null],
			others: [0, 0],
			today: [144, 153],
			upgrade: [160, 187],
			full: [256, 272],
		},
		{
			// 3 x ceil(33 / 16) + 4 x ceil(251 / 16). A surge node of 16, or one of both.
			cluster: "aks-flink-prod-weu",
			kind: "pod-blocks",
			unit: "blocks",
			limit: [62, 64],
			observed: [0, null],
			others: [0, 0],
			today: [73, 73],
			upgrade: [89, 92],
			full: [73, 73],
		},
		{
			// 3 + 359 nodes and 12 routes of people. The larger pool's surge is asked for as 5, the other's is 1.
			cluster: "aks-render-nonprod-weu",
			kind: "routes",
			unit: "routes",
			limit: [400, 400],
			observed: [374, 374],
			others: [12, 12],
			today: [374, 374],
			upgrade: [379, 380],
			full: [405, 405],
		},
		{
			// Two clusters x 9.
			cluster: "aks-tools-nonprod-weu",
			kind: "api-server-subnet",
			unit: "addresses",
			limit: [11, 11],
			observed: [0, null],
			others: [0, 0],
			today: [18, 18],
			upgrade: [18, 18],
			full: [18, 18],
		},
		{
			// 3 + 120, a tenth of either or both, 3 + 1,000.
			cluster: "aks-events-prod-neu",
			kind: "cluster-nodes",
			unit: "nodes",
			limit: [5000, 5000],
			observed: [0, null],
			others: [0, 0],
			today: [123, 123],
			upgrade: [135, 136],
			full: [1003, 1003],
		},
	])("works out the $kind of $cluster", async (expected) => {
		const { first } = await budget(expected.cluster, expected.kind);
		const range = ([low, high]: (number | null)[]) => ({ low, high });
		expect(first).toMatchObject({
			unit: expected.unit,
			limit: range(expected.limit),
			observed: range(expected.observed),
			otherResources: range(expected.others),
		});
		expect({
			today: first.scenarios.today.demand,
			upgrade: first.scenarios.upgrade.demand,
			full: first.scenarios.full.demand,
		}).toEqual({
			today: range(expected.today),
			upgrade: range(expected.upgrade),
			full: range(expected.full),
		});
		for (const { demand, free } of Object.values(first.scenarios))
			expect(free).toEqual({
				low: (expected.limit[0] ?? 0) - (demand.high ?? 0),
				high: (expected.limit[1] ?? 0) - (demand.low ?? 0),
			});
	});

	it("lists the other resources of a node subnet by kind", async () => {
		const { first } = await budget("aks-intranet-prod-weu", "subnet");
		const one = (kind: string, addresses: number) => ({
			kind,
			addresses: { low: addresses, high: addresses },
		});
		expect(first.otherResources).toEqual({ low: 10, high: 10 });
		expect(first.otherResourcesByKind).toEqual([
			one("load-balancer-frontend", 1),
			one("private-link-service", 2),
			one("virtual-machine", 1),
			one("scale-set", 6),
		]);
		expect(first.otherResourcesReason).toBeNull();
		const { first: range } = await budget(
			"aks-observability-prod-weu",
			"pod-range",
		);
		expect(range.otherResourcesByKind).toBeNull();
		expect(range.otherResourcesReason).toBeNull();
	});

	it.each([
		{
			// 11 nodes: 251 - 11 = 240 = 15 batches, 240 / 11 = 21, 8 of them unused; 251 - 240 = 11 remaining without
			// containers.
			cluster: "aks-portal-nonprod-weu",
			scenario: "full",
			pools: { system: [13, 13], web: [13, 13] },
			stranded: [0, 11],
		},
		{
			// 12 to 13 nodes: (251 - 13) / 16 = 14, 224 / 13 = 17; 240 / 12 = 20.
			cluster: "aks-portal-nonprod-weu",
			scenario: "upgrade",
			pools: { system: [9, 12], web: [9, 12] },
			stranded: [11, 14],
		},
		{
			// 9 nodes and 7 batches: two nodes have none, 112 / 9 = 12 on average.
			cluster: "aks-spark-prod-weu",
			scenario: "today",
			pools: { system: [0, 4], executors: [0, 4] },
			stranded: [2, 11],
		},
	] as const)(
		"says how many pods a node of $cluster can have: $scenario",
		async ({ cluster, scenario, pools, stranded }) => {
			const { first } = await budget(cluster, "pod-subnet");
			const range = ([low, high]: readonly [number, number]) => ({ low, high });
			expect(first.scenarios[scenario].podsPerNode).toEqual(
				Object.fromEntries(
					Object.entries(pools).map(([pool, pods]) => [pool, range(pods)]),
				),
			);
			expect(first.scenarios[scenario].stranded).toEqual(range(stranded));
		},
	);

	it("names what has no ARM id of its own after the cluster", async () => {
		const cluster = idOf("aks-events-prod-neu");
		const { budgets } = await capacity("aks-events-prod-neu");
		expect(
			budgets
				.map(({ kind, id }) => `${kind} ${id.replace(cluster, "…")}`)
				.sort(),
		).toEqual([
			"cluster-nodes …/cluster-nodes",
			"pod-range …/pod-range",
			"pool-nodes …/pool-nodes/system",
			"pool-nodes …/pool-nodes/workers",
			expect.stringMatching(
				/^subnet \/subscriptions\/.*\/subnets\/snet-events$/,
			),
		]);
		const workers = budgets.find(({ id }) =>
			id.endsWith("/pool-nodes/workers"),
		);
		expect(workers?.scenarios.full.demand).toEqual({ low: 1000, high: 1000 });
		expect(workers?.scenarios["full-upgrade"].demand).toEqual({
			low: 1100,
			high: 1100,
		});
	});

	it("lists the neighbors of a shared subnet with what they use now, and at their maximum", async () => {
		const { first } = await budget("aks-checkout-prod-weu", "subnet");
		const teams = ["checkout", "catalog", "basket", "pricing", "loyalty"];
		expect([...first.shared].sort()).toEqual(
			teams.map((team) => idOf(`aks-${team}-prod-weu`)).sort(),
		);
		expect(first.otherResources).toEqual({ low: 5, high: 5 });

		const { today, upgrade, full } = first.scenarios;
		expect(today.entries).toHaveLength(10);
		expect(sum(today.entries)).toEqual({ low: 30 * 29, high: 30 * 29 });
		// An upgrade is this cluster's: a node of one of its two pools, or of each.
		expect(upgrade.demand).toEqual({ low: 904, high: 933 });
		expect(sum(upgrade.entries).high).toBe(32 * 29);
		// 6 of its own for certain, 7 of the neighbors perhaps.
		expect(sum(full.entries)).toEqual({ low: 36 * 29, high: 43 * 29 });
		expect(full.demand).toEqual({ low: 1049, high: 1252 });

		const catalog = full.entries.filter(
			({ cluster, pool }) =>
				cluster === idOf("aks-catalog-prod-weu") && pool === "apps",
		);
		expect(catalog).toEqual([
			expect.objectContaining({
				nodes: { low: 4, high: 6 },
				demand: { low: 116, high: 174 },
				source: "measured",
				reasons: [{ kind: "pool", text: expect.stringContaining("29 IPs") }],
			}),
		]);
		// 144 free: 4 nodes of 29 more, whichever pool takes them.
		expect(today.additionalNodes.web).toEqual({ low: 4, high: 4 });
	});

	it("lists the neighbor of a shared pod subnet and API server subnet", async () => {
		const pods = await budget("aks-kafka-prod-weu", "pod-subnet");
		expect([...pods.first.shared].sort()).toEqual([
			idOf("aks-kafka-prod-weu"),
			idOf("aks-spark-prod-weu"),
		]);
		expect(sum(pods.first.scenarios.today.entries)).toEqual({
			low: 144,
			high: 153,
		});
		const servers = await budget("aks-portal-nonprod-weu", "api-server-subnet");
		expect(servers.first.scenarios.today.entries).toEqual([
			expect.objectContaining({ demand: { low: 9, high: 9 }, pool: null }),
			expect.objectContaining({ demand: { low: 9, high: 9 }, pool: null }),
		]);
	});

	it("says what of a cluster cannot be judged, and shows the rest", async () => {
		// Its network's subscription cannot be read. 2 nodes of 29, and 3 that may be 5: 145 used at least, 203 at autoscaler
		// max.
		const found = await capacity("aks-partner-prod-weu");
		expect(found.notEvaluated).toMatch(
			/^The virtual network is in subscription \S+, which is not visible\./,
		);
		expect(
			found.budgets.map(({ kind, scenarios }) => [
				kind,
				scenarios["full-upgrade"].verdict,
			]),
		).toEqual([
			["subnet", "unknown"],
			["cluster-nodes", "fits"],
			["pool-nodes", "fits"],
			["pool-nodes", "fits"],
		]);
		const [subnet] = found.budgets;
		expect(subnet).toMatchObject({
			limit: { low: 0, high: null },
			observed: { low: 145, high: null },
			scenarios: {
				today: { verdict: "unknown" },
				full: { demand: { low: 203, high: null }, verdict: "unknown" },
			},
		});
		expect(subnet?.unseen.map(({ reason }) => reason).join("\n")).toContain(
			"The subnet is not visible. The auditor needs Reader on its network.",
		);
	});

	it("shows unbounded amounts as null", async () => {
		const { first } = await budget("aks-automatic-prod-sdc", "subnet");
		expect(first.scenarios.full).toMatchObject({
			verdict: "unknown",
			demand: { high: null },
			free: { low: null },
		});
	});

	it.each([
		{ path: "/api/capacity", status: 400, field: "cluster" },
		{ path: "/api/capacity?cluster=shop", status: 400, field: "cluster" },
		{ path: "/api/capacity?name=shop", status: 400, field: "name" },
	])("refuses $path", async ({ path, status, field }) => {
		expectProblem(await call(path), { status, title: "Bad request", field });
	});

	it("knows no cluster that was not judged", async () => {
		const unknown = idOf("aks-checkout-prod-weu").replace("checkout", "gone");
		expectProblem(await call(`/api/capacity?cluster=${unknown}`), {
			status: 404,
			title: "Not found",
		});
	});

	function sum(
		entries: Capacity["budgets"][number]["scenarios"]["today"]["entries"],
	) {
		return entries.reduce(
			(total, { demand }) => ({
				low: total.low + (demand.low ?? 0),
				high: total.high + (demand.high ?? 0),
			}),
			{ low: 0, high: 0 },
		);
	}
});

describe("GET /api/history", () => {
	async function budgetOf(name: string, kind: string): Promise<string> {
		const { body } = await call(
			`/api/capacity?cluster=${encodeURIComponent(idOf(name))}`,
		);
		const found = (body as unknown as Capacity).budgets.find(
			(budget) => budget.kind === kind,
		);
		if (found === undefined) throw new Error(`${name} has no ${kind}`);
		return found.id;
	}

	it.each([
		// Sums of sample/expectations.ts: 234 of 251 now; 8 nodes that do not grow.
		{
			cluster: "aks-ingress-prod-weu",
			kind: "subnet",
			demand: 234,
			limit: 251,
		},
		{
			cluster: "aks-render-nonprod-weu",
			kind: "routes",
			demand: 374,
			limit: 400,
		},
		// 3 + 7 nodes, a block each.
		{
			cluster: "aks-observability-prod-weu",
			kind: "pod-range",
			demand: 10,
			limit: 16,
		},
	])(
		"shows the series of a $kind with the contract's fields and no other",
		async ({ cluster, kind, demand, limit }) => {
			const id = await budgetOf(cluster, kind);
			const { status, body } = await call(
				`/api/history?budget=${encodeURIComponent(id.toUpperCase())}`,
			);
			expect(status).toBe(200);
			expect(Object.keys(body).sort()).toEqual([...contract.history].sort());
			expect(body).toMatchObject({ budget: id, kind, runway: null });
			const points = body.points as Record<string, unknown>[];
			expect(points.length).toBeGreaterThan(0);
			for (const { at, ...amounts } of points) {
				expect(["at", ...Object.keys(amounts)].sort()).toEqual(
					[...contract.historyPoint].sort(),
				);
				expect(new Date(String(at)).toISOString()).toBe(at);
				expect(Object.values(amounts).every(contract.isRange)).toBe(true);
			}
			expect(points[0]).toMatchObject({
				at: audit.startedAt,
				demand: { low: demand, high: demand },
				limit: { low: limit, high: limit },
			});
		},
	);

	it.each([
		{ path: "/api/history", field: "budget" },
		{ path: "/api/history?budget=", field: "budget" },
		{ path: "/api/history?budget=snet-ingress", field: "budget" },
		{ path: "/api/history?cluster=x", field: "cluster" },
	])("refuses $path", async ({ path, field }) => {
		expectProblem(await call(path), {
			status: 400,
			title: "Bad request",
			field,
		});
	});

	it.each([
		// Nobody knows its use: never a point, and never 0.
		{ cluster: "aks-integration-nonprod-weu", kind: "subnet" },
		// A limit of AKS, which has no history.
		{ cluster: "aks-events-prod-neu", kind: "pool-nodes" },
	])("knows no series of the $kind of $cluster", async ({ cluster, kind }) => {
		const id = await budgetOf(cluster, kind);
		expectProblem(await call(`/api/history?budget=${id}`), {
			status: 404,
			title: "Not found",
		});
	});
});

describe("GET /api/metrics", () => {
	const scraped = (accept: string) =>
		checkedFetch(`${world.host.url}/api/metrics`, { headers: { accept } });

	it("answers OpenMetrics or text, as the caller accepts", async () => {
		const open = await scraped("application/openmetrics-text;version=1.0.0");
		expect(open.headers.get("content-type")).toBe(
			"application/openmetrics-text; version=1.0.0; charset=utf-8",
		);
		const openText = await open.text();
		expect(openText.endsWith("# EOF\n")).toBe(true);
		const text = await scraped("*/*");
		expect(text.headers.get("content-type")).toBe(
			"text/plain; version=0.0.4; charset=utf-8",
		);
		const lines = (one: string) => one.split("\n").filter(Boolean);
		// Only OpenMetrics has units.
		expect([...lines(await text.text()), "# EOF"]).toEqual(
			lines(openText).filter((line) => !line.startsWith("# UNIT ")),
		);
	});

	it("has the audit's findings and the budgets of the list that do not fit", async () => {
		const text = await (await scraped("text/plain")).text();
		expect(text).toContain(
			`aks_subnet_auditor_findings{severity="critical"} ${audit.findings.critical}\n`,
		);
		expect(text).toContain(
			`aks_subnet_auditor_last_audit_state{state="${audit.state}"} 1\n`,
		);
		const { body } = await call("/api/budgets?verdict=short,tight,unknown");
		expect(body.continuation).toBeNull();
		const ids = [...text.matchAll(/budget_info{.*?,id="([^"]*)"/g)];
		expect(ids.map(([, id]) => id).sort()).toEqual(
			(body.budgets as ShownBudget[]).map(({ id }) => id).sort(),
		);
	});

	it("refuses parameters, which it has none of", async () => {
		expectProblem(await call("/api/metrics?format=json"), {
			status: 400,
			title: "Bad request",
			field: "format",
		});
	});
});

describe("GET /api/openapi.json", () => {
	it("is the committed document", async () => {
		const { status, type, body } = await call("/api/openapi.json");
		expect({ status, type }).toEqual({ status: 200, type: "application/json" });
		expect(body).toEqual(
			JSON.parse(
				readFileSync(join(projectRoot(), "docs/openapi.json"), "utf8"),
			),
		);
	});

	it("refuses parameters, which it has none of", async () => {
		expectProblem(await call("/api/openapi.json?version=3.0"), {
			status: 400,
			title: "Bad request",
			field: "version",
		});
	});
});

describe("on another storage", () => {
	it("shows nothing before the first audit", async () => {
		await world.restart({ env: { AUDIT_STORAGE: storage.next() } });
		expect((await call("/api/audits")).body).toEqual({
			audits: [],
			continuation: null,
		});
		expect((await call("/api/findings")).body).toEqual({
			findings: [],
			continuation: null,
		});
		for (const path of [
			"/api/audits/latest",
			`/api/capacity?cluster=${idOf("aks-checkout-prod-weu")}`,
		])
			expectProblem(await call(path), { status: 404, title: "Not found" });
		const metrics = await checkedFetch(`${world.host.url}/api/metrics`);
		const names = (await metrics.text()).match(/^aks_\w+/gm);
		expect([...new Set(names)]).toEqual([
			"aks_subnet_auditor_build_info",
			"aks_subnet_auditor_last_audit_state",
		]);
	});

	it("pages through more findings than one page has, each once", async () => {
		const connectionString = storage.next();
		const [like] = await findingsOf(audit);
		if (like === undefined) throw new Error("no finding");
		const all = Array.from({ length: 230 }, (_, index): Finding => {
			const id = createHash("md5").update(String(index)).digest("hex");
			return { ...like, id, cluster: `${like.cluster}-${index % 7}` };
		});
		await writeFindings(await tablesOf(connectionString), like.auditId, all);
		await world.restart({ env: { AUDIT_STORAGE: connectionString } });

		const pages: string[][] = [];
		let query = "";
		do {
			const { status, body } = await call(`/api/findings${query}`);
			expect(status).toBe(200);
			pages.push((body.findings as Finding[]).map(({ id }) => id));
			query =
				body.continuation === null
					? ""
					: `?continuation=${encodeURIComponent(String(body.continuation))}`;
		} while (query !== "");
		expect(pages.map(({ length }) => length)).toEqual([100, 100, 30]);
		const { findings, leftOut } = await worstFindings(
			await tablesOf(connectionString),
			findingsQuery(new URLSearchParams("format=sarif")),
			120,
			new Date().toISOString(),
		);
		expect({ ids: findings.map(({ id }) => id), leftOut }).toEqual({
			ids: pages.flat().slice(0, 120),
			leftOut: 110,
		});
		expect(new Set(pages.flat()).size).toBe(230);
	});

	async function findingsOf({ auditId }: Audit): Promise<Finding[]> {
		const { tables } = world;
		const { findings } = await listFindings(
			tables,
			{ state: "open" },
			1000,
			undefined,
		);
		return findings.filter((finding) => finding.auditId === auditId);
	}

	it("pages through more audits than one page has", async () => {
		const connectionString = storage.next();
		const tables = await tablesOf(connectionString);
		const days = Array.from({ length: 70 }, (_, day) =>
			new Date(Date.UTC(2026, 0, 1 + day, 5)).toISOString(),
		);
		for (const startedAt of days) {
			const time = startedAt.replaceAll(/[-:.]/g, "");
			const input = {
				auditId: `${time}-00000000`,
				kind: "fleet" as const,
				trigger: "timer" as const,
				startedAt,
				restartOf: null,
			};
			await beginAudit(
				tables,
				failedRecord(runningRecord(input), "test", startedAt, {
					findings: noSeverities,
					accepted: 0,
				}),
			);
		}
		await world.restart({ env: { AUDIT_STORAGE: connectionString } });
		const first = await call("/api/audits");
		const second = await call(
			`/api/audits?continuation=${encodeURIComponent(String(first.body.continuation))}`,
		);
		expect(second.body.continuation).toBeNull();
		const audits = [first, second].flatMap(
			({ body }) => body.audits as Audit[],
		);
		expect((first.body.audits as Audit[]).length).toBe(50);
		expect(audits.map(({ startedAt }) => startedAt)).toEqual(days.reverse());
	});

	it.each([
		{ value: "nonsense", says: "AUDIT_STORAGE" },
		{
			value:
				"@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)",
			says: "AUDIT_STORAGE",
		},
		{ value: "", says: "AUDIT_STORAGE" },
	])("names the setting where it is $value", async ({ value, says }) => {
		await world.restart({ env: { AUDIT_STORAGE: value } });
		for (const path of ["/api/audits", "/api/findings", "/api/audits/latest"]) {
			const reply = await call(path);
			expectProblem(reply, { status: 500, title: "Wrong settings" });
			expect(reply.body.detail).toContain(says);
			if (value !== "") expect(reply.body.detail).not.toContain(value);
		}
	});
});
