import { beforeEach, expect, it } from "vitest";
import {
	changesStep,
	type FeedAnswer,
	type Looked,
} from "../../shared/audit/changesStep.ts";
import type { InstanceClient } from "../../shared/audit/instances.ts";
import {
	beginAudit,
	changeQueued,
	changeRunning,
	findAudit,
	listAudits,
} from "../../shared/azure/auditStore.ts";
import { keepEvent, readFeed } from "../../shared/azure/feedStore.ts";
import { writeSnapshot } from "../../shared/azure/snapshotStore.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { HeardChange } from "../../shared/feed/heardChange.ts";
import {
	type AuditRecord,
	runningRecord,
} from "../../shared/records/auditRecord.ts";
import type { Overview } from "../../shared/records/snapshot.ts";
import { change, clusterId, known, subnetId } from "../feed/changesAt.ts";
import { sharedStorage, tablesOf } from "./storage.ts";

/*
 * The change feed's faults, over a storage emulator: 150 pairs of clusters, each pair in a subnet of its own, were
 * audited at 05:00.
 */

const storage = sharedStorage();
let tables: Tables;
let now: number;
let feed: FeedAnswer;
let asked: Date[];
let instances: string[];

const pairs = 150;
const minute = 60_000;
const start = Date.parse("2026-11-28T14:00:00.000Z");
const nightly = "20261128T050000000Z-00000001";

beforeEach(async () => {
	tables = await tablesOf(storage.next());
	now = start;
	feed = { rows: [], problem: null };
	asked = [];
	instances = [];
	const input = {
		auditId: nightly,
		kind: "fleet" as const,
		trigger: "timer" as const,
		startedAt: "2026-11-28T05:00:00.000Z",
		restartOf: null,
	};
	const snapshot = "7964403599999-00000001.0";
	await writeSnapshot(
		tables,
		snapshot,
		{
			audit: { auditId: nightly, at: input.startedAt },
			overview: {} as Overview,
			clusters: [],
			neighbors: [],
			shared: [],
			unseenClusters: [],
			known: Array.from({ length: pairs }, (_, pair) => [
				known(`a${pair}`, subnetId(`s${pair}`)),
				known(`b${pair}`, subnetId(`s${pair}`)),
			]).flat(),
			tags: [],
			networks: [],
			budgets: null,
		},
		null,
	);
	await beginAudit(tables, {
		...runningRecord(input),
		state: "completed",
		finishedAt: input.startedAt,
		snapshot,
	});
});

const client: InstanceClient = {
	startNew: async (_name, options) => {
		instances.push(options?.instanceId ?? "");
		return "";
	},
	getStatus: async () => {
		throw new Error("404");
	},
	terminate: async () => undefined,
};

/** A look at the feed, some minutes after the one before. */
async function look(minutes = 0, over = tables): Promise<Looked | null> {
	now += minutes * minute;
	return changesStep(
		client,
		over,
		{
			changes: async (since) => {
				asked.push(since);
				return feed;
			},
			subnets: async () => new Map(),
		},
		{
			every: 10 * minute,
			quiet: 5 * minute,
			longest: 30 * minute,
			names: false,
			maxHours: 6,
			isJudged: () => true,
			now: () => new Date(now),
		},
	);
}

const of = (pair: number, over: Partial<HeardChange> = {}) =>
	change({
		id: `change of ${pair}`,
		resource: clusterId(`a${pair}`),
		at: new Date(now).toISOString(),
		...over,
	});
const shows = (...rows: HeardChange[]) => {
	feed = { rows, problem: null };
};
const scoped = async () =>
	(await listAudits(tables, 50, undefined)).audits.filter(
		({ kind }) => kind === "scoped",
	);
async function end(over: Partial<AuditRecord> = {}) {
	const [newest] = await scoped();
	const id = newest?.auditId ?? "";
	const ended = (record: AuditRecord): AuditRecord => ({
		...record,
		state: "completed",
		finishedAt: new Date(now).toISOString(),
		...over,
	});
	if (!(await changeRunning(tables, id, ended)))
		await changeQueued(tables, id, ended);
}

it("asks once a look, since half an hour before the last change, and audits what has come to rest", async () => {
	shows(of(1));
	expect(await look()).toMatchObject({ changes: 1, waiting: 1, audits: [] });
	expect(asked).toEqual([new Date("2026-11-28T04:30:00.000Z")]);
	expect(await look(4)).toBeNull();
	expect(await look(1)).toMatchObject({
		waiting: 0,
		audits: [expect.any(String)],
	});
	expect(await scoped()).toMatchObject([
		{
			state: "running",
			trigger: "change",
			scope: { clusters: [clusterId("a1"), clusterId("b1")] },
			requests: [
				{ by: "change", why: "cluster a1 changed at 14:00 UTC", count: 1 },
			],
		},
	]);
	expect(instances).toHaveLength(1);
	await look(5);
	expect(asked.at(-1)).toEqual(new Date("2026-11-28T13:30:00.000Z"));
	expect(await scoped()).toHaveLength(1);
});

it("is throttled, or loses a page: the cursor stays, and nothing is lost or heard twice", async () => {
	feed = { rows: [of(1)], problem: "1 of 2 changes answered" };
	expect(await look()).toMatchObject({ changes: 1, problem: /1 of 2/ });
	feed = { rows: [], problem: "throttled" };
	expect(await look(10)).toMatchObject({ changes: 0, problem: "throttled" });
	expect(asked[1]).toEqual(asked[0]);
	shows(of(1), of(2));
	expect(await look(10)).toMatchObject({ changes: 1, problem: null });
	expect(asked[2]).toEqual(asked[0]);
	await look(5);
	const requests = (await scoped()).flatMap(({ requests }) => requests);
	expect(requests.map(({ count }) => count)).toEqual([1, 1]);
});

it("is looked at by two hosts at once: one of them works", async () => {
	shows(of(1));
	const both = await Promise.all([look(), look()]);
	expect(both.filter((one) => one !== null)).toHaveLength(1);
	shows();
	const due = await Promise.all([look(5), look()]);
	expect(due.filter((one) => one !== null)).toHaveLength(1);
	expect(await scoped()).toHaveLength(1);
});

/** A host that dies at a write to a table. */
function dying(
	method: "createEntity" | "submitTransaction",
	of: string,
): Tables {
	const audits = new Proxy(tables.audits, {
		get: (target, name) => {
			const own = Reflect.get(target, name);
			if (name !== method)
				return typeof own === "function" ? own.bind(target) : own;
			return async (...given: unknown[]) => {
				if (JSON.stringify(given[0]).includes(of))
					throw new Error("the host dies");
				return Reflect.apply(own, target, given);
			};
		},
	});
	return { ...tables, audits };
}

it("loses its host between gathering and audit: the next one starts the same audit, once", async () => {
	shows(of(1));
	await look();
	await expect(look(5, dying("createEntity", "scoped"))).rejects.toThrow(
		"dies",
	);
	expect(await scoped()).toEqual([]);
	const [decided] = (await readFeed(tables)).state.started;
	await look(1);
	expect((await scoped()).map(({ auditId }) => auditId)).toEqual([
		decided?.auditId,
	]);
	await look(1);
	expect(await scoped()).toHaveLength(1);
	expect(instances).toHaveLength(1);
});

it("loses its host before it has written what it heard: the same is heard again", async () => {
	shows(of(1));
	const killed = dying("submitTransaction", "feed");
	// Dead hosts end no claim.
	Object.assign(killed, {
		audits: new Proxy(killed.audits, {
			get: (target, name) => {
				if (name !== "updateEntity") return Reflect.get(target, name);
				return async () => {
					throw new Error("the host dies");
				};
			},
		}),
	});
	await expect(look(0, killed)).rejects.toThrow("dies");
	expect(await look(1)).toBeNull();
	expect(await look(5)).toMatchObject({ changes: 1 });
});

it("meets a clock that jumps ten hours, there and back", async () => {
	shows(of(1));
	await look();
	const back = now;
	now += 600 * minute;
	shows(of(2, { at: new Date(back).toISOString() }));
	await look();
	now = back + minute;
	shows(of(3));
	// Its own claim and its own last look seem to be in the future.
	expect(await look()).toMatchObject({ changes: 1 });
	await look(6);
	const clusters = (await scoped()).flatMap(
		({ scope }) => scope?.clusters ?? [],
	);
	expect(new Set(clusters)).toEqual(
		new Set(
			[1, 2, 3].flatMap((pair) => [
				clusterId(`a${pair}`),
				clusterId(`b${pair}`),
			]),
		),
	);
});

it("hears 5,000 changes at once: few audits, each change once", async () => {
	shows(
		...Array.from({ length: 5000 }, (_, n) =>
			of(n % pairs, { id: `change ${n}` }),
		),
	);
	expect(await look()).toMatchObject({ changes: 5000, waiting: pairs });
	await look(5);
	const audits = await scoped();
	const work = audits.filter(({ state }) => state === "running");
	// What waits is done by the one that runs.
	expect(work).toHaveLength(1);
	expect(work[0]?.scope?.clusters).toHaveLength(2 * pairs);
	expect(await look(10)).toMatchObject({ changes: 0, waiting: 0 });
});

it("audits again, three times at most, while the rows show the state before", async () => {
	shows(of(1));
	await look();
	for (let round = 1; round <= 4; round++) {
		await look(6);
		expect(await scoped()).toHaveLength(round);
		await end({ changesNotSeen: ["change of 1"] });
		await look(1);
	}
	await look(10);
	expect(await scoped()).toHaveLength(4);
	expect((await readFeed(tables)).state.started).toEqual([]);
});

/** An audit of the fleet begins at this minute after 14:00. */
async function beginFleetAudit(after: number): Promise<string> {
	const auditId = `20261128T140${after}00000Z-00000002`;
	const begun = runningRecord({
		auditId,
		kind: "fleet",
		trigger: "http",
		startedAt: new Date(start + after * minute).toISOString(),
		restartOf: null,
	});
	await beginAudit(tables, begun);
	return auditId;
}

it("audits itself what an audit of the fleet may have read too early", async () => {
	shows(of(1));
	await look();
	await beginFleetAudit(1);
	expect(await look(6)).toMatchObject({
		waiting: 0,
		audits: [expect.any(String)],
	});
});

it("leaves to an audit of the fleet what was heard two minutes before it began", async () => {
	shows(of(1));
	await look();
	const fleet = await beginFleetAudit(2);
	expect(await look(6)).toMatchObject({ waiting: 1, audits: [] });
	const snapshot = (await findAudit(tables, nightly))?.snapshot ?? null;
	await changeRunning(tables, fleet, (record) => ({
		...record,
		state: "completed",
		snapshot,
	}));
	expect(await look(1)).toMatchObject({ waiting: 0, audits: [] });
	expect(await scoped()).toEqual([]);
});

const told = { operation: "op", at: new Date(start).toISOString() };
const event = (pair: number) =>
	of(pair, { ...told, id: `event of ${pair}`, source: "event" });
const row = (pair: number) =>
	of(pair, {
		...told,
		values: [
			{
				path: 'properties.agentPoolProfiles["web"].maxCount',
				before: "20",
				after: "40",
			},
		],
	});

it("counts a change once that event and feed tell of, and says what the feed knows", async () => {
	now = start;
	await keepEvent(tables, event(1));
	shows(row(1), row(2));
	expect(await look()).toMatchObject({ changes: 2, waiting: 2 });
	await keepEvent(tables, event(2));
	expect(await look(1)).toMatchObject({ changes: 0, waiting: 2 });
	await look(4);
	const why = "max count of pool web 20 to 40 at 14:00 UTC";
	const requests = (await scoped()).flatMap(({ requests }) => requests);
	expect(requests).toMatchObject([
		{ count: 1, why },
		{ count: 1, why },
	]);
});

it("starts nothing for what the feed shows of an event that was audited", async () => {
	await keepEvent(tables, event(1));
	await look();
	await look(5);
	await end();
	shows(row(1));
	expect(await look(5)).toMatchObject({ changes: 0, waiting: 0 });
	expect(await scoped()).toHaveLength(1);
});

it("takes events in: twice is once, and one of a resource that is gone starts nothing", async () => {
	const event = of(1, { id: "event 1" });
	await keepEvent(tables, event);
	await keepEvent(tables, event);
	await keepEvent(
		tables,
		of(1, {
			id: "event 2",
			kind: "delete",
			resource: subnetId("gone"),
			type: "microsoft.network/virtualnetworks/subnets",
		}),
	);
	expect(await look()).toMatchObject({ heard: 2, changes: 2, waiting: 1 });
	// Sent once more, after it was taken.
	await keepEvent(tables, event);
	expect(await look(1)).toMatchObject({ heard: 1, changes: 0, waiting: 1 });
	await look(4);
	expect((await scoped()).flatMap(({ requests }) => requests)).toMatchObject([
		{ count: 1 },
	]);
});
