import { odata } from "@azure/data-tables";
import type { AlertState } from "../contract.ts";
import { auditKey } from "../keys/auditId.ts";
import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, type Tables } from "./tables.ts";

/** A card as it waits to be sent; the row, not the delivery's instance, says what was sent. */
export interface Alert {
	readonly auditId: string;
	readonly card: string;
	readonly state: Exclude<AlertState, "none">;
	/** Why it could not be sent, without the webhook's URL. */
	readonly reason: string | null;
}

const partition = "alert";

/** Puts a card into the outbox; one that is there already stays as it is and is returned. */
export async function putAlert(tables: Tables, alert: Alert): Promise<Alert> {
	try {
		await tables.alerts.createEntity(entityOf(alert));
		return alert;
	} catch (error) {
		if (!isStatus(error, 409)) throw error;
		return (await findAlert(tables, alert.auditId)) ?? alert;
	}
}

export async function findAlert(
	{ alerts }: Tables,
	auditId: string,
): Promise<Alert | null> {
	const entity = await findEntity(alerts, partition, auditKey(auditId));
	return entity && unpacked<Alert>(entity);
}

export async function updateAlert(
	{ alerts }: Tables,
	alert: Alert,
): Promise<void> {
	await alerts.upsertEntity(entityOf(alert), "Replace");
}

/** Audits whose cards still wait. */
export async function pendingAlerts({ alerts }: Tables): Promise<string[]> {
	const rows = alerts.listEntities<{ auditId: string }>({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and state eq ${"pending"}`,
			select: ["PartitionKey", "RowKey", "auditId"],
		},
	});
	const pending: string[] = [];
	for await (const { auditId } of rows) pending.push(auditId);
	return pending;
}

function entityOf(alert: Alert) {
	const { auditId, state } = alert;
	return packed({ partitionKey: partition, rowKey: auditKey(auditId) }, alert, {
		auditId,
		state,
	});
}
