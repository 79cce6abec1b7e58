import * as df from "durable-functions";
import type { CloseInput } from "../shared/audit/closeStep.ts";
import type { FailInput } from "../shared/audit/failStep.ts";
import { fleetAuditName } from "../shared/audit/instances.ts";
import type { Snapshot } from "../shared/audit/keepSnapshot.ts";
import type { SliceInput } from "../shared/audit/sliceStep.ts";
import type { FailedStep, Step } from "../shared/azure/activity.ts";
import {
	callOnceMore,
	type Durable,
	died,
	lastStep,
	later,
	once,
	type Steps,
	stepRetries,
	tried,
} from "../shared/azure/orchestration.ts";
import type { AuditInput } from "../shared/records/auditRecord.ts";
import type { RemoveInput } from "./auditActivities.ts";

/*
 * The audit from its start to the card, in the order in which it happens. Its activities are in auditActivities.ts, the
 * delivery of the card is in delivery.ts. An orchestrator uses only `context.df`. Its history has keys, counts and short
 * reasons: no cluster, no secret, no webhook.
 */

df.app.orchestration(fleetAuditName, function* (context) {
	const durable = context.df;
	const input: AuditInput = durable.getInput();
	const { auditId } = input;

	const inventory: Step<Snapshot> = yield* tried<Snapshot>(
		durable,
		"inventory",
		input,
	);
	if (!inventory.ok) return yield* fail(durable, auditId, inventory.reason);
	const { key: snapshot, slices } = inventory.value;

	const evaluated = yield* evaluate(durable, auditId, snapshot, slices);
	if (!evaluated.ok) return yield* fail(durable, auditId, evaluated.reason);

	const closing: CloseInput = {
		auditId,
		snapshot,
		failed: evaluated.value,
		finishedAt: now(durable),
	};
	const closed: Step<null> = yield* lastStep(durable, "close", closing);
	if (closed.ok) yield* lastStep(durable, "deliverPending", {});
	else yield* fail(durable, auditId, whyNotClosed(closed));

	const removing: RemoveInput = { auditId, at: now(durable) };
	yield* once(durable, "removeInstances", removing);
});

type FailedSlices = CloseInput["failed"];

/** All slices at once, then after each wait those that failed. The slices that it returns failed to their last try. */
function* evaluate(
	durable: Durable,
	auditId: string,
	snapshot: string,
	slices: Snapshot["slices"],
): Steps<Step<FailedSlices>> {
	let open: FailedSlices = slices.map((slice) => ({ slice, reason: "" }));
	for (let attempt = 0; open.length > 0; attempt++) {
		const tasks = open.map(({ slice }) => {
			const slicing: SliceInput = { auditId, snapshot, slice };
			return callOnceMore(durable, "evaluate", slicing);
		});
		try {
			const results: Step<null>[] = yield durable.Task.all(tasks);
			open = failedOf(open, results);
		} catch (error) {
			return died("evaluate", error);
		}
		const wait = stepRetries[attempt];
		if (open.length === 0 || wait === undefined) break;
		yield later(durable, wait);
	}
	return { ok: true, value: open };
}

function failedOf(
	open: FailedSlices,
	results: readonly Step<null>[],
): FailedSlices {
	return open.flatMap(({ slice }, index) => {
		const result = results[index];
		return result?.ok ? [] : [{ slice, reason: result?.reason ?? "no answer" }];
	});
}

/** Ends an audit that could not be carried out, and sends the card that says so. */
function* fail(durable: Durable, auditId: string, reason: string): Steps<void> {
	const failure: FailInput = { auditId, reason, finishedAt: now(durable) };
	yield* lastStep(durable, "fail", failure);
	yield* lastStep(durable, "deliverPending", {});
}

/** What the audit found stays, and the next audit tells it. */
function whyNotClosed({ died, reason }: FailedStep): string {
	return died ? reason : "the audit could not be closed: the log says why";
}

function now(durable: Durable): string {
	return durable.currentUtcDateTime.toISOString();
}
