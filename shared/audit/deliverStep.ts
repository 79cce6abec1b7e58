import { postCard } from "../alert/webhook.ts";
import { setAlertState } from "../azure/auditStore.ts";
import { type Alert, findAlert, updateAlert } from "../azure/outbox.ts";
import type { Tables } from "../azure/tables.ts";
import type { AlertSettings } from "../settings.ts";

/** What the orchestration must know to go on: nothing of the card, nothing of the webhook. */
export type Delivery =
	| { readonly state: "done" }
	| { readonly state: "again"; readonly retryAfterSeconds: number | null };

/** Sends a card that waits. The outbox row is read first: what was sent is not sent again. */
export async function deliverStep(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	{ auditId }: { readonly auditId: string },
	logError: (message: string) => void,
): Promise<Delivery> {
	const alert = await findAlert(tables, auditId);
	if (alert === null) return { state: "done" };
	if (alert.state !== "pending") return settle(tables, alert);
	const { webhook } = readAlertSettings();
	if (webhook === null)
		return settle(tables, { ...alert, state: "recorded", reason: null });
	const posted = await postCard(webhook, alert.card);
	switch (posted.outcome) {
		case "sent":
			return settle(tables, { ...alert, state: "sent", reason: null });
		case "failed":
			logError(`its alert was refused for good: ${posted.reason}`);
			return settle(tables, {
				...alert,
				state: "failed",
				reason: posted.reason,
			});
		case "retry":
			logError(`its alert was not taken yet: ${posted.reason}`);
			await updateAlert(tables, { ...alert, reason: posted.reason });
			return { state: "again", retryAfterSeconds: posted.retryAfterSeconds };
	}
}

/** After the last try: the audit says that its alert could not be sent. */
export async function giveUpStep(
	tables: Tables,
	{ auditId }: { readonly auditId: string },
): Promise<void> {
	const alert = await findAlert(tables, auditId);
	if (alert?.state === "pending")
		await settle(tables, { ...alert, state: "failed" });
}

async function settle(tables: Tables, alert: Alert): Promise<Delivery> {
	await updateAlert(tables, alert);
	await setAlertState(tables, alert.auditId, alert.state);
	return { state: "done" };
}
