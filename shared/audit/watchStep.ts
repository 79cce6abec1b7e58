import type { AlertKey } from "../alert/alert.ts";
import { beginAudit, findAudit, runningAudits } from "../azure/auditStore.ts";
import { findLock } from "../azure/lockStore.ts";
import { findAlert, pendingAlerts, updateAlert } from "../azure/outbox.ts";
import type { Tables } from "../azure/tables.ts";
import { changeNotes, noteDeath, readNotes } from "../azure/watchStore.ts";
import { isScoped } from "../keys/auditId.ts";
import { type AuditRecord, runningRecord } from "../records/auditRecord.ts";
import type { AlertSettings } from "../settings/alert.ts";
import { dayMs, minuteMs } from "../time.ts";
import { giveUpStep } from "./deliverStep.ts";
import { failStep } from "./failStep.ts";
import {
	auditInstanceId,
	deliveryId,
	type InstanceClient,
	instanceState,
	startDelivery,
} from "./instances.ts";
import { queueScoped } from "./requestScoped.ts";
import {
	failRunning,
	goneText,
	startAudit,
	startMargin,
	startNext,
} from "./startAudit.ts";

/** One thing that was found whose instance is gone, for the log. */
type Seen =
	| {
			readonly event: "audit-died";
			readonly auditId: string;
			readonly reason: string;
			/** The audit that was started in its place. Null: it is the second death, and the audit has failed. */
			readonly restartedAs: string | null;
	  }
	| {
			readonly event: "delivery-died";
			readonly auditId: string;
			readonly channel: string;
			readonly reason: string;
			readonly restarted: boolean;
	  };

interface WatchOptions {
	readonly maxHours: number;
	readonly now: () => Date;
	readonly alertSettings: () => AlertSettings;
	readonly logError: (message: string) => void;
}

/** An audit starts its deliveries within seconds of its end, where storage is away within minutes. */
const deliveryMargin = 5 * minuteMs;
/** Cards of one look. The rest waits for the next. */
const mostAlerts = 20;
/** An instance that does not end within a day is up to the readers of the health check. */
const endingPatience = dayMs;

/**
 * Looks for rows that say `running` or `pending` and have no live instance: no orchestration can report its own death.
 * A silent instance is not touched, since it continues by itself when its host is back.
 */
export async function watchStep(
	client: InstanceClient,
	tables: Tables,
	options: WatchOptions,
): Promise<Seen[]> {
	await completeStart(client, tables, options);
	const seen: Seen[] = [];
	for (const record of await runningAudits(tables, options.now())) {
		const died = await lookAfterAudit(client, tables, record, options);
		if (died !== null) seen.push(died);
	}
	await startNext(client, tables, options);
	for (const key of await pendingAlerts(tables, mostAlerts)) {
		const died = await lookAfterDelivery(client, tables, key, options.now());
		if (died !== null) seen.push(died);
	}
	await lookAfterEnding(client, tables, options.now());
	return seen;
}

/** A host that died between the lock and the row of a start would cost the night, and nobody would know of it. */
async function completeStart(
	client: InstanceClient,
	tables: Tables,
	{ now }: WatchOptions,
): Promise<void> {
	const held = await findLock(tables);
	// The row of a scoped audit is there before it has the lock.
	if (held === null || isScoped(held.lock.auditId)) return;
	const { auditId, input } = held.lock;
	const age = now().getTime() - Date.parse(input.startedAt);
	// An older one was removed with what its retention removes.
	if (age < startMargin || age > dayMs) return;
	if ((await findAudit(tables, auditId)) !== null) return;
	const { kind: state } = await instanceState(client, auditInstanceId(auditId));
	if (state === "gone") await beginAudit(tables, runningRecord(input));
}

async function lookAfterAudit(
	client: InstanceClient,
	tables: Tables,
	record: AuditRecord,
	options: WatchOptions,
): Promise<Seen | null> {
	const { auditId, restartOf, trigger } = record;
	const why = await whyDead(client, tables, record, options.now());
	if (why === null) return null;
	const at = options.now().toISOString();
	const holder = (await findLock(tables))?.lock.auditId;
	if (holder !== undefined && holder !== auditId) {
		const reason = `${why}; a later audit replaced it`;
		await failRunning(tables, auditId, reason, at);
		return { event: "audit-died", auditId, reason, restartedAs: holder };
	}
	const step = stepText(record);
	if (restartOf !== null) {
		const reason = `${why} ${step}, again after audit ${restartOf} had died and was restarted`;
		const failure = { auditId, reason, finishedAt: at };
		await failStep(tables, options.alertSettings, failure, options.logError);
		for (const key of await pendingAlerts(tables))
			if (key.auditId === auditId) await startDelivery(client, key);
		await noteDeath(tables, { at, what: "audit", outcome: "failed" });
		return { event: "audit-died", auditId, reason, restartedAs: null };
	}
	const started =
		record.scope !== null
			? await restartScoped(client, tables, record, why, options)
			: await startAudit(client, tables, {
					...options,
					trigger,
					restartOf: auditId,
				});
	await noteDeath(tables, { at, what: "audit", outcome: "restarted" });
	return {
		event: "audit-died",
		auditId,
		reason: `${why} ${step}`,
		restartedAs: started.auditId,
	};
}

/** First its work waits again, and only then it ends: a host that dies in between loses nothing. */
async function restartScoped(
	client: InstanceClient,
	tables: Tables,
	record: AuditRecord,
	why: string,
	options: WatchOptions,
): Promise<{ readonly auditId: string }> {
	const successor = await queueScoped(tables, {
		...options,
		...record,
		restartOf: record.auditId,
	});
	const reason = `${why}; it was restarted as audit ${successor}`;
	const at = options.now().toISOString();
	await failRunning(tables, record.auditId, reason, at);
	await startNext(client, tables, options);
	return { auditId: successor };
}

/** Null: its instance is alive, or it has ended meanwhile, or is just being started. */
async function whyDead(
	client: InstanceClient,
	tables: Tables,
	{ auditId, startedAt, snapshot }: AuditRecord,
	now: Date,
): Promise<string | null> {
	const state = await instanceState(client, auditInstanceId(auditId));
	if (state.kind === "alive") return null;
	// Its instance may have ended it since its row was read.
	if ((await findAudit(tables, auditId))?.state !== "running") return null;
	if (state.kind === "over") return state.why;
	const age = now.getTime() - Date.parse(startedAt);
	return age < startMargin && snapshot === null ? null : goneText;
}

function stepText({ snapshot }: AuditRecord): string {
	return snapshot === null
		? "while it read the fleet"
		: "while it judged clusters or closed the audit";
}

async function lookAfterDelivery(
	client: InstanceClient,
	tables: Tables,
	key: AlertKey,
	now: Date,
): Promise<Seen | null> {
	const { auditId, channel } = key;
	const audit = await findAudit(tables, auditId);
	if (audit === null || audit.state === "running") return null;
	const state = await instanceState(client, deliveryId(key));
	if (state.kind === "alive") return null;
	const age = now.getTime() - Date.parse(audit.finishedAt ?? audit.startedAt);
	if (state.kind === "gone" && age < deliveryMargin) return null;
	// Its instance may have settled it since the list was read.
	const alert = await findAlert(tables, key);
	if (alert?.state !== "pending") return null;
	const at = now.toISOString();
	const reason =
		state.kind === "gone" ? "its delivery was never started" : state.why;
	const restarts = alert.restarts ?? 0;
	if (restarts > 0) {
		await giveUpStep(tables, { ...key, reason: `${reason}, a second time` });
		await noteDeath(tables, { at, what: "delivery", outcome: "failed" });
		return { event: "delivery-died", ...key, reason, restarted: false };
	}
	await updateAlert(tables, { ...alert, restarts: restarts + 1 });
	await startDelivery(client, key);
	await noteDeath(tables, { at, what: "delivery", outcome: "restarted" });
	return { event: "delivery-died", auditId, channel, reason, restarted: true };
}

/** Told again at each look, since a message can be lost. Forgotten when it is over, or after a day. */
async function lookAfterEnding(
	client: InstanceClient,
	tables: Tables,
	now: Date,
): Promise<void> {
	const { ending } = await readNotes(tables);
	const done = new Set<string>();
	for (const { instanceId, since } of ending) {
		const { kind: state } = await instanceState(client, instanceId);
		const age = now.getTime() - Date.parse(since);
		if (state !== "alive" || age > endingPatience) done.add(instanceId);
		else await client.terminate(instanceId, "its audit was replaced");
	}
	if (done.size > 0)
		await changeNotes(tables, (notes) => ({
			...notes,
			ending: notes.ending.filter(({ instanceId }) => !done.has(instanceId)),
		}));
}
