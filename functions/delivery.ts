import * as df from "durable-functions";
import type { AlertKey } from "../shared/alert/alert.ts";
import { retryDelaySeconds } from "../shared/alert/webhook.ts";
import {
	type Delivery,
	deliverStep,
	type GiveUpInput,
	giveUpStep,
} from "../shared/audit/deliverStep.ts";
import { deliveryName, startDelivery } from "../shared/audit/instances.ts";
import { type Step, step } from "../shared/azure/activity.ts";
import { lastStep, later, once } from "../shared/azure/orchestration.ts";
import { pendingAlerts } from "../shared/azure/outbox.ts";
import { readSecret } from "../shared/azure/vaultSecret.ts";
import { alertSettings } from "../shared/settings/alert.ts";
import { secondsSince, stepLine } from "../shared/stepLine.ts";

/* Sends one card of one channel, from the outbox to the webhook. Each delivery is its own orchestration. */

/** Deliveries run by themselves. The audit would wait for a child orchestration until the channel answers. */
df.app.activity("deliverPending", {
	extraInputs: [df.input.durableClient()],
	handler: step(async (_input: unknown, tables, context) => {
		const client = df.getClient(context);
		for (const alert of await pendingAlerts(tables))
			if (!(await startDelivery(client, alert)))
				context.log(`${asText(alert)}: its alert is being delivered already`);
		return null;
	}),
});

df.app.orchestration(deliveryName, function* (context) {
	const durable = context.df;
	const input: AlertKey = durable.getInput();
	for (let attempt = 1; ; attempt++) {
		const posted: Step<Delivery> = yield* once<Delivery>(
			durable,
			"post",
			input,
		);
		if (posted.ok && posted.value.state === "done") return;
		const reason = !posted.ok && posted.died ? posted.reason : null;
		const wait =
			reason === null ? retryDelaySeconds(attempt, waitAskedFor(posted)) : null;
		if (wait === null) {
			const givingUp: GiveUpInput = { ...input, reason };
			yield* lastStep(durable, "giveUp", givingUp);
			return;
		}
		yield later(durable, wait);
	}
});

/** In seconds, from the webhook's Retry-After. */
function waitAskedFor(posted: Step<Delivery>): number | null {
	return posted.ok && posted.value.state === "again"
		? posted.value.retryAfterSeconds
		: null;
}

df.app.activity("post", {
	handler: step(async (input: AlertKey, tables, context) => {
		const begin = performance.now();
		const delivery = await deliverStep(
			tables,
			() => alertSettings(process.env),
			readSecret,
			input,
			(message) => context.error(`${asText(input)}: ${message}`),
		);
		const { auditId, channel } = input;
		const { state } = delivery;
		const seconds = secondsSince(begin);
		context.log(
			stepLine({ event: "alert-tried", auditId, channel, state, seconds }),
		);
		if (delivery.state === "done" && delivery.failed !== undefined)
			context.error(failedLine(input, delivery.failed));
		return delivery;
	}),
});

df.app.activity("giveUp", {
	handler: step(async (input: GiveUpInput, tables, context) => {
		const reason = await giveUpStep(tables, input);
		if (reason !== null) context.error(failedLine(input, reason));
		return null;
	}),
});

function failedLine({ auditId, channel }: AlertKey, reason: string): string {
	return stepLine({ event: "alert-failed", auditId, channel, reason });
}

function asText({ auditId, channel }: AlertKey): string {
	return `audit ${auditId}, channel ${channel}`;
}
