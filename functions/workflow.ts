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
	isStorageAway,
	openTables,
	type Tables,
} from "../shared/azure/tables.ts";
import {
	alertSettings,
	auditSettings,
	tablesSetting,
} from "../shared/settings.ts";

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
		return inventoryStep(
			tables,
			settings,
			(subscriptions) => createRead({ client, subscriptions, log }),
			input,
			log,
		);
	}),
});

df.app.activity("evaluate", {
	handler: step(async (input: SliceInput, tables) => {
		await sliceStep(tables, auditSettings(process.env).thresholds, input);
		return null;
	}),
});

df.app.activity("close", {
	handler: briefly(async (input: CloseInput, context) => {
		await closeStep(
			await storage(),
			() => alertSettings(process.env),
			input,
			(message) => context.error(`audit ${input.auditId}: ${message}`),
		);
		context.log(
			`audit ${input.auditId}: ended, ${input.failed.length} slices failed`,
		);
	}),
});

df.app.activity("fail", {
	handler: briefly(async (input: FailInput, context) => {
		context.error(`audit ${input.auditId}: failed: ${input.reason}`);
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
	handler: step((input: AlertKey, tables, context) =>
		deliverStep(
			tables,
			() => alertSettings(process.env),
			input,
			(message) => context.error(`${inWords(input)}: ${message}`),
		),
	),
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
			const brief = new Error(shortReason(error));
			brief.stack = brief.message;
			throw brief;
		}
	};
}

const longestReason = 500;

function shortReason(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const [line = ""] = message.split("\n");
	return line.slice(0, longestReason) || "unknown error";
}
