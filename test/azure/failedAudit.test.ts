import { expect, it } from "vitest";
import { failStep } from "../../shared/audit/failStep.ts";
import { beginAudit, findAudit } from "../../shared/azure/auditStore.ts";
import { alertsOf, putAlert } from "../../shared/azure/outbox.ts";
import { newAuditId } from "../../shared/keys/auditId.ts";
import { runningRecord } from "../../shared/records/auditRecord.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";

const storage = sharedStorage();
const at = "2026-11-28T10:00:00.000Z";

it("takes back the cards of an audit of some clusters whose end failed half-way", async () => {
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
