import { randomBytes } from "node:crypto";
import type { TableClient, TableEntity } from "@azure/data-tables";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { worstState } from "../../shared/alert/alert.ts";
import {
	beginAudit,
	changeRunning,
	findAudit,
	forgetMemories,
	listAudits,
	memoryBefore,
	newestAudit,
	runningAudits,
	setAlertState,
	writeMemory,
} from "../../shared/azure/auditStore.ts";
import {
	budgetsAt,
	positionAfter,
	readBudgetIndex,
	readBudgets,
} from "../../shared/azure/budgetStore.ts";
import {
	changesOf,
	deleteChanges,
	writeChanges,
} from "../../shared/azure/changeStore.ts";
import { packed, unpacked } from "../../shared/azure/entity.ts";
import {
	openFindings,
	openFindingsOf,
} from "../../shared/azure/findingBuckets.ts";
import { listFindings } from "../../shared/azure/findingList.ts";
import {
	bucketBefore,
	replaceFindings,
	writeFindings,
} from "../../shared/azure/findingStore.ts";
import { openTables } from "../../shared/azure/openTables.ts";
import {
	alertStates,
	findAlert,
	pendingAlerts,
	putAlert,
	updateAlert,
} from "../../shared/azure/outbox.ts";
import {
	findCluster,
	findLedgerFacts,
	readCommon,
	readDone,
	readKnown,
	readKnownOf,
	readOverview,
	readSlice,
	readTags,
	readUnseenClusters,
	removeSnapshots,
	type SnapshotContent,
	snapshotKey,
	writeDone,
	writeSnapshot,
} from "../../shared/azure/snapshotStore.ts";
import {
	deleteEntities,
	inParallel,
	type Tables,
	writeEntities,
} from "../../shared/azure/tables.ts";
import type { Finding, Severity } from "../../shared/contract.ts";
import { bucketOf } from "../../shared/keys/buckets.ts";
import { hash } from "../../shared/keys/hash.ts";
import {
	type BudgetPlace,
	type ListedBudget,
	placeOfBudget,
} from "../../shared/model/budgetList.ts";
import type { FleetCluster, SharedBudget } from "../../shared/model/fleet.ts";
import {
	type AuditRecord,
	runningRecord,
} from "../../shared/records/auditRecord.ts";
import { nothingTold } from "../../shared/records/memory.ts";
import type { Overview } from "../../shared/records/snapshot.ts";
import { fromStored } from "../../shared/records/storedBudget.ts";
import { knownCluster, knownUse } from "../model/builders.ts";
import { sharedStorage } from "../workflow/storage.ts";
import { watched } from "./watched.ts";

let tables: Tables;

beforeAll(async () => {
	tables = await openTables({
		kind: "connection-string",
		connectionString: sharedStorage().next(),
	});
});

beforeEach(async () => {
	for (const table of Object.values(tables))
		await deleteEntities(table, await keysOf(table));
});

async function keysOf(table: TableClient) {
	const keys: { partitionKey: string; rowKey: string }[] = [];
	for await (const { partitionKey = "", rowKey = "" } of table.listEntities())
		keys.push({ partitionKey, rowKey });
	return keys;
}

describe("entities", () => {
	const keys = { partitionKey: "p", rowKey: "r" };

	it.each([0, 1, 31_990, 32_000, 32_001, 100_000, 479_989])(
		"take %i characters of JSON in properties of 32,000",
		async (length) => {
			const data = { text: "ä".repeat(length) };
			const entity = packed(keys, data, { column: 7 });
			for (const value of Object.values(entity))
				if (typeof value === "string")
					expect(value.length).toBeLessThanOrEqual(32_000);
			await writeEntities(tables.fleet, [entity]);
			const read = await tables.fleet.getEntity("p", "r");
			expect(read.column).toBe(7);
			expect(unpacked(read)).toEqual(data);
		},
	);

	it("are never cut between the halves of a character", async () => {
		for (const before of [31_987, 31_988, 31_989, 31_990]) {
			const data = { text: `${"x".repeat(before)}😀😀` };
			const entity = packed(keys, data);
			for (const value of Object.values(entity))
				expect(String(value).isWellFormed()).toBe(true);
			await writeEntities(tables.fleet, [entity]);
			const read = await tables.fleet.getEntity("p", "r");
			expect(unpacked(read)).toEqual(data);
		}
	});

	it("that would be larger are refused with a clear error", () => {
		// `{"text":"…"}`: 11 characters around it.
		expect(() => packed(keys, { text: "x".repeat(480_000) })).toThrow(
			"p/r has 480011 characters, more than the 480000 that an entity can hold",
		);
	});
});

describe("transactions", () => {
	const entity = (partitionKey: string, row: number, text = ""): TableEntity =>
		packed({ partitionKey, rowKey: String(row) }, { text });

	it("have at most 100 entities of one partition", async () => {
		const { client, transactions } = watched(tables.fleet);
		const entities = [
			...Array.from({ length: 250 }, (_, row) => entity("a", row)),
			...Array.from({ length: 3 }, (_, row) => entity("b", row)),
			entity("c", 0),
		];
		await writeEntities(client, entities);
		expect(transactions.toSorted((a, b) => b - a)).toEqual([
			100, 100, 50, 3, 1,
		]);
		expect(await keysOf(tables.fleet)).toHaveLength(254);
	});

	it.each(["x", "ä", "€", '"', "\\"])(
		"stay below 4 MiB of UTF-8 with %j",
		async (character) => {
			const { client, bytes } = watched(tables.fleet);
			const entities = Array.from({ length: 12 }, (_, row) =>
				entity("a", row, character.repeat(200_000)),
			);
			await writeEntities(client, entities);
			expect(Math.max(...bytes)).toBeLessThan(4 * 1024 * 1024);
			expect(await keysOf(tables.fleet)).toHaveLength(12);
		},
	);

	it("are none for nothing", async () => {
		const { client, transactions } = watched(tables.fleet);
		await writeEntities(client, []);
		await deleteEntities(client, []);
		expect(transactions).toEqual([]);
	});

	it("replace an entity whole", async () => {
		await writeEntities(tables.fleet, [entity("a", 0, "x".repeat(70_000))]);
		await writeEntities(tables.fleet, [entity("a", 0, "short")]);
		const read = await tables.fleet.getEntity("a", "0");
		expect(unpacked(read)).toEqual({ text: "short" });
		expect(read.data1).toBeUndefined();
	});

	it("delete what is there, and mind nothing that is gone", async () => {
		await writeEntities(
			tables.fleet,
			Array.from({ length: 5 }, (_, row) => entity("a", row)),
		);
		await deleteEntities(
			tables.fleet,
			[0, 1, 2, 7].map((row) => ({ partitionKey: "a", rowKey: String(row) })),
		);
		expect(await keysOf(tables.fleet)).toEqual([
			{ partitionKey: "a", rowKey: "3" },
			{ partitionKey: "a", rowKey: "4" },
		]);
		await deleteEntities(tables.fleet, [{ partitionKey: "b", rowKey: "0" }]);
	});

	it("run a few at once, and a failure stops those that have not begun", async () => {
		let running = 0;
		let most = 0;
		const begun: number[] = [];
		const run = async (item: number) => {
			begun.push(item);
			most = Math.max(most, ++running);
			await new Promise((done) => setTimeout(done, 5));
			running--;
			if (item === 3) throw new Error("third");
		};
		const items = Array.from({ length: 30 }, (_, index) => index);
		await expect(inParallel(items, 4, run)).rejects.toThrow("third");
		expect(most).toBe(4);
		expect(begun.length).toBeLessThan(30);
	});
});

const first = "20261120T050000000Z-aaaaaaaa";
const second = "20261121T050000000Z-bbbbbbbb";
const third = "20261122T050000000Z-cccccccc";

function record(auditId: string) {
	const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(auditId) ?? [];
	return runningRecord({
		auditId,
		kind: "fleet",
		trigger: "timer",
		restartOf: null,
		startedAt: `${year}-${month}-${day}T05:00:00.000Z`,
	});
}

/** An audit as it has begun, or as it has ended. */
async function write(one: AuditRecord): Promise<void> {
	await beginAudit(tables, record(one.auditId));
	await changeRunning(tables, one.auditId, () => one);
}

describe("audits", () => {
	it("are listed newest first, page by page", async () => {
		for (const auditId of [second, third, first]) await write(record(auditId));
		const one = await listAudits(tables, 2, undefined);
		expect(one.audits.map(({ auditId }) => auditId)).toEqual([third, second]);
		const two = await listAudits(tables, 2, one.continuation ?? undefined);
		expect(two.audits.map(({ auditId }) => auditId)).toEqual([first]);
		expect(two.continuation).toBeNull();
	});

	it("begin once: the second beginning changes nothing", async () => {
		await beginAudit(tables, record(first));
		await write({ ...record(first), state: "completed" });
		await beginAudit(tables, record(first));
		expect((await findAudit(tables, first))?.state).toBe("completed");
	});

	it("change while they run; one that has ended stays as it ended", async () => {
		const end = (state: "completed" | "failed") =>
			changeRunning(tables, first, (before) => ({ ...before, state }));
		expect(await end("completed")).toBe(false);
		await beginAudit(tables, record(first));
		const ends = await Promise.all([
			end("completed"),
			end("failed"),
			end("failed"),
		]);
		expect(ends.filter(Boolean)).toHaveLength(1);
		const ended = await findAudit(tables, first);
		expect(ended?.state).toBe(ends[0] ? "completed" : "failed");
		expect(await end("completed")).toBe(false);
		expect(await findAudit(tables, first)).toEqual(ended);
	});

	it("are found by their id alone", async () => {
		await write(record(first));
		expect(await findAudit(tables, first)).toEqual(record(first));
		expect(await findAudit(tables, second)).toBeNull();
		expect(await findAudit(tables, "x' or PartitionKey ne '")).toBeNull();
	});

	it("have a newest one in a state, and those that say they run", async () => {
		await write({ ...record(first), state: "completed" });
		await write({ ...record(second), state: "failed" });
		await write(record(third));
		expect((await newestAudit(tables, ["completed"]))?.auditId).toBe(first);
		expect((await newestAudit(tables, ["completed", "failed"]))?.auditId).toBe(
			second,
		);
		expect(await newestAudit(tables, ["partial"])).toBeNull();
		const running = await runningAudits(tables, new Date(2026, 10, 23));
		expect(running.map(({ auditId }) => auditId)).toEqual([third]);
		// So old a row was looked after long ago.
		expect(await runningAudits(tables, new Date(2026, 11, 23))).toEqual([]);
	});

	it("show what the delivery says of the alert, and keep the rest", async () => {
		const ended = {
			...record(first),
			state: "completed" as const,
			alert: { state: "pending" as const },
		};
		await write(ended);
		await setAlertState(tables, first, async () => "sent");
		expect(await findAudit(tables, first)).toEqual({
			...ended,
			alert: { state: "sent" },
		});
	});

	it("show the worst of two deliveries that end at once", async () => {
		await write({ ...record(first), state: "completed" });
		let reads = 0;
		await setAlertState(tables, first, async () => {
			if (++reads > 1) return "failed";
			// Another channel fails between the reading and the writing.
			await setAlertState(tables, first, async () => "failed");
			return "pending";
		});
		expect(reads).toBe(2);
		expect((await findAudit(tables, first))?.alert.state).toBe("failed");
	});

	it("are not missed by a card that outlives them", async () => {
		await setAlertState(tables, third, async () => "sent");
		expect(await findAudit(tables, third)).toBeNull();
	});

	it("remember what the one before knew, and not what they or later ones do", async () => {
		const memory = (name: string) => ({
			withClusters: [name],
			missing: {},
			vanished: {},
			told: nothingTold,
		});
		expect(await memoryBefore(tables, first)).toBeNull();
		await writeMemory(tables, first, memory("first"));
		await writeMemory(tables, third, memory("third"));
		expect(await memoryBefore(tables, first)).toBeNull();
		expect(await memoryBefore(tables, second)).toEqual(memory("first"));
		expect(await memoryBefore(tables, third)).toEqual(memory("first"));
	});

	it("forget old memories but the last five", async () => {
		for (let day = 10; day < 20; day++)
			await writeMemory(tables, `202611${day}T050000000Z-00000000`, {
				withClusters: [String(day)],
				missing: {},
				vanished: {},
				told: nothingTold,
			});
		await forgetMemories(tables);
		expect(await keysOf(tables.audits)).toHaveLength(5);
		expect(
			(await memoryBefore(tables, "20261115T050000000Z-00000000"))
				?.withClusters,
		).toBeUndefined();
		expect((await memoryBefore(tables, third))?.withClusters).toEqual(["19"]);
	});
});

function finding(
	index: number,
	{
		state = "open",
		severity = "high",
		cluster = `cluster-${index % 3}`,
		...others
	}: Partial<Finding> & { severity?: Severity } = {},
): Finding {
	const id = `/subscriptions/s/resourcegroups/g/providers/microsoft.containerservice/managedclusters/${cluster}`;
	return {
		id: hash(String(index)),
		rule: "capacity-shortfall",
		severity,
		state,
		cluster: id,
		clusterName: cluster,
		subscription: "s",
		budget: null,
		scenario: null,
		verdict: null,
		limit: null,
		demand: null,
		free: null,
		alsoIn: [],
		additionalNodes: null,
		runway: null,
		azure: null,
		lastKnown: null,
		headline: "net/nodes: nearly full",
		reasons: [{ kind: "demand", text: "why" }],
		remedies: [],
		acceptance: null,
		firstSeen: "2026-11-22T05:00:00.000Z",
		changedAt: "2026-11-22T05:00:00.000Z",
		auditId: third,
		...others,
	};
}

describe("findings", () => {
	const resolved = (one: Finding): Finding => ({ ...one, state: "resolved" });

	it("are open or resolved, and never both", async () => {
		const all = Array.from({ length: 9 }, (_, index) => finding(index));
		await writeFindings(tables, third, all);
		const [gone, ...left] = all;
		if (gone === undefined) throw new Error("none");
		await writeFindings(tables, third, [resolved(gone)]);

		const open = await openFindings(tables);
		expect(
			[...open.values()]
				.flat()
				.map(({ id }) => id)
				.sort(),
		).toEqual(left.map(({ id }) => id).sort());
		expect((await ids({ state: "open" })).length).toBe(8);
		expect(await ids({ state: "resolved" })).toEqual([gone.id]);
		expect((await ids({ state: "all" })).length).toBe(9);

		await writeFindings(tables, third, [gone]);
		expect(await ids({ state: "resolved" })).toEqual([]);
		expect((await ids({ state: "open" })).length).toBe(9);
	});

	// Of few clusters bucket by bucket, of more all buckets at once.
	it.each([2, 40])("are found by cluster, of %i", async (count) => {
		const all = Array.from({ length: 60 }, (_, index) =>
			finding(index, { cluster: `cluster-${index}` }),
		);
		await writeFindings(tables, third, all);
		const clusters = all.slice(0, count).map(({ cluster }) => cluster);
		const open = await openFindingsOf(tables, [...clusters, "/nobody"]);
		expect([...open.keys()].sort()).toEqual(clusters.sort());
		expect([...open.values()].flat()).toHaveLength(count);
	});

	it("are the same when they are moved twice, and written once", async () => {
		const one = finding(1);
		await writeFindings(tables, third, [one]);
		await writeFindings(tables, third, [resolved(one)]);
		const before = await rowsOf(tables.results);
		await writeFindings(tables, third, [resolved(one)]);
		expect(await rowsOf(tables.results)).toEqual(before);
		expect(await ids({ state: "all" })).toEqual([one.id]);
		expect(await ids({ state: "resolved" })).toEqual([one.id]);
	});

	it("are for an audit as they were before it, however often it writes", async () => {
		const [one, two, three] = [1, 4, 7].map((index) =>
			finding(index, { cluster: "same" }),
		) as [Finding, Finding, Finding];
		const bucket = bucketOf(one.cluster);
		await writeFindings(tables, first, [one, resolved(two)]);
		const seen = async (auditId: string) => {
			const before = await bucketBefore(tables, bucket, auditId);
			return {
				open: before.open.map(({ id }) => id),
				resolved: [...(await before.resolved()).keys()],
			};
		};
		const start = { open: [one.id], resolved: [two.id] };
		expect(await seen(second)).toEqual(start);
		// It resolves the first, opens the second again, and finds a third. Then its slice is delivered once more.
		await writeFindings(tables, second, [resolved(one), two]);
		await writeFindings(tables, second, [three]);
		expect(await seen(second)).toEqual({
			open: [one.id],
			resolved: [two.id, one.id],
		});
		expect(await seen(third)).toEqual({
			open: [two.id, three.id].sort(),
			resolved: [one.id],
		});
	});

	it("lose nothing where several write to a bucket at once", async () => {
		const all = Array.from({ length: 6 }, (_, index) =>
			finding(index, { cluster: "same" }),
		);
		await Promise.all(all.map((one) => writeFindings(tables, third, [one])));
		expect(await ids({ state: "open" })).toEqual(
			all.map(({ id }) => id).sort(),
		);
	});

	it("can be replaced, all of them", async () => {
		const all = Array.from({ length: 9 }, (_, index) => finding(index));
		await writeFindings(tables, third, all);
		const now = [finding(20), resolved(finding(21))];
		for (let times = 0; times < 2; times++) {
			await replaceFindings(tables, now);
			expect(await ids({ state: "open" })).toEqual([now[0]?.id]);
			expect(await ids({ state: "resolved" })).toEqual([now[1]?.id]);
		}
	});

	it("are filtered by severity, rule, cluster and subscription", async () => {
		const all = [
			finding(1, { severity: "critical" }),
			finding(2, { rule: "nearly-full" }),
			finding(3, { cluster: "other" }),
			finding(4, { subscription: "t" }),
			finding(5, { severity: "critical", state: "resolved" }),
		];
		await writeFindings(tables, third, all);
		const [one, two, three, four, five] = all.map(({ id }) => id);
		expect(await ids({ state: "open", severity: ["critical"] })).toEqual([one]);
		expect(await ids({ state: "open", rule: ["nearly-full"] })).toEqual([two]);
		expect(await ids({ state: "open", subscription: ["t"] })).toEqual([four]);
		const cluster = [all[2]?.cluster ?? ""];
		expect(await ids({ state: "open", cluster })).toEqual([three]);
		expect(await ids({ state: "resolved", cluster })).toEqual([]);
		expect(await ids({ state: "all", severity: ["critical"] })).toEqual(
			[one, five].sort(),
		);
		expect(
			await ids({ state: "all", cluster: ["' or PartitionKey ne '"] }),
		).toEqual([]);
	});

	it("that are open are read without resolved ones, those of a cluster without those of other clusters", async () => {
		await writeFindings(tables, third, [
			...Array.from({ length: 9 }, (_, index) => finding(index)),
			resolved(finding(20)),
		]);
		const { client, filters } = watched(tables.results);
		const watching = { ...tables, results: client };
		await openFindings(watching);
		await listFindings(
			watching,
			{ state: "open", cluster: [finding(1).cluster] },
			10,
			undefined,
		);
		expect(filters).toEqual([
			"PartitionKey eq 'findings' and RowKey ge 'open-' and RowKey lt 'open.'",
			`PartitionKey eq 'findings' and RowKey eq 'open-${bucketOf(finding(1).cluster)}'`,
		]);
	});

	it("come in pages, the worst first, each once", async () => {
		const severities = ["low", "critical", "high"] as const;
		await writeFindings(
			tables,
			third,
			Array.from({ length: 25 }, (_, index) =>
				finding(index, { severity: severities[index % 3] ?? "low" }),
			),
		);
		const pages: number[] = [];
		const seen: Finding[] = [];
		let continuation: string | undefined;
		do {
			const page = await listFindings(
				tables,
				{ state: "open" },
				10,
				continuation,
			);
			pages.push(page.findings.length);
			seen.push(...page.findings);
			continuation = page.continuation ?? undefined;
		} while (continuation !== undefined);
		expect(pages).toEqual([10, 10, 5]);
		expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
		expect(seen.map(({ severity }) => severity)).toEqual([
			...Array.from({ length: 8 }, () => "critical"),
			...Array.from({ length: 8 }, () => "high"),
			...Array.from({ length: 9 }, () => "low"),
		]);
	});

	it("go on behind the last one of a page, also where that one has moved since", async () => {
		// All alike: only their ids tell them apart.
		const all = Array.from({ length: 6 }, (_, index) =>
			finding(index, { cluster: "a" }),
		).sort((a, b) => (a.id < b.id ? -1 : 1));
		await writeFindings(tables, third, all);
		const first = await listFindings(tables, { state: "open" }, 2, undefined);
		const [, last] = all;
		if (last === undefined) throw new Error("no finding");
		await writeFindings(tables, third, [resolved(last)]);
		const second = await listFindings(
			tables,
			{ state: "open" },
			10,
			first.continuation ?? undefined,
		);
		expect(second.findings.map(({ id }) => id)).toEqual(
			all.slice(2).map(({ id }) => id),
		);
		expect(second.continuation).toBeNull();
	});

	it("have one change an audit, written once or twice", async () => {
		const change = {
			kind: "opened" as const,
			finding: finding(1),
			severityBefore: null,
			reason: null,
			worse: false,
			newRule: false,
			newArithmetic: false,
			flapping: "no" as const,
			past: null,
		};
		await writeChanges(tables, third, [change]);
		await writeChanges(tables, third, [change]);
		expect(await made()).toEqual([change.finding.id]);
		// Of the same cluster: neither write loses the other.
		const other = { ...change, finding: finding(4) };
		await Promise.all([
			writeChanges(tables, third, [change]),
			writeChanges(tables, third, [other]),
		]);
		expect(await made()).toEqual([change.finding.id, finding(4).id].sort());
		await deleteChanges(tables, third, [change]);
		expect(await made()).toEqual([finding(4).id]);
	});

	async function made(): Promise<string[]> {
		const found: string[] = [];
		for await (const { finding } of changesOf(tables, third))
			found.push(finding.id);
		return found.sort();
	}

	async function ids(
		filter: Parameters<typeof listFindings>[1],
	): Promise<string[]> {
		const page = await listFindings(tables, filter, 100, undefined);
		return page.findings.map(({ id }) => id).sort();
	}
});

describe("outbox", () => {
	const alert = {
		auditId: third,
		channel: "default",
		card: "first",
		state: "pending" as const,
		reason: null,
	};

	it("keeps the first card that is put into it, and says so", async () => {
		expect(await putAlert(tables, alert)).toEqual(alert);
		await updateAlert(tables, { ...alert, state: "sent" });
		expect(await putAlert(tables, { ...alert, card: "second" })).toEqual({
			...alert,
			state: "sent",
		});
		expect(await findAlert(tables, alert)).toEqual({
			...alert,
			state: "sent",
		});
	});

	it("knows what waits", async () => {
		await putAlert(tables, alert);
		await putAlert(tables, { ...alert, auditId: second, state: "recorded" });
		await putAlert(tables, { ...alert, auditId: first });
		await putAlert(tables, { ...alert, auditId: first, channel: "payments" });
		const pending = async () =>
			(await pendingAlerts(tables))
				.map(({ auditId, channel }) => `${auditId} ${channel}`)
				.sort();
		expect(await pending()).toEqual([
			`${first} default`,
			`${first} payments`,
			`${third} default`,
		]);
		await updateAlert(tables, { ...alert, state: "failed", reason: "why" });
		expect(await pending()).toEqual([`${first} default`, `${first} payments`]);
		expect(
			await findAlert(tables, { auditId: second, channel: "default" }),
		).toMatchObject({ state: "recorded" });
	});

	it("tells an audit's channels from those of another audit", async () => {
		await putAlert(tables, { ...alert, state: "sent" });
		await putAlert(tables, { ...alert, channel: "payments" });
		await putAlert(tables, { ...alert, auditId: second, state: "failed" });
		expect((await alertStates(tables, third)).sort()).toEqual([
			"pending",
			"sent",
		]);
		expect(await alertStates(tables, first)).toEqual([]);
	});

	it.each([
		{ states: [], worst: "none" },
		{ states: ["sent", "sent"], worst: "sent" },
		{ states: ["sent", "recorded"], worst: "recorded" },
		{ states: ["recorded", "pending", "sent"], worst: "pending" },
		{ states: ["pending", "failed", "sent"], worst: "failed" },
	] as const)("calls $states $worst", ({ states, worst }) => {
		expect(worstState(states)).toBe(worst);
	});
});

describe("snapshots", () => {
	const overview: Overview = {
		clusters: 3,
		subnets: 2,
		expected: 1,
		gaps: [
			{ kind: "rows", subscription: null, scope: "tenant", reason: "why" },
		],
		outOfReach: [],
		remembered: { withClusters: ["s"], missing: {} },
		vanishedBefore: { x: 1 },
		baseline: true,
		before: null,
	};
	const idOf = (name: string) =>
		`/subscriptions/s/resourcegroups/g/providers/microsoft.containerservice/managedclusters/${name}`;
	const clusterNamed = (name: string): FleetCluster => ({
		id: idOf(name),
		name,
		subscription: "s",
		kubenet: false,
		notEvaluated: "its row could not be read",
		cluster: null,
		budgets: [],
		shared: ["/subscriptions/s/subnets/x", "/subscriptions/s/subnets/lost"],
		outlooks: {},
	});
	const clusters = ["a", "b", "c"].map(clusterNamed);
	const neighbor = clusterNamed("neighbor");
	const shared: SharedBudget = {
		budget: {
			id: "/subscriptions/s/subnets/x",
			kind: "subnet",
			name: "x",
			unit: "addresses",
			limit: { low: 251, high: 251 },
			limitReason: "251 usable addresses",
			usable: 251,
			observed: null,
			otherResourcesByKind: null,
			totals: {
				nowLow: 0,
				nowHigh: 0,
				nowUnbounded: 0,
				growthLow: 0,
				growthHigh: 0,
				growthHighAtLow: 0,
				growthUnbounded: 0,
			},
			foreign: { low: 0, high: 0 },
			isMixed: false,
			sharedBy: 2,
			open: [],
			outlook: { kind: "not-known" },
		},
		clusters: [idOf("a"), idOf("b"), idOf("neighbor"), idOf("nobody")],
	};
	const unseenCluster = {
		cluster: "gone",
		fate: "vanished" as const,
		findings: [finding(7)],
	};

	// More than the rows that they are kept in.
	const known = Array.from({ length: 70 }, (_, index) =>
		knownCluster({
			name: `remembered-${index}`,
			nodes: { np: index },
			uses: [knownUse()],
		}),
	);

	const tags = [{ cluster: idOf("a"), tags: { team: "payments" } }];

	let attempts = 0;

	async function write(
		auditId: string,
		{
			before = null,
			...changed
		}: Partial<SnapshotContent> & { before?: string | null } = {},
	): Promise<string> {
		const key = snapshotKey(
			record(auditId),
			String(++attempts).padStart(6, "0"),
		);
		const content = {
			audit: { auditId, at: record(auditId).startedAt },
			overview,
			clusters,
			neighbors: [neighbor],
			shared: [shared],
			unseenClusters: [unseenCluster],
			known,
			tags,
			budgets: [],
			networks: [],
		};
		await writeSnapshot(tables, key, { ...content, ...changed }, before);
		return key;
	}

	function placeIn(budgets: readonly ListedBudget[], at: number): BudgetPlace {
		const budget = budgets[at];
		if (budget === undefined) throw new Error(`no budget ${at}`);
		return placeOfBudget(budget);
	}

	it("have the budgets in the order given, none where they are not known", async () => {
		// More than a pack.
		const budgets = Array.from({ length: 2500 }, (_, index) => ({
			id: `${idOf("a")}/pool-nodes/p${String(index).padStart(4, "0")}`,
			kind: "pool-nodes" as const,
			name: `a/p${index}`,
			limit: { low: 1000, high: 1000 },
			demand: {
				today: { low: 3, high: 3 },
				upgrade: { low: 4, high: 5 },
				full: { low: 3, high: null },
				"full-upgrade": { low: 4, high: null },
			},
			verdict: "unknown" as const,
			clusters: [idOf("a")],
			otherResources: { low: 0, high: 0 },
			otherResourcesByKind: null,
			runway: null,
			wonBack: 0,
		}));
		const key = await write(third, { budgets });
		const read = await readBudgets(tables, key);
		expect(read.map(fromStored)).toEqual(budgets);
		const some: string[] = [];
		for await (const part of budgetsAt(tables, key, [0, 1999, 2000, 2499]))
			some.push(...part.map(({ name }) => name));
		expect(some).toEqual(["a/p0", "a/p1999", "a/p2000", "a/p2499"]);
		const index = await readBudgetIndex(tables, key);
		if (index === null) throw new Error("there is no index");
		const positions = await Promise.all(
			[0, 1999, 2000, 2499].map((at) =>
				positionAfter(tables, key, index, placeIn(budgets, at)),
			),
		);
		expect(positions).toEqual([1, 2000, 2001, 2500]);
		const fuller = { ...placeIn(budgets, 0), share: 0.5 };
		expect(await positionAfter(tables, key, index, fuller)).toBe(0);
		const without = await write(third, { budgets: null });
		expect(await readBudgetIndex(tables, without)).toBeNull();
		await removeSnapshots(tables, [key]);
		const again = await write(third, { budgets, before: key });
		expect(await readBudgets(tables, again)).toHaveLength(2500);
	});

	it("come back as they were", async () => {
		const key = await write(third);
		expect(await readOverview(tables, key)).toEqual(overview);
		expect(await readUnseenClusters(tables, key)).toEqual([unseenCluster]);
		expect(await readKnown(tables, key)).toEqual(
			new Map(known.map((one) => [one.id, one])),
		);
		const [first, , other] = known;
		if (first === undefined || other === undefined) throw new Error("none");
		const some = [other.id, idOf("nobody"), first.id];
		expect(await readKnownOf(tables, key, some)).toEqual(
			new Map([other, first].map((one) => [one.id, one])),
		);
		expect(await readKnownOf(tables, "gone", some)).toEqual(new Map());
		expect(await readTags(tables, key)).toEqual(
			new Map([[idOf("a"), { team: "payments" }]]),
		);
		for (const one of clusters)
			expect(await findCluster(tables, key, one.id)).toEqual(one);
		expect(await findCluster(tables, key, neighbor.id)).toBeNull();
		expect((await readCommon(tables, key)).budgets).toEqual(
			new Map([[shared.budget.id, shared.budget]]),
		);
		const [judged] = clusters;
		expect(await findLedgerFacts(tables, key, idOf("a"))).toMatchObject({
			judged,
			shared: [{ ...shared, entries: [] }],
		});
		expect(await findLedgerFacts(tables, key, neighbor.id)).toBeNull();
		const slices = new Set(clusters.map(({ id }) => bucketOf(id)));
		const read = await Promise.all(
			[...slices].map((slice) => readSlice(tables, key, slice)),
		);
		expect(
			read
				.flat()
				.map(({ name }) => name)
				.sort(),
		).toEqual(["a", "b", "c"]);
	});

	it("say of what an audit saw itself that it did, also where nothing is written again", async () => {
		const seenBy = (auditId: string) =>
			known.map((one) => ({
				...one,
				lastSeen: { auditId, at: record(auditId).startedAt },
			}));
		const one = await write(second, { known: seenBy(second) });
		const packs = await packsIn(tables);
		const two = await write(third, { known: seenBy(third), before: one });
		expect(await packsIn(tables)).toEqual(packs);
		for (const [key, auditId] of [
			[one, second],
			[two, third],
		] as const)
			expect(
				(await readKnown(tables, key)).get(known[3]?.id ?? "")?.lastSeen
					.auditId,
			).toBe(auditId);
	});

	it("are written again only where something is new", async () => {
		const before = await write(second);
		const packs = await packsIn(tables);
		const [a, ...others] = clusters;
		if (a === undefined) throw new Error("none");
		const changed = { ...a, notEvaluated: "another reason" };
		const now = await write(third, { clusters: [changed, ...others], before });
		expect((await packsIn(tables)).size).toBe(packs.size + 1);
		expect(await findCluster(tables, now, a.id)).toEqual(changed);
		expect(await findCluster(tables, before, a.id)).toEqual(a);
	});

	it("keep a cluster that takes more than one entity", async () => {
		const large = {
			...clusterNamed("large"),
			notEvaluated: randomBytes(1_500_000).toString("base64"),
		};
		const key = await write(third, { clusters: [large] });
		expect(await findCluster(tables, key, large.id)).toEqual(large);
	});

	it("that are gone are an error that says so", async () => {
		await expect(
			readOverview(tables, snapshotKey(record(third), "none")),
		).rejects.toThrow("is gone");
	});

	it("note each slice that is done once", async () => {
		const key = await write(third);
		const done = {
			clusters: 2,
			notEvaluated: 0,
			changes: { opened: 1, worsened: 0, eased: 0, resolved: 0, reopened: 0 },
		};
		await writeDone(tables, key, "000", done);
		await writeDone(tables, key, "000", done);
		await writeDone(tables, key, "001", { ...done, clusters: 1 });
		expect(
			(await readDone(tables, key)).map(({ clusters }) => clusters),
		).toEqual([2, 1]);
	});

	it("of a later audit stay, whoever still ends an earlier one", async () => {
		await write(first, { clusters: clusters.slice(0, 1) });
		const own = await write(second, { clusters: clusters.slice(1, 2) });
		const later = await write(third, { clusters: clusters.slice(2) });
		await removeSnapshots(tables, [own]);
		expect(await manifestsIn(tables)).toEqual([later, own]);
		expect(await findCluster(tables, own, idOf("b"))).not.toBeNull();
		expect(await findCluster(tables, later, idOf("c"))).not.toBeNull();
	});

	it("lose no pack that a later audit has written, but not named yet", async () => {
		const own = await write(second);
		const packs = await packsIn(tables);
		const later = await write(third, { clusters: [clusterNamed("new")] });
		await deleteEntities(tables.fleet, [
			{ partitionKey: "manifest", rowKey: later },
		]);
		await removeSnapshots(tables, [own]);
		expect((await packsIn(tables)).size).toBe(packs.size + 1);
	});

	it("are removed except the two that are named, with the packs that only the removed ones named", async () => {
		const old = await write(first, { clusters: [clusterNamed("old")] });
		const before = await write(second);
		const now = await write(third, { before });
		const otherAttempt = snapshotKey(record(third), "other1");
		await writeDone(tables, otherAttempt, "000", {
			clusters: 0,
			notEvaluated: 0,
			changes: { opened: 0, worsened: 0, eased: 0, resolved: 0, reopened: 0 },
		});
		const packs = await packsIn(tables);
		await removeSnapshots(tables, [now, before]);
		expect(await manifestsIn(tables)).toEqual([now, before]);
		// The one of the cluster that is old. The rest is the same in all three.
		expect((await packsIn(tables)).size).toBe(packs.size - 1);
		expect(await readDone(tables, otherAttempt)).toEqual([]);
		await expect(readSlice(tables, old, "000")).rejects.toThrow("is gone");
		expect(await readOverview(tables, now)).toEqual(overview);
		expect(await findCluster(tables, now, idOf("a"))).toEqual(clusters[0]);
	});
});

async function packsIn(tables: Tables): Promise<Map<string, string>> {
	const rows = await rowsOf(tables.fleet);
	return new Map(
		rows
			.filter(({ partitionKey }) => String(partitionKey).startsWith("pack-"))
			.map(({ rowKey, etag }) => [String(rowKey), String(etag)]),
	);
}

async function manifestsIn(tables: Tables): Promise<string[]> {
	const rows = await rowsOf(tables.fleet);
	return rows
		.filter(({ partitionKey }) => partitionKey === "manifest")
		.map(({ rowKey }) => String(rowKey));
}

async function rowsOf(table: TableClient) {
	const rows: Record<string, unknown>[] = [];
	for await (const row of table.listEntities()) rows.push(row);
	return rows;
}
