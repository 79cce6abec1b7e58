import {
	beginAudit,
	changeQueued,
	changeRunning,
	findAudit,
	listAudits,
	newestEnded,
	queuedAudits,
	runningAudits,
} from "../azure/auditStore.ts";
import { findLock, takeLock } from "../azure/lockStore.ts";
import { withdrawAlerts } from "../azure/outbox.ts";
import type { Tables } from "../azure/tables.ts";
import { noteEnding } from "../azure/watchStore.ts";
import type { Trigger } from "../contract.ts";
import { isScoped, newAuditId } from "../keys/auditId.ts";
import {
	type AuditInput,
	type AuditKind,
	type AuditRecord,
	failedRecord,
	mergedRecord,
	queuedRecord,
	runningRecord,
} from "../records/auditRecord.ts";
import type { AuditLock, HeldLock } from "../records/lock.ts";
import { hourMs, minuteMs, type Sleep, sleep } from "../time.ts";
import {
	auditInstanceId,
	type InstanceClient,
	instanceState,
	orchestrationOf,
} from "./instances.ts";
import { openCounts, readOpenNow } from "./openNow.ts";
import { isDoneBy, nextOf, withMore } from "./scope.ts";

export interface Started {
	readonly auditId: string;
	/** False: an audit was running or waiting, and this is its id. */
	readonly isNew: boolean;
	readonly state: "queued" | "running";
}

export interface StartOptions {
	readonly maxHours: number;
	readonly now: () => Date;
	readonly sleep?: Sleep;
}

interface FleetOptions extends StartOptions {
	readonly trigger: Trigger;
	/** The audit that died and is restarted. */
	readonly restartOf?: string;
}

/** A loser of the lock finds the winner at the next look. More looks than these mean that something is wrong. */
const looks = 20;
const betweenLooks = 100;
/** Clocks of two hosts may differ by so much. */
const skew = minuteMs;
/** Lock, row and instance of one start follow each other within seconds: an instance that is missing later is gone. */
export const startMargin = minuteMs;

/**
 * Starts an audit of the fleet, or joins the one that runs. If a scoped one runs, it waits for that. One write to a row
 * of our own decides who starts: the durable backend answers success to every start of one moment.
 */
export async function startAudit(
	client: InstanceClient,
	tables: Tables,
	options: FleetOptions,
): Promise<Started> {
	for (let look = 1; look <= looks; look++) {
		const held = await findLock(tables);
		const before = await standing(client, tables, held, options);
		if (before.kind === "runs") {
			const { auditId } = before.input;
			if (isScoped(auditId)) return queueFleet(client, tables, held, options);
			// Its winner may not have come to the row yet, and whoever joins asks for it.
			await beginAudit(tables, runningRecord(before.input));
			return { auditId, isNew: false, state: "running" };
		}
		// One that waited goes first, and is found running at the next look.
		if ((await startNext(client, tables, options, "fleet")) !== null) continue;
		const input = await newInput(tables, "fleet", held, options);
		const { auditId } = input;
		if (await takeLock(tables, lockOf(input, options), held)) {
			await settle(client, tables, before, input, options.now());
			await beginAudit(tables, runningRecord(input));
			await startInstance(client, tables, input, options.now());
			return { auditId, isNew: true, state: "running" };
		}
		await (options.sleep ?? sleep)(betweenLooks);
	}
	throw new Error(
		"no audit could be started: other starts were first each time, and none of them runs",
	);
}

async function queueFleet(
	client: InstanceClient,
	tables: Tables,
	held: HeldLock | null,
	options: FleetOptions,
): Promise<Started> {
	const waiting = (await queuedAudits(tables, options.now())).find(
		({ kind }) => kind === "fleet",
	);
	const input = await newInput(tables, "fleet", held, options);
	if (waiting === undefined)
		await beginAudit(tables, queuedRecord(input, null, []));
	const { auditId } = waiting ?? input;
	// What ran may have ended before the row was there.
	const started = await startNext(client, tables, options);
	return {
		auditId,
		isNew: waiting === undefined,
		state: started?.auditId === auditId ? "running" : "queued",
	};
}

/**
 * Starts the next audit that waits, if nothing runs. Everybody who might be the only one to know calls it: who asks for
 * an audit, an audit that ends, and the watcher. Answers with what it started one, or null.
 */
export async function startNext(
	client: InstanceClient,
	tables: Tables,
	options: StartOptions,
	only?: AuditKind,
): Promise<AuditInput | null> {
	for (let look = 1; look <= looks; look++) {
		const queued = await queuedAudits(tables, options.now());
		if (queued.length === 0) return null;
		const held = await findLock(tables);
		const before = await standing(client, tables, held, options);
		if (before.kind === "runs") return null;
		const last = await newestEnded(tables);
		const { next, done } = nextOf(queued, last);
		for (const one of done) await endDone(tables, one, last, options);
		if (next === null || !mayFollow(before, next)) return null;
		if (only !== undefined && next.kind !== only) return null;
		const input = beginningOf(next, held, options);
		if (await takeLock(tables, lockOf(input, options), held)) {
			await settle(client, tables, before, input, options.now());
			await absorb(tables, input, queued, options);
			const begun = await changeQueued(tables, input.auditId, (record) => ({
				...record,
				state: "running",
				startedAt: input.startedAt,
			}));
			if (!begun) continue;
			await startInstance(client, tables, input, options.now());
			return input;
		}
		await (options.sleep ?? sleep)(betweenLooks);
	}
	return null;
}

/**
 * What is dead is the watcher's: it restarts the audit, and what waits goes on waiting. An audit of the fleet reads
 * everything, so it may replace it.
 */
function mayFollow(before: Standing, next: AuditRecord): boolean {
	switch (before.kind) {
		case "free":
			return true;
		case "runs":
			return false;
		case "dead":
		case "overdue":
			return next.kind === "fleet" || before.auditId === next.auditId;
	}
}

/** A request that came while this was decided is not done. */
async function endDone(
	tables: Tables,
	{ auditId }: AuditRecord,
	last: AuditRecord | null,
	{ now }: StartOptions,
): Promise<void> {
	const at = now().toISOString();
	await changeQueued(tables, auditId, (record) =>
		last !== null && isDoneBy(record, last)
			? mergedRecord(record, last.auditId, at)
			: record,
	);
}

/** Others of its kind that wait are done with it. First it takes their work, and only then they end. */
async function absorb(
	tables: Tables,
	{ auditId, kind }: AuditInput,
	queued: readonly AuditRecord[],
	{ now }: StartOptions,
): Promise<void> {
	const at = now().toISOString();
	for (const other of queued) {
		if (other.kind !== kind || other.auditId === auditId) continue;
		let fits = kind === "fleet";
		if (!fits)
			await changeQueued(tables, auditId, (record) => {
				const more = withMore(record, other);
				fits = more !== null;
				return more ?? record;
			});
		if (!fits) continue;
		await changeQueued(tables, other.auditId, (record) =>
			record.requests.length === other.requests.length
				? mergedRecord(record, auditId, at)
				: record,
		);
	}
}

/** An audit that waited begins now, and after whatever ran before. */
function beginningOf(
	{ auditId, kind, trigger, restartOf }: AuditRecord,
	held: HeldLock | null,
	{ now }: StartOptions,
): AuditInput {
	const at = new Date(Math.max(now().getTime(), after(held)));
	return { auditId, kind, trigger, restartOf, startedAt: at.toISOString() };
}

function after(held: HeldLock | null): number {
	return held === null ? 0 : Date.parse(held.lock.input.startedAt) + 1;
}

function lockOf(input: AuditInput, { maxHours }: StartOptions): AuditLock {
	const { auditId, startedAt } = input;
	const until = new Date(Date.parse(startedAt) + maxHours * hourMs);
	return { auditId, until: until.toISOString(), input };
}

/** The state of the audit that has the lock. */
type Standing =
	| { readonly kind: "free" }
	| { readonly kind: "runs"; readonly input: AuditInput }
	/** Its row says that it runs, and nothing is behind it, or it has run for too long. */
	| {
			readonly kind: "dead" | "overdue";
			readonly auditId: string;
			readonly reason: string;
	  };

async function standing(
	client: InstanceClient,
	tables: Tables,
	held: HeldLock | null,
	{ now, maxHours }: StartOptions,
): Promise<Standing> {
	if (held === null) return { kind: "free" };
	const { auditId, until, input } = held.lock;
	const state = await instanceState(client, auditInstanceId(auditId));
	// After the instance: an audit ends its row first.
	const record = await findAudit(tables, auditId);
	// One that waited is still queued between its lock and its row.
	if (record !== null && !["running", "queued"].includes(record.state))
		return { kind: "free" };
	const at = now().getTime();
	const began = Date.parse(input.startedAt);
	if (at >= Math.min(Date.parse(until) + skew, began + maxHours * hourMs)) {
		const reason = `it ran for more than ${maxHours} hours (AUDIT_MAX_HOURS) and was replaced`;
		return { kind: "overdue", auditId, reason };
	}
	switch (state.kind) {
		case "alive":
			return { kind: "runs", input };
		case "over":
			return { kind: "dead", auditId, reason: state.why };
		case "gone":
			return at - began < startMargin && record?.snapshot == null
				? { kind: "runs", input }
				: { kind: "dead", auditId, reason: goneText };
	}
}

export const goneText = "its host stopped before it ended";

/**
 * Audits are ordered by their IDs. If a clock was set back, the order of their IDs must still be the order of asking.
 */
export async function newInput(
	tables: Tables,
	kind: AuditKind,
	held: HeldLock | null,
	{
		now,
		trigger,
		restartOf,
	}: Pick<FleetOptions, "now" | "trigger" | "restartOf">,
): Promise<AuditInput> {
	const [newest] = (await listAudits(tables, 1, undefined)).audits;
	const earliest = newest ? Date.parse(newest.startedAt) + 1 : 0;
	const at = new Date(Math.max(now().getTime(), earliest, after(held)));
	return {
		auditId: newAuditId(at, kind),
		kind,
		trigger,
		startedAt: at.toISOString(),
		restartOf: restartOf ?? null,
	};
}

/**
 * Ends in the tables what the new audit replaces, before the new one starts. What an old instance still does then
 * changes nothing.
 */
async function settle(
	client: InstanceClient,
	tables: Tables,
	before: Standing,
	{ auditId: successor, restartOf }: AuditInput,
	now: Date,
): Promise<void> {
	const at = now.toISOString();
	const fail = (auditId: string, reason: string) =>
		failRunning(tables, auditId, reason, at);
	switch (before.kind) {
		case "dead":
			await fail(
				before.auditId,
				before.auditId === restartOf
					? `${before.reason}; it was restarted as audit ${successor}`
					: `${before.reason}; a later audit replaced it`,
			);
			break;
		case "overdue":
			await fail(before.auditId, before.reason);
			await end(client, tables, before.auditId, before.reason, at);
			break;
		case "free":
		case "runs":
			break;
	}
	// A start took the lock, and died before it had ended what it replaces.
	for (const { auditId } of await runningAudits(tables, now))
		if (auditId !== successor)
			await fail(auditId, `${goneText}; a later audit replaced it`);
}

/** Terminating is a message that may wait, or never be handled: nobody waits for it here, the watcher looks after it. */
async function end(
	client: InstanceClient,
	tables: Tables,
	auditId: string,
	reason: string,
	since: string,
): Promise<void> {
	const instanceId = auditInstanceId(auditId);
	if ((await instanceState(client, instanceId)).kind !== "alive") return;
	await client.terminate(instanceId, reason);
	await noteEnding(tables, { instanceId, since });
}

/**
 * Ends the row of an audit that runs no more. Its close may have left cards that say it is done: they are taken back, and
 * the next audit tells what it found.
 */
export async function failRunning(
	tables: Tables,
	auditId: string,
	reason: string,
	at: string,
): Promise<void> {
	const scope = (await findAudit(tables, auditId))?.scope ?? null;
	const open = openCounts(await readOpenNow(tables, scope), at);
	const ended = await changeRunning(tables, auditId, (record) =>
		failedRecord(record, reason, at, open),
	);
	if (ended) await withdrawAlerts(tables, auditId);
}

/** After the row: whoever has the id may ask for it. */
async function startInstance(
	client: InstanceClient,
	tables: Tables,
	input: AuditInput,
	now: Date,
): Promise<void> {
	const { auditId, kind } = input;
	try {
		await client.startNew(orchestrationOf[kind], {
			instanceId: auditInstanceId(auditId),
			input,
		});
	} catch (error) {
		const reason = "the Functions host did not start it; the log says why";
		await failRunning(tables, auditId, reason, now.toISOString());
		throw error;
	}
}
