import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { retryDelaySeconds } from "../shared/alert/webhook.ts";
import { type CloseInput, closeStep } from "../shared/audit/closeStep.ts";
import {
	type Delivery,
	deliverStep,
	type GiveUpInput,
	giveUpStep,
} from "../shared/audit/deliverStep.ts";
import { type FailInput, failStep } from "../shared/audit/failStep.ts";
import {
	deliveryName,
	diedTwice,
	fleetAuditName,
	isDeath,
	startDelivery,
} from "../shared/audit/instances.ts";
import { inventoryStep, type Snapshot } from "../shared/audit/inventoryStep.ts";
import type { AuditInput } from "../shared/audit/record.ts";
import { type SliceInput, sliceStep } from "../shared/audit/sliceStep.ts";
import { type AlertKey, pendingAlerts } from "../shared/azure/outbox.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import {
	forgetLostTables,
	isStorageAway,
	openTables,
	type Tables,
} from "../shared/azure/tables.ts";
import type { Audit } from "../shared/contract.ts";
import { shortReason } from "../shared/reason.ts";
import {
	alertSettings,
	auditSettings,
	tablesSetting,
} from "../shared/settings.ts";
import { secondsSince, stepLine } from "../shared/stepLine.ts";
import { daysBefore } from "../shared/time.ts";

/*
 * The audit from its start to the card, in the order in which it happens. Orchestrators touch nothing but
 * `context.df`, and their history holds keys, counts and short reasons: no cluster, no secret, no webhook.
 */

/** A failed step says why instead of throwing: what an activity throws tells only that its worker died. */
type Step<T> =
	| { readonly ok: true; readonly value: T }
	| {
			readonly ok: false;
			readonly reason: string;
			/** Storage was away: the same step may well succeed later. */
			readonly passing: boolean;
	  };

/** Waits between the tries of a step, in seconds. */
const stepRetries = [5, 30, 120];
/** What ends an audit is tried for longer: storage that is away for a while must not cost the night. */
const lastRetries = [5, 10, 20, 40, 80, 160, 300];

type Durable = df.OrchestrationContext["df"];
// biome-ignore lint/suspicious/noExplicitAny: what a task yields, as durable-functions types it
type Steps<T> = Generator<df.Task, T, any>;

/** In words that go on with "its worker died twice". */
const deathWords = {
	inventory: "while it read the fleet",
	evaluate: "while it judged clusters",
	close: "while it closed the audit",
	fail: "while it wrote down that the audit failed",
	deliverPending: "while it started the deliveries",
	removeInstances: "while it removed old instances",
	post: "while it sent the card",
	giveUp: "while it gave the card up",
} as const;
type ActivityName = keyof typeof deathWords;

/** For death only: an activity that kills its worker once more is not tried again. */
function onceMoreAfterDeath(): df.RetryOptions {
	return new df.RetryOptions(10_000, 2);
}

/** One activity. Where its worker died twice, the step has failed for good. */
function* once<T>(
	durable: Durable,
	name: ActivityName,
	input: unknown,
): Steps<Step<T>> {
	try {
		return yield durable.callActivityWithRetry(
			name,
			onceMoreAfterDeath(),
			input,
		);
	} catch (error) {
		return died(name, error);
	}
}

function died(name: ActivityName, error: unknown) {
	const reason = `${diedTwice(error)} ${deathWords[name]}`;
	return { ok: false, reason, passing: false } as const;
}

/** One activity, tried again after a while where it said that it could not do its work. */
function* tried<T>(
	durable: Durable,
	name: ActivityName,
	input: unknown,
	retries: readonly number[],
	isWorthIt: (failed: Step<T> & { readonly ok: false }) => boolean,
): Steps<Step<T>> {
	for (let attempt = 0; ; attempt++) {
		const result: Step<T> = yield* once<T>(durable, name, input);
		const wait = retries[attempt];
		if (result.ok || wait === undefined || !isWorthIt(result)) return result;
		yield later(durable, wait);
	}
}

/** What must be done before an audit is over: tried whatever was in the way, but for a worker that died of it. */
function lastStep(
	durable: Durable,
	name: ActivityName,
	input: unknown,
): Steps<Step<null>> {
	return tried<null>(
		durable,
		name,
		input,
		lastRetries,
		({ reason }) => !isDeath(reason),
	);
}

function later(durable: Durable, seconds: number): df.Task {
	return durable.createTimer(
		new Date(durable.currentUtcDateTime.getTime() + seconds * 1000),
	);
}

df.app.orchestration(fleetAuditName, function* (context) {
	const durable = context.df;
	const input: AuditInput = durable.getInput();
	const { auditId } = input;
	const now = () => durable.currentUtcDateTime.toISOString();

	const inventory: Step<Snapshot> = yield* tried<Snapshot>(
		durable,
		"inventory",
		input,
		stepRetries,
		({ passing }) => passing,
	);
	if (!inventory.ok) {
		const { reason } = inventory;
		yield* fail(durable, { auditId, reason, finishedAt: now() });
		return;
	}
	const snapshot = inventory.value.key;

	let open = inventory.value.slices.map((slice) => ({ slice, reason: "" }));
	for (let attempt = 0; open.length > 0; attempt++) {
		const tasks = open.map(({ slice }) => {
			const slicing: SliceInput = { auditId, snapshot, slice };
			return durable.callActivityWithRetry(
				"evaluate",
				onceMoreAfterDeath(),
				slicing,
			);
		});
		let results: Step<null>[];
		try {
			results = yield durable.Task.all(tasks);
		} catch (error) {
			const { reason } = died("evaluate", error);
			yield* fail(durable, { auditId, reason, finishedAt: now() });
			return;
		}
		open = open.flatMap(({ slice }, index) => {
			const result = results[index];
			return result?.ok
				? []
				: [{ slice, reason: result?.reason ?? "no answer" }];
		});
		const wait = stepRetries[attempt];
		if (open.length === 0 || wait === undefined) break;
		yield later(durable, wait);
	}

	const closing: CloseInput = {
		auditId,
		snapshot,
		failed: open,
		finishedAt: now(),
	};
	const closed: Step<null> = yield* lastStep(durable, "close", closing);
	if (!closed.ok) {
		// What the audit found stays, and the next audit tells it.
		const reason = isDeath(closed.reason)
			? closed.reason
			: "the audit could not be closed: the log says why";
		yield* fail(durable, { auditId, reason, finishedAt: now() });
	} else yield* lastStep(durable, "deliverPending", {});
	const removing: RemoveInput = { auditId, at: now() };
	yield* once(durable, "removeInstances", removing);
});

/** Ends an audit that could not be carried out, and sends the card that says so. */
function* fail(durable: Durable, failure: FailInput): Steps<void> {
	yield* lastStep(durable, "fail", failure);
	yield* lastStep(durable, "deliverPending", {});
}

df.app.activity("inventory", {
	handler: step(async (input: AuditInput, tables, context) => {
		const settings = auditSettings(process.env);
		const client = resourceGraphClient(settings.cloud);
		const log = (message: string) =>
			context.log(`audit ${input.auditId}: ${message}`);
		const begin = performance.now();
		const { snapshot, overview } = await inventoryStep(
			tables,
			settings,
			(subscriptions) => createRead({ client, subscriptions, log }),
			input,
			log,
		);
		context.log(
			stepLine({
				event: "inventory-read",
				auditId: input.auditId,
				subscriptions: overview.expected,
				clusters: overview.clusters,
				subnets: overview.subnets,
				slices: snapshot.slices.length,
				gaps: overview.gaps.length,
				seconds: secondsSince(begin),
			}),
		);
		return snapshot;
	}),
});

df.app.activity("evaluate", {
	handler: step(async (input: SliceInput, tables, context) => {
		const { auditId, slice } = input;
		const begin = performance.now();
		const { thresholds } = auditSettings(process.env);
		const done = await sliceStep(tables, thresholds, input, (message) =>
			context.error(`audit ${auditId}: ${message}`),
		);
		if (done === null) return null;
		const { clusters, notEvaluated, changes } = done;
		context.log(
			stepLine({
				event: "slice-judged",
				auditId,
				slice,
				clusters,
				notEvaluated,
				changes,
				seconds: secondsSince(begin),
			}),
		);
		return null;
	}),
});

df.app.activity("close", {
	handler: step(async (input: CloseInput, tables, context) => {
		const ended = await closeStep(
			tables,
			{
				alert: () => alertSettings(process.env),
				retention: () => auditSettings(process.env).retention,
			},
			input,
			(message) => context.error(`audit ${input.auditId}: ${message}`),
		);
		if (ended !== null) context.log(endLine(ended));
		return null;
	}),
});

function endLine(audit: Audit): string {
	const { auditId, state, startedAt, finishedAt, progress, coverage } = audit;
	return stepLine({
		event: "audit-ended",
		auditId,
		state,
		...progress,
		notEvaluated: coverage.notEvaluated,
		gaps: coverage.gaps.length,
		findings: audit.findings,
		changes: audit.changes,
		alert: audit.alert.state,
		seconds: (Date.parse(finishedAt ?? "") - Date.parse(startedAt)) / 1000,
	});
}

df.app.activity("fail", {
	handler: step(async (input: FailInput, tables, context) => {
		const { auditId, reason } = input;
		context.error(stepLine({ event: "audit-failed", auditId, reason }));
		await failStep(tables, () => alertSettings(process.env), input);
		return null;
	}),
});

const durableClient = df.input.durableClient();

/** Deliveries run by themselves: a child would hold the audit open for as long as the channel does not answer. */
df.app.activity("deliverPending", {
	extraInputs: [durableClient],
	handler: step(async (_input: unknown, tables, context) => {
		const client = df.getClient(context);
		for (const alert of await pendingAlerts(tables))
			if (!(await startDelivery(client, alert)))
				context.log(`${inWords(alert)}: its alert is being delivered already`);
		return null;
	}),
});

interface RemoveInput {
	readonly auditId: string;
	/** ISO 8601, from the orchestration's clock. */
	readonly at: string;
}

/** The instances of deliveries lie in the task hub until somebody removes them. A night that cannot costs nothing: the next one does. */
df.app.activity("removeInstances", {
	extraInputs: [durableClient],
	handler: async ({ auditId, at }: RemoveInput, context) => {
		const begin = performance.now();
		try {
			const { auditDays } = auditSettings(process.env).retention;
			const instances = await removeInstancesBefore(
				df.getClient(context),
				daysBefore(at, auditDays),
			);
			const seconds = secondsSince(begin);
			context.log(
				stepLine({ event: "instances-removed", auditId, instances, seconds }),
			);
		} catch (error) {
			context.error(
				`audit ${auditId}: old durable instances were not removed: ${shortReason(error)}`,
			);
		}
	},
});

/** Those that are over and were made before a time. The client's API wants a beginning: the extension refuses a call without. */
async function removeInstancesBefore(
	client: df.DurableClient,
	at: Date,
): Promise<number> {
	const { instancesDeleted } = await client.purgeInstanceHistoryBy({
		createdTimeFrom: new Date(0),
		createdTimeTo: at,
		runtimeStatus: [
			df.OrchestrationRuntimeStatus.Completed,
			df.OrchestrationRuntimeStatus.Failed,
			df.OrchestrationRuntimeStatus.Terminated,
			df.OrchestrationRuntimeStatus.Canceled,
		],
	});
	return instancesDeleted;
}

df.app.orchestration(deliveryName, function* (context) {
	const durable = context.df;
	const input: AlertKey = durable.getInput();
	let reason: string | null = null;
	for (let attempt = 1; ; attempt++) {
		const result: Step<Delivery> = yield* once<Delivery>(
			durable,
			"post",
			input,
		);
		if (result.ok && result.value.state === "done") return;
		if (!result.ok && isDeath(result.reason)) {
			reason = result.reason;
			break;
		}
		const asked =
			result.ok && result.value.state === "again"
				? result.value.retryAfterSeconds
				: null;
		const wait = retryDelaySeconds(attempt, asked);
		if (wait === null) break;
		yield later(durable, wait);
	}
	const givingUp: GiveUpInput = { ...input, reason };
	yield* lastStep(durable, "giveUp", givingUp);
});

df.app.activity("post", {
	handler: step(async (input: AlertKey, tables, context) => {
		const begin = performance.now();
		const delivery = await deliverStep(
			tables,
			() => alertSettings(process.env),
			input,
			(message) => context.error(`${inWords(input)}: ${message}`),
		);
		const { auditId, channel } = input;
		const { state } = delivery;
		const seconds = secondsSince(begin);
		context.log(
			stepLine({ event: "alert-tried", auditId, channel, state, seconds }),
		);
		return delivery;
	}),
});

df.app.activity("giveUp", {
	handler: step(async (input: GiveUpInput, tables, context) => {
		context.error(`${inWords(input)}: its alert could not be sent`);
		await giveUpStep(tables, input);
		return null;
	}),
});

function inWords({ auditId, channel }: AlertKey): string {
	return `audit ${auditId}, channel ${channel}`;
}

function storage(): Promise<Tables> {
	return openTables(tablesSetting(process.env));
}

/** Turns a handler's error into a reason of one line; the whole error goes to the log, never into the history. */
function step<I, O>(
	handler: (input: I, tables: Tables, context: InvocationContext) => Promise<O>,
): (input: I, context: InvocationContext) => Promise<Step<O>> {
	return async (input, context) => {
		try {
			return {
				ok: true,
				value: await handler(input, await storage(), context),
			};
		} catch (error) {
			context.error(error);
			forgetLostTables(error);
			return {
				ok: false,
				reason: shortReason(error),
				passing: isStorageAway(error),
			};
		}
	};
}
