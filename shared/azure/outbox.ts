import { odata } from "@azure/data-tables";
import type { Alert, AlertKey } from "../alert/alert.ts";
import { auditKey, keyBefore } from "../keys/auditId.ts";
import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, removeRows, type Tables } from "./tables.ts";

const partition = "alert";

/** Puts a card into the outbox. One that is there already stays as it is and is returned. */
export async function putAlert(tables: Tables, alert: Alert): Promise<Alert> {
	try {
		await tables.alerts.createEntity(entityOf(alert));
		return alert;
	} catch (error) {
		if (!isStatus(error, 409)) throw error;
		return (await findAlert(tables, alert)) ?? alert;
	}
}

export async function findAlert(
	{ alerts }: Tables,
	key: AlertKey,
): Promise<Alert | null> {
	const entity = await findEntity(alerts, partition, rowKeyOf(key));
	return entity && unpacked<Alert>(entity);
}

export async function updateAlert(
	{ alerts }: Tables,
	alert: Alert,
): Promise<void> {
	await alerts.upsertEntity(entityOf(alert), "Replace");
}

/** Cards that still wait, at most `most`. */
export async function pendingAlerts(
	{ alerts }: Tables,
	most = Number.POSITIVE_INFINITY,
): Promise<AlertKey[]> {
	const rows = alerts.listEntities<AlertKey>({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and state eq ${"pending"}`,
			select: ["PartitionKey", "RowKey", "auditId", "channel"],
		},
	});
	const pending: AlertKey[] = [];
	for await (const { auditId, channel } of rows) {
		pending.push({ auditId, channel });
		if (pending.length === most) break;
	}
	return pending;
}

/** An audit's cards, whatever became of them. */
export async function alertsOf(
	{ alerts }: Tables,
	auditId: string,
): Promise<Alert[]> {
	const key = auditKey(auditId);
	const rows = alerts.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey ge ${`${key}|`} and RowKey lt ${`${key}}`}`,
		},
	});
	const found: Alert[] = [];
	for await (const entity of rows) found.push(unpacked<Alert>(entity));
	return found;
}

/** The states of an audit's cards, a channel each. */
export async function alertStates(
	{ alerts }: Tables,
	auditId: string,
): Promise<Alert["state"][]> {
	const key = auditKey(auditId);
	const rows = alerts.listEntities<{ state: Alert["state"] }>({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey ge ${`${key}|`} and RowKey lt ${`${key}}`}`,
			select: ["PartitionKey", "RowKey", "state"],
		},
	});
	const states: Alert["state"][] = [];
	for await (const { state } of rows) states.push(state);
	return states;
}

function rowKeyOf({ auditId, channel }: AlertKey): string {
	return `${auditKey(auditId)}|${channel}`;
}

/** How many cards of audits that started since then could not be sent. */
export async function failedAlertsSince(
	{ alerts }: Tables,
	at: Date,
): Promise<number> {
	const rows = alerts.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey lt ${keyBefore(at)} and state eq ${"failed"}`,
			select: ["PartitionKey", "RowKey"],
		},
	});
	let failed = 0;
	for await (const _ of rows) failed++;
	return failed;
}

/** Takes back the cards of an audit that still wait. */
export function withdrawAlerts(
	{ alerts }: Tables,
	auditId: string,
): Promise<number> {
	const key = auditKey(auditId);
	return removeRows(
		alerts,
		odata`PartitionKey eq ${partition} and RowKey ge ${`${key}|`} and RowKey lt ${`${key}}`} and state eq ${"pending"}`,
		Number.POSITIVE_INFINITY,
	);
}

/** Removes cards of audits that started before a time. One that waits stays. */
export function removeAlertsBefore(
	{ alerts }: Tables,
	at: Date,
	most: number,
): Promise<number> {
	return removeRows(
		alerts,
		odata`PartitionKey eq ${partition} and RowKey gt ${keyBefore(at)} and state ne ${"pending"}`,
		most,
	);
}

function entityOf(alert: Alert) {
	const { auditId, channel, state } = alert;
	return packed({ partitionKey: partition, rowKey: rowKeyOf(alert) }, alert, {
		auditId,
		channel,
		state,
	});
}
