import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { defaultChannel } from "../shared/alert/routes.ts";
import { retryDelaySeconds } from "../shared/alert/webhook.ts";
import { type CloseInput, closeStep } from "../shared/audit/closeStep.ts";
import {
	type Delivery,
	deliverStep,
	giveUpStep,
} from "../shared/audit/deliverStep.ts";
import { type FailInput, failStep } from "../shared/audit/failStep.ts";
import { inventoryStep, type Snapshot } from "../shared/audit/inventoryStep.ts";
import type { AuditInput } from "../shared/audit/record.ts";
import { type SliceInput, sliceStep } from "../shared/audit/sliceStep.ts";
import { fleetAuditName } from "../shared/audit/startAudit.ts";
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

/** A failed step says why instead of throwing: `Task.all` ends with the first error, and a thrown one drags its stack along. */
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

df.app.orchestration(fleetAuditName, function* (context) {
	const input: AuditInput = context.df.getInput();
	const { auditId } = input;
	const later = (seconds: number) =>
		context.df.createTimer(
			new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000),
		);
	const now = () => context.df.currentUtcDateTime.toISOString();

	let inventory: Step<Snapshot> = yield context.df.callActivity(
		"inventory",
		input,
	);
	for (const wait of stepRetries) {
		if (inventory.ok || !inventory.passing) break;
		yield later(wait);
		inventory = yield context.df.callActivity("inventory", input);
	}
	if (!inventory.ok) {
		const { reason } = inventory;
		const failure: FailInput = { auditId, reason, finishedAt: now() };
		yield context.df.callActivityWithRetry("fail", lastSteps(), failure);
		yield context.df.callActivityWithRetry("deliverPending", lastSteps(), {});
		return;
	}
	const snapshot = inventory.value.key;

	let open = inventory.value.slices.map((slice) => ({ slice, reason: "" }));
	for (let attempt = 0; open.length > 0; attempt++) {
		const tasks = open.map(({ slice }) => {
			const slicing: SliceInput = { auditId, snapshot, slice };
			return context.df.callActivity("evaluate", slicing);
		});
		const results: Step<null>[] = yield context.df.Task.all(tasks);
		open = open.flatMap(({ slice }, index) => {
			const result = results[index];
			return result?.ok
				? []
				: [{ slice, reason: result?.reason ?? "no answer" }];
		});
		const wait = stepRetries[attempt];
		if (open.length === 0 || wait === undefined) break;
		yield later(wait);
	}

	const closing: CloseInput = {
		auditId,
		snapshot,
		failed: open,
		finishedAt: now(),
	};
	try {
		yield context.df.callActivityWithRetry("close", lastSteps(), closing);
	} catch {
		// Its log says why; what the audit found stays, and the next audit tells it.
		const reason = "the audit could not be closed: the log says why";
		const failure: FailInput = { auditId, reason, finishedAt: now() };
		yield context.df.callActivityWithRetry("fail", lastSteps(), failure);
	}
	yield context.df.callActivityWithRetry("deliverPending", lastSteps(), {});
	const removing: RemoveInput = { auditId, at: now() };
	yield context.df.callActivity("removeInstances", removing);
});

/** What ends an audit is tried for long: storage that is away for a while must not cost the night. */
function lastSteps(): df.RetryOptions {
	const options = new df.RetryOptions(5000, 8);
	options.backoffCoefficient = 2;
	options.maxRetryIntervalInMilliseconds = 300_000;
	return options;
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
		const done = await sliceStep(tables, thresholds, input);
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
	handler: briefly(async (input: CloseInput, context) => {
		const ended = await closeStep(
			await storage(),
			{
				alert: () => alertSettings(process.env),
				retention: () => auditSettings(process.env).retention,
			},
			input,
			(message) => context.error(`audit ${input.auditId}: ${message}`),
		);
		if (ended !== null) context.log(endLine(ended));
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
	handler: briefly(async (input: FailInput, context) => {
		const { auditId, reason } = input;
		context.error(stepLine({ event: "audit-failed", auditId, reason }));
		await failStep(await storage(), input);
	}),
});

const durableClient = df.input.durableClient();

/** Deliveries run by themselves: a child would hold the audit open for as long as the channel does not answer. */
df.app.activity("deliverPending", {
	extraInputs: [durableClient],
	handler: briefly(async (_input: unknown, context) => {
		const client = df.getClient(context);
		for (const alert of await pendingAlerts(await storage()))
			if (await startRefused(client, alert))
				context.log(`${inWords(alert)}: its alert is being delivered already`);
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

/** True where an instance with the id runs; other refusals are errors. */
async function startRefused(
	client: df.DurableClient,
	alert: AlertKey,
): Promise<boolean> {
	const instanceId = deliveryId(alert);
	try {
		await client.startNew("deliver", { instanceId, input: alert });
		return false;
	} catch (error) {
		if (error instanceof Error && /\b409\b/.test(error.message)) return true;
		throw error;
	}
}

df.app.orchestration("deliver", function* (context) {
	const input: AlertKey = context.df.getInput();
	for (let attempt = 1; ; attempt++) {
		const result: Step<Delivery> = yield context.df.callActivity("post", input);
		if (result.ok && result.value.state === "done") return;
		const asked =
			result.ok && result.value.state === "again"
				? result.value.retryAfterSeconds
				: null;
		const wait = retryDelaySeconds(attempt, asked);
		if (wait === null) break;
		yield context.df.createTimer(
			new Date(context.df.currentUtcDateTime.getTime() + wait * 1000),
		);
	}
	yield context.df.callActivityWithRetry("giveUp", lastSteps(), input);
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
	handler: briefly(async (input: AlertKey, context) => {
		context.error(`${inWords(input)}: its alert could not be sent`);
		await giveUpStep(await storage(), input);
	}),
});

/** Each channel's card is delivered by itself: one that does not answer holds up no other. */
function deliveryId({ auditId, channel }: AlertKey): string {
	return channel === defaultChannel
		? `deliver-${auditId}`
		: `deliver-${auditId}-${channel}`;
}

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

/** Errors that are thrown reach the history with their stacks: these have a line and none. */
function briefly<I>(
	handler: (input: I, context: InvocationContext) => Promise<void>,
): (input: I, context: InvocationContext) => Promise<void> {
	return async (input, context) => {
		try {
			await handler(input, context);
		} catch (error) {
			context.error(error);
			forgetLostTables(error);
			const brief = new Error(shortReason(error));
			brief.stack = brief.message;
			throw brief;
		}
	};
}
