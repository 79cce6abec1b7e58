import { expect, it } from "vitest";
import { deliverStep } from "../../shared/audit/deliverStep.ts";
import { failStep } from "../../shared/audit/failStep.ts";
import { failRunning } from "../../shared/audit/startAudit.ts";
import {
	beginAudit,
	changeRunning,
	findAudit,
} from "../../shared/azure/auditStore.ts";
import { alertsOf, putAlert } from "../../shared/azure/outbox.ts";
import { newAuditId } from "../../shared/keys/auditId.ts";
import { runningRecord } from "../../shared/records/auditRecord.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";

const storage = sharedStorage();
const at = "2026-11-28T10:00:00.000Z";

/** A scoped audit whose close has put its card into the outbox, and did not come to the row. */
async function halfClosed() {
	const tables = await tablesOf(storage.next());
	const auditId = newAuditId(new Date(at), "scoped");
	await beginAudit(tables, {
		...runningRecord({
			auditId,
			kind: "scoped",
			trigger: "timer",
			startedAt: at,
			restartOf: null,
		}),
		scope: { clusters: ["/a"] },
	});
	const card = { auditId, card: "{}", reason: null } as const;
	await putAlert(tables, { ...card, channel: "team", state: "pending" });
	return { tables, auditId };
}

it("takes back the cards of an audit of some clusters whose end failed half-way", async () => {
	const { tables, auditId } = await halfClosed();
	await failStep(
		tables,
		() => {
			throw new Error("nobody is told");
		},
		{ auditId, reason: "storage was away", finishedAt: at },
		() => undefined,
	);
	expect(await alertsOf(tables, auditId)).toEqual([]);
	expect(await findAudit(tables, auditId)).toMatchObject({
		state: "failed",
		alert: { state: "none" },
	});
});

it("takes them back as well where the watcher or a later audit ends it", async () => {
	const { tables, auditId } = await halfClosed();
	await failRunning(tables, auditId, "its host stopped", at);
	expect(await alertsOf(tables, auditId)).toEqual([]);
	expect(await findAudit(tables, auditId)).toMatchObject({ state: "failed" });
});

it("leaves the cards of an audit that has ended meanwhile", async () => {
	const { tables, auditId } = await halfClosed();
	await changeRunning(tables, auditId, (record) => ({
		...record,
		state: "completed",
		alert: { state: "pending" },
	}));
	await failRunning(tables, auditId, "its host stopped", at);
	expect(await alertsOf(tables, auditId)).toHaveLength(1);
});

it("sends no card that was to be taken back by a host that died", async () => {
	const { tables, auditId } = await halfClosed();
	await changeRunning(tables, auditId, (record) => ({
		...record,
		state: "failed",
	}));
	const delivery = await deliverStep(
		tables,
		() => {
			throw new Error("nobody is told");
		},
		async () => {
			throw new Error("no secret is read");
		},
		{ auditId, channel: "team" },
		() => undefined,
	);
	expect(delivery).toEqual({ state: "done" });
	expect(await alertsOf(tables, auditId)).toEqual([]);
});
