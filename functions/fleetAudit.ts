import * as df from "durable-functions";
import type { CloseInput } from "../shared/audit/closeStep.ts";
import type { FailInput } from "../shared/audit/failStep.ts";
import type { GatherInput } from "../shared/audit/gatherStep.ts";
import { orchestrationOf } from "../shared/audit/instances.ts";
import type { InventoryInput } from "../shared/audit/inventoryStep.ts";
import type { Snapshot } from "../shared/audit/keepSnapshot.ts";
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
import { gatherParts } from "../shared/inventory/gather.ts";
import type { AuditInput } from "../shared/records/auditRecord.ts";
import type { RemoveInput, SlicesInput } from "./auditActivities.ts";
import type { ReadScopeInput } from "./scopedActivities.ts";

/*
 * The audits from their start to the card, in the order in which it happens: of the fleet, and of some clusters. Their
 * activities are in auditActivities.ts and scopedActivities.ts, the delivery of the card is in delivery.ts. An orchestrator uses only `context.df`. Its history has keys, counts and short
 * reasons: no cluster, no secret, no webhook.
 */

df.app.orchestration(orchestrationOf.fleet, function* (context) {
	const durable = context.df;
	const input: AuditInput = durable.getInput();
	const { auditId } = input;

	const parts: string[] = [];
	for (const part of gatherParts) {
		const gathering: GatherInput = { ...input, part, parts: [...parts] };
		const read = yield* tried<string>(durable, "gather", gathering);
		if (!read.ok) return yield* fail(durable, auditId, read.reason);
		parts.push(read.value);
	}

	const adding: InventoryInput = { ...input, parts };
	const inventory = yield* tried<Snapshot>(durable, "inventory", adding);
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
	if (closed.ok) {
		yield* lastStep(durable, "deliverPending", {});
		yield* lastStep(durable, "startNext", {});
	} else yield* fail(durable, auditId, whyNotClosed(closed));

	const removing: RemoveInput = { auditId, at: now(durable) };
	yield* once(durable, "removeInstances", removing);
});

/** Waits for data that is newer than the request, in seconds: two minutes, while other audits wait. */
const newerData: readonly number[] = [10, 20, 30, 60];

df.app.orchestration(orchestrationOf.scoped, function* (context) {
	const durable = context.df;
	const input: AuditInput = durable.getInput();
	const { auditId } = input;

	const read = yield* readScope(durable, input);
	if (!read.ok) return yield* fail(durable, auditId, read.reason);
	const { key: snapshot, slices } = read.value;

	const evaluated = yield* evaluate(durable, auditId, snapshot, slices);
	if (!evaluated.ok) return yield* fail(durable, auditId, evaluated.reason);

	const closing: CloseInput = {
		auditId,
		snapshot,
		failed: evaluated.value,
		finishedAt: now(durable),
	};
	const closed: Step<null> = yield* lastStep(durable, "closeScoped", closing);
	if (closed.ok) yield* lastStep(durable, "deliverPending", {});
	else return yield* fail(durable, auditId, whyNotClosed(closed));
	yield* lastStep(durable, "startNext", {});
});

/** Again while the nodes that Resource Graph shows are older than the request, up to the last wait. */
function* readScope(
	durable: Durable,
	input: AuditInput,
): Steps<Step<Snapshot>> {
	for (const wait of newerData) {
		const reading: ReadScopeInput = { input, isLast: false };
		const read: Step<Snapshot | null> = yield* tried<Snapshot | null>(
			durable,
			"readScope",
			reading,
		);
		if (!read.ok) return read;
		if (read.value !== null) return { ok: true, value: read.value };
		yield later(durable, wait);
	}
	const reading: ReadScopeInput = { input, isLast: true };
	return yield* tried<Snapshot>(durable, "readScope", reading);
}

type FailedSlices = CloseInput["failed"];

/** An activity costs storage and time whatever it does. A small fleet has one for each slice. */
const mostActivities = 32;

/** All slices at once, then after each wait those that failed. The slices that it returns failed to their last try. */
function* evaluate(
	durable: Durable,
	auditId: string,
	snapshot: string,
	slices: Snapshot["slices"],
): Steps<Step<FailedSlices>> {
	let open: FailedSlices = slices.map((slice) => ({ slice, reason: "" }));
	for (let attempt = 0; open.length > 0; attempt++) {
		const groups = inGroups(open.map(({ slice }) => slice));
		const tasks = groups.map((slices) => {
			const slicing: SlicesInput = { auditId, snapshot, slices };
			return callOnceMore(durable, "evaluate", slicing);
		});
		try {
			const results: Step<FailedSlices>[] = yield durable.Task.all(tasks);
			open = groups.flatMap((slices, index) =>
				failedOf(slices, results[index]),
			);
		} catch (error) {
			return died("evaluate", error);
		}
		const wait = stepRetries[attempt];
		if (open.length === 0 || wait === undefined) break;
		yield later(durable, wait);
	}
	return { ok: true, value: open };
}

function inGroups(slices: readonly string[]): string[][] {
	const size = Math.ceil(slices.length / mostActivities);
	return Array.from({ length: Math.ceil(slices.length / size) }, (_, group) =>
		slices.slice(group * size, (group + 1) * size),
	);
}

/** Of a step that failed, all of its slices did. */
function failedOf(
	slices: readonly string[],
	result: Step<FailedSlices> | undefined,
): FailedSlices {
	if (result?.ok) return result.value;
	const reason = result?.reason ?? "no answer";
	return slices.map((slice) => ({ slice, reason }));
}

/** Ends an audit that could not be carried out, and sends the card that says so. */
function* fail(durable: Durable, auditId: string, reason: string): Steps<void> {
	const failure: FailInput = { auditId, reason, finishedAt: now(durable) };
	yield* lastStep(durable, "fail", failure);
	yield* lastStep(durable, "deliverPending", {});
	yield* lastStep(durable, "startNext", {});
}

/** What the audit found stays, and the next audit tells it. */
function whyNotClosed({ died, reason }: FailedStep): string {
	return died ? reason : "the audit could not be closed: the log says why";
}

function now(durable: Durable): string {
	return durable.currentUtcDateTime.toISOString();
}
