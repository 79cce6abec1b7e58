import { type Alert, type AlertKey, worstState } from "../alert/alert.ts";
import type { ReadSecret, Webhook } from "../alert/routes.ts";
import { postCard } from "../alert/webhook.ts";
import { findAudit, setAlertState } from "../azure/auditStore.ts";
import {
	alertStates,
	findAlert,
	updateAlert,
	withdrawAlerts,
} from "../azure/outbox.ts";
import type { Tables } from "../azure/tables.ts";
import type { AlertSettings } from "../settings/alert.ts";
import { SettingsError } from "../settings/environment.ts";
import { webhookAddress } from "../settings/webhookAddress.ts";

/** What the orchestration must know to go on: nothing of the card, nothing of the webhook. */
export type Delivery =
	/** `failed`: why the card is refused for good. It has no webhook in it. */
	| { readonly state: "done"; readonly failed?: string }
	| { readonly state: "again"; readonly retryAfterSeconds: number | null };

/** Sends a card that waits. The outbox row is read first: what was sent is not sent again. */
export async function deliverStep(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	readSecret: ReadSecret,
	key: AlertKey,
	logError: (message: string) => void,
): Promise<Delivery> {
	const alert = await findAlert(tables, key);
	if (alert === null) return { state: "done" };
	if (alert.state !== "pending") return settle(tables, alert);
	if (await isTakenBack(tables, key)) {
		await withdrawAlerts(tables, key.auditId);
		return { state: "done" };
	}
	const webhook = await webhookAddress(
		webhookOf(readAlertSettings, key.channel),
		readSecret,
	);
	switch (webhook.kind) {
		case "none":
			return settle(tables, { ...alert, state: "recorded", reason: null });
		case "wrong":
			logError(`its alert cannot be sent now: ${webhook.reason}`);
			return again(tables, { ...alert, reason: webhook.reason }, null);
		case "url":
			return send(tables, webhook.url, alert, logError);
	}
}

/**
 * Whoever ended a dead audit may have died before it took the cards back. The row of an audit that failed with a card of
 * its own says so.
 */
async function isTakenBack(
	tables: Tables,
	{ auditId }: AlertKey,
): Promise<boolean> {
	const audit = await findAudit(tables, auditId);
	return audit?.state === "failed" && audit.alert.state === "none";
}

/** The settings may have changed since the card was made. */
function webhookOf(read: () => AlertSettings, name: string): Webhook {
	try {
		return (
			read().channels.find((channel) => channel.name === name)?.webhook ?? {
				kind: "wrong",
				reason: `ALERT_ROUTES has no usable channel ${name} any more`,
			}
		);
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		return { kind: "wrong", reason: error.message };
	}
}

async function send(
	tables: Tables,
	url: string,
	alert: Alert,
	logError: (message: string) => void,
): Promise<Delivery> {
	const posted = await postCard(url, alert.card);
	switch (posted.outcome) {
		case "sent":
			return settle(tables, { ...alert, state: "sent", reason: null });
		case "failed":
			logError(`its alert was refused for good: ${posted.reason}`);
			await settle(tables, {
				...alert,
				state: "failed",
				reason: posted.reason,
			});
			return { state: "done", failed: posted.reason };
		case "retry":
			logError(`its alert was not taken yet: ${posted.reason}`);
			return again(
				tables,
				{ ...alert, reason: posted.reason },
				posted.retryAfterSeconds,
			);
	}
}

async function again(
	tables: Tables,
	alert: Alert,
	retryAfterSeconds: number | null,
): Promise<Delivery> {
	await updateAlert(tables, alert);
	return { state: "again", retryAfterSeconds };
}

/** A card that nobody will try again. */
export interface GiveUpInput extends AlertKey {
	/** Null: the last try said why. */
	readonly reason: string | null;
}

/** After the last try: the audit says that its alert could not be sent. Answers why. Null: it was settled already. */
export async function giveUpStep(
	tables: Tables,
	{ reason, ...key }: GiveUpInput,
): Promise<string | null> {
	const alert = await findAlert(tables, key);
	if (alert?.state !== "pending") return null;
	const why = reason ?? alert.reason;
	await settle(tables, { ...alert, state: "failed", reason: why });
	return why ?? "no reason is known";
}

async function settle(tables: Tables, alert: Alert): Promise<Delivery> {
	const { auditId } = alert;
	await updateAlert(tables, alert);
	await setAlertState(tables, auditId, async () =>
		worstState(await alertStates(tables, auditId)),
	);
	return { state: "done" };
}
