import { beforeEach, expect, it } from "vitest";
import { clustersPage } from "../../shared/audit/clustersPage.ts";
import { fleetOverview } from "../../shared/audit/overview.ts";
import { putAcceptance } from "../../shared/azure/acceptanceStore.ts";
import { beginAudit } from "../../shared/azure/auditStore.ts";
import { writeFindings } from "../../shared/azure/findingStore.ts";
import { pack, packEntities } from "../../shared/azure/pack.ts";
import { readPack, writePacks } from "../../shared/azure/packStore.ts";
import {
	readManifest,
	snapshotKey,
	writeSnapshot,
} from "../../shared/azure/snapshotStore.ts";
import {
	type Tables,
	tableNames,
	writeEntities,
} from "../../shared/azure/tables.ts";
import type { Finding, Verdict } from "../../shared/contract.ts";
import { finding as example } from "../../shared/http/examples.ts";
import type { ListedBudget } from "../../shared/model/budgetList.ts";
import { runningRecord } from "../../shared/records/auditRecord.ts";
import type { BudgetIndex } from "../../shared/records/budgetIndex.ts";
import { clusterId, range, subnetId } from "../model/builders.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";
import { watched } from "./watched.ts";

const auditId = "20261128T050000000Z-aaaaaaaa";
const startedAt = "2026-11-28T05:00:00.000Z";
const now = "2026-11-28T06:00:00.000Z";
const facts = { portal: null, maxAgeHours: 24 };

const storage = sharedStorage();
let tables: Tables;

beforeEach(async () => {
	tables = await tablesOf(storage.next());
});

function subnet(
	name: string,
	verdict: Verdict,
	clusters: readonly string[],
	more: Partial<ListedBudget> = {},
): ListedBudget {
	return {
		id: subnetId(name),
		kind: "subnet",
		name,
		limit: range(251),
		demand: {
			today: range(100),
			upgrade: range(110),
			full: range(200),
			"full-upgrade": range(210, 220),
		},
		verdict,
		clusters,
		otherResources: range(0),
		otherResourcesByKind: [],
		runway: null,
		wonBack: 0,
		...more,
	};
}

function finding(cluster: string, more: Partial<Finding>): Finding {
	return {
		...example,
		id: `of ${cluster}`,
		cluster,
		severity: "high",
		acceptance: null,
		...more,
	};
}

let attempts = 0;

/** Under a key of its own: a process reads a snapshot once. */
async function write(budgets: readonly ListedBudget[]): Promise<string> {
	const key = snapshotKey({ auditId, startedAt }, `list-${++attempts}`);
	await writeSnapshot(
		tables,
		key,
		{
			audit: { auditId, at: startedAt },
			overview: {
				clusters: 1,
				subnets: 1,
				expected: 1,
				gaps: [],
				outOfReach: [],
				remembered: { withClusters: [], missing: {} },
				vanishedBefore: {},
				baseline: true,
				before: null,
			},
			clusters: [],
			neighbors: [],
			shared: [],
			unseenClusters: [],
			known: [],
			tags: [],
			budgets,
			networks: [],
		},
		null,
	);
	return key;
}

async function end(auditId: string, snapshot: string): Promise<void> {
	const record = runningRecord({
		auditId,
		kind: "fleet",
		trigger: "timer",
		startedAt,
		restartOf: null,
	});
	await beginAudit(tables, { ...record, state: "completed", snapshot });
}

/** The same snapshot as a release writes it that has a list of budgets alone. */
async function asBefore(key: string, later: string): Promise<string> {
	const { clusterList: _, ...manifest } = await readManifest(tables, key);
	const { budgetList } = manifest;
	if (budgetList === undefined) throw new Error("there is no list");
	const { reclaimable: __, ...index } = await readPack<BudgetIndex>(
		tables,
		budgetList.index,
	);
	const old = await pack(index);
	await writePacks(tables, [old], "audit");
	const oldKey = snapshotKey({ auditId: later, startedAt }, "list-old");
	await writeEntities(
		tables.fleet,
		packEntities(
			{ partitionKey: "manifest", rowKey: oldKey },
			await pack({
				...manifest,
				budgetList: { ...budgetList, index: old.hash },
			}),
		),
	);
	return oldKey;
}

const names = Array.from(
	{ length: 1500 },
	(_, index) => `c${String(index).padStart(4, "0")}`,
);
const budgets = [
	subnet("full", "short", [clusterId("c0001"), clusterId("c1400")]),
	...names.map((name) =>
		subnet(`of-${name}`, "fits", [clusterId(name)], {
			wonBack: name === "c0007" ? 12 : 0,
		}),
	),
];
const open = [
	finding(clusterId("c1400"), { verdict: "short" }),
	finding(clusterId("c0900"), { verdict: "tight" }),
	finding(clusterId("c0002"), {
		rule: "not-evaluated",
		verdict: "unknown",
		budget: null,
		reasons: [{ kind: "cause", text: "no answer" }],
	}),
	// Of a cluster that the audit did not judge.
	finding(clusterId("elsewhere"), { verdict: "short" }),
];

async function pages() {
	const shown: string[] = [];
	let continuation: string | undefined;
	do {
		const page = await clustersPage(
			tables,
			{ verdict: undefined, list: "", continuation },
			1000,
		);
		shown.push(
			...page.clusters.map(
				({ name, verdict, budget, free }) =>
					`${name} ${verdict} ${budget?.name} ${free?.low}`,
			),
		);
		continuation = page.continuation ?? undefined;
	} while (continuation !== undefined);
	return shown;
}

it("lists clusters and counts them the same with a list of clusters and without one", async () => {
	const key = await write(budgets);
	await writeFindings(tables, auditId, open);
	await end(auditId, key);
	const shown = await pages();
	expect(shown).toHaveLength(1500);
	const { low } = example.free ?? {};
	expect(shown.slice(0, 5)).toEqual([
		`c1400 short ${example.budget?.name} ${low}`,
		`c0900 tight ${example.budget?.name} ${low}`,
		`c0002 unknown undefined ${low}`,
		"c0000 fits of-c0000 31",
		"c0001 fits of-c0001 31",
	]);
	expect(shown.at(-1)).toBe("c1499 fits of-c1499 31");
	const overview = await fleetOverview(tables, now, facts);
	expect(overview.verdicts).toEqual({
		budgets: { fits: 1500, tight: 0, short: 1, unknown: 0 },
		clusters: { fits: 1497, tight: 1, short: 1, unknown: 1 },
	});
	expect(overview.notEvaluated).toEqual([{ reason: "no answer", clusters: 1 }]);
	expect(overview.reclaimable.oversizedMaxPods.addresses).toBe(12);
	expect(overview.fullest.map(({ name }) => name)).toHaveLength(10);

	const later = "20261128T060000000Z-bbbbbbbb";
	await end(later, await asBefore(key, later));
	expect(await pages()).toEqual(shown);
	const { audit: __, ...without } = await fleetOverview(tables, now, facts);
	const { audit: _, ...withList } = overview;
	expect(without).toEqual({ ...withList, weeks: without.weeks });
	expect(without.weeks[0]?.audits).toBe(2);
});

it("counts no cluster as short whose findings somebody accepted", async () => {
	await end(auditId, await write(budgets));
	await writeFindings(tables, auditId, open);
	expect((await fleetOverview(tables, now, facts)).shortClusters).toBe(3);
	await putAcceptance(tables, {
		reason: "known",
		owner: "team",
		expiry: "2027-01-01T00:00:00.000Z",
		by: "finding",
		acceptedBy: "ada",
		acceptedAt: now,
		covers: {
			finding: `of ${clusterId("c1400")}`,
			rule: null,
			cluster: null,
			budget: null,
		},
	});
	expect((await fleetOverview(tables, now, facts)).shortClusters).toBe(2);
});

it("reads an index and a part of each list for the overview and for a page of clusters", async () => {
	await end(auditId, await write(budgets));
	await writeFindings(tables, auditId, open);
	const requests: string[] = [];
	const counted = Object.fromEntries(
		tableNames.map((name) => {
			const { client } = watched(tables[name], () => requests.push(name));
			return [name, client];
		}),
	) as Tables;
	await fleetOverview(counted, now, facts);
	// Manifest, index of budgets, their first part, clusters; findings; acceptances; the newest audit, and those of the weeks.
	expect(requests.toSorted()).toEqual([
		"acceptances",
		"audits",
		"audits",
		"fleet",
		"fleet",
		"fleet",
		"fleet",
		"results",
	]);
	requests.length = 0;
	await clustersPage(
		counted,
		{ verdict: undefined, list: "", continuation: "1200" },
		100,
	);
	// One part: the manifest and the indexes are of the snapshot that this process has read.
	expect(requests.toSorted()).toEqual(["audits", "fleet", "results"]);
});
