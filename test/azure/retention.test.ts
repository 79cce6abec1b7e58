import type { TableClient } from "@azure/data-tables";
import { beforeEach, expect, it } from "vitest";
import { cleanUp } from "../../shared/audit/cleanUp.ts";
import {
	putAcceptance,
	readAcceptances,
} from "../../shared/azure/acceptanceStore.ts";
import { beginAudit, listAudits } from "../../shared/azure/auditStore.ts";
import { changesOf, writeChanges } from "../../shared/azure/changeStore.ts";
import { listFindings } from "../../shared/azure/findingList.ts";
import { writeFindings } from "../../shared/azure/findingStore.ts";
import { addToHistory, findSeries } from "../../shared/azure/historyStore.ts";
import { findAlert, putAlert } from "../../shared/azure/outbox.ts";
import { submitAll, type Tables } from "../../shared/azure/tables.ts";
import type { Finding } from "../../shared/contract.ts";
import type { Change } from "../../shared/findings/lifecycle.ts";
import { auditKey, newAuditId } from "../../shared/keys/auditId.ts";
import {
	type AuditRecord,
	runningRecord,
} from "../../shared/records/auditRecord.ts";
import type { Retention } from "../../shared/settings/audit.ts";
import { finding } from "../local/answers.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";

const now = "2026-11-22T05:10:00.000Z";
const kept: Retention = { auditDays: 90, resolvedFindingDays: 365 };

const storage = sharedStorage();
let tables: Tables;
let errors: string[] = [];

beforeEach(async () => {
	tables = await tablesOf(storage.next());
	errors = [];
});

function clean(over: Partial<Tables> = {}, retention = () => kept) {
	return cleanUp(
		{ ...tables, ...over },
		{
			snapshot: "none",
			at: now,
			readRetention: retention,
			logError: (message) => errors.push(message),
		},
	);
}

function daysAgo(days: number): string {
	return new Date(Date.parse(now) - days * 86_400_000).toISOString();
}

function opened(of: Finding): Change {
	return {
		kind: "opened",
		finding: of,
		severityBefore: null,
		reason: null,
		worse: false,
		newRule: false,
		newArithmetic: false,
		flapping: "no",
		past: null,
	};
}

async function audit(
	days: number,
	overrides: Partial<AuditRecord> = {},
): Promise<string> {
	const startedAt = daysAgo(days);
	const auditId = newAuditId(new Date(startedAt));
	await beginAudit(tables, {
		...runningRecord({
			auditId,
			kind: "fleet",
			trigger: "timer",
			startedAt,
			restartOf: null,
		}),
		state: "completed",
		...overrides,
	});
	return auditId;
}

async function auditIds(): Promise<string[]> {
	const { audits } = await listAudits(tables, 100, undefined);
	return audits.map(({ auditId }) => auditId);
}

it("removes audits beyond their days, but none that runs, waits with its card, or is the newest that ended", async () => {
	const old = await audit(200);
	const failed = await audit(199, { state: "failed" });
	const running = await audit(150, { state: "running" });
	const waiting = await audit(120, { alert: { state: "pending" } });
	const newest = await audit(100, { state: "partial" });
	const failedLater = await audit(95, { state: "failed" });
	const recent = await audit(89, { state: "failed" });

	await clean();
	expect(await auditIds()).toEqual([recent, newest, waiting, running]);
	for (const gone of [old, failed, failedLater])
		expect(await auditIds()).not.toContain(gone);

	// One that ended within the days: the one before it is not needed any more.
	const next = await audit(0.5);
	await clean();
	expect(await auditIds()).toEqual([next, recent, waiting, running]);
	expect(errors).toEqual([]);
});

it("removes changes and cards beyond their days, but no card that waits", async () => {
	const old = await audit(91);
	const recent = await audit(89);
	const waiting = await audit(92);
	for (const auditId of [old, recent, waiting]) {
		await writeChanges(tables, auditId, [
			opened(finding("high", "shop", { auditId })),
		]);
		await putAlert(tables, {
			auditId,
			channel: "default",
			card: "{}",
			state: auditId === waiting ? "pending" : "sent",
			reason: null,
		});
	}
	await clean();

	const left = async (auditId: string) => {
		let changes = 0;
		for await (const _ of changesOf(tables, auditId)) changes++;
		const alert = await findAlert(tables, { auditId, channel: "default" });
		return { changes, alert: alert?.state ?? null };
	};
	expect(await left(old)).toEqual({ changes: 0, alert: null });
	expect(await left(recent)).toEqual({ changes: 1, alert: "sent" });
	expect(await left(waiting)).toEqual({ changes: 0, alert: "pending" });
});

it("removes findings that resolved long ago, and none that is open or resolved again since", async () => {
	const one = (name: string, state: Finding["state"], days: number) =>
		finding("high", name, {
			id: name.padEnd(32, "0"),
			cluster: `/clusters/${name}`,
			state,
			changedAt: daysAgo(days),
		});
	const write = (changed: Finding) =>
		writeFindings(tables, changed.auditId, [changed]);
	await write(one("open-for-years", "open", 900));
	await write(one("long-gone", "resolved", 366));
	await write(one("gone", "resolved", 364));
	await write(one("back", "resolved", 400));
	await write(one("back", "open", 380));
	await write(one("twice", "resolved", 400));
	await write(one("twice", "open", 390));
	await write(one("twice", "resolved", 20));

	for (let night = 0; night < 2; night++) {
		await clean();
		const { findings } = await listFindings(
			tables,
			{ state: "all" },
			100,
			undefined,
		);
		expect(findings.map(({ cluster }) => cluster).sort()).toEqual([
			"/clusters/back",
			"/clusters/gone",
			"/clusters/open-for-years",
			"/clusters/twice",
		]);
	}
});

it("removes acceptances that ended long ago, and the history of budgets that nobody sees any more", async () => {
	const accepted = (days: number) => ({
		reason: "moves in spring",
		owner: "payments",
		expiry: daysAgo(days),
		by: "budget" as const,
		acceptedBy: "ada@contoso.example",
		acceptedAt: daysAgo(days),
		covers: { finding: null, rule: null, cluster: null, budget: `/b/${days}` },
	});
	for (const days of [91, 89, -30]) await putAcceptance(tables, accepted(days));
	for (const days of [366, 364])
		await addToHistory(
			tables,
			[
				{
					budget: {
						id: `/b/${days}`,
						kind: "subnet",
						name: "net/nodes",
						unit: "addresses",
					},
					point: {
						at: Date.parse(daysAgo(days)),
						demand: { low: 1, high: 1 },
						full: { low: 2, high: 2 },
						limit: { low: 3, high: 3 },
					},
				},
			],
			() => {},
		);

	await clean();
	expect(
		(await readAcceptances(tables)).map(({ covers }) => covers.budget).sort(),
	).toEqual(["/b/-30", "/b/89"]);
	expect(await findSeries(tables, "/b/366")).toBeNull();
	expect(await findSeries(tables, "/b/364")).not.toBeNull();
	expect(errors).toEqual([]);
});

it("finds nothing to do by key ranges, without reading what is kept", async () => {
	const recent = await audit(1);
	await writeChanges(tables, recent, [opened(finding("high", "shop"))]);
	const seen = { rows: 0 };
	const counted = (table: TableClient) =>
		new Proxy(table, {
			get(target, name) {
				if (name !== "listEntities") return Reflect.get(target, name);
				return (...args: Parameters<TableClient["listEntities"]>) => {
					const rows = target.listEntities(...args);
					return (async function* () {
						for await (const row of rows) {
							seen.rows++;
							yield row;
						}
					})();
				};
			},
		});
	await clean({
		alerts: counted(tables.alerts),
		results: counted(tables.results),
	});
	expect(seen.rows).toBe(0);
});

it("removes so much a night at the most, and the rest in the next", async () => {
	const old = await audit(91);
	await submitAll(
		tables.results,
		Array.from({ length: 5200 }, (_, index) => [
			"create",
			{ partitionKey: auditKey(old), rowKey: String(index) },
		]),
	);
	await clean();
	expect(await keysOf(tables.results)).toHaveLength(200);
	await clean();
	expect(await keysOf(tables.results)).toHaveLength(0);
});

it("says in the log what could not be removed, and removes the rest", async () => {
	const old = await audit(91);
	await audit(1);
	await writeChanges(tables, old, [opened(finding("high", "shop"))]);
	const broken = new Proxy(tables.alerts, {
		get() {
			throw new Error("the table is away\nwith a stack");
		},
	});
	await clean({ alerts: broken });
	expect(errors).toEqual(["old alerts were not removed: the table is away"]);
	expect(await auditIds()).not.toContain(old);
	expect(await keysOf(tables.results)).toEqual([]);
});

it("removes nothing by age where the settings are wrong, and says so", async () => {
	const old = await audit(91);
	await audit(1);
	await clean({}, () => {
		throw new Error("wrong settings: AUDIT_RETENTION_DAYS");
	});
	expect(await auditIds()).toContain(old);
	expect(errors).toContainEqual(
		"old audits were not removed: wrong settings: AUDIT_RETENTION_DAYS",
	);
});

async function keysOf(table: TableClient): Promise<string[]> {
	const keys: string[] = [];
	for await (const { partitionKey, rowKey } of table.listEntities())
		keys.push(`${partitionKey} ${rowKey}`);
	return keys;
}
