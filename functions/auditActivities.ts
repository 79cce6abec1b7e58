import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { type CloseInput, closeStep } from "../shared/audit/closeStep.ts";
import { type FailInput, failStep } from "../shared/audit/failStep.ts";
import { type GatherInput, gatherStep } from "../shared/audit/gatherStep.ts";
import {
	type InventoryInput,
	inventoryStep,
} from "../shared/audit/inventoryStep.ts";
import type { FailedSlice } from "../shared/audit/lostSlices.ts";
import { type SliceInput, sliceStep } from "../shared/audit/sliceStep.ts";
import { step, whyItFailed } from "../shared/azure/activity.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import type { Tables } from "../shared/azure/tables.ts";
import type { Audit } from "../shared/contract.ts";
import { shortReason } from "../shared/reason.ts";
import { alertSettings } from "../shared/settings/alert.ts";
import { auditSettings } from "../shared/settings/audit.ts";
import { secondsSince, stepLine } from "../shared/stepLine.ts";
import { daysBefore } from "../shared/time.ts";

/* The activities of the audit's orchestration, in the order in which it calls them. */

df.app.activity("gather", {
	handler: step(async (input: GatherInput, tables, context) => {
		const { auditId, part } = input;
		const settings = auditSettings(process.env);
		const client = resourceGraphClient(settings.cloud);
		const log = (message: string) =>
			context.log(`audit ${auditId}: ${message}`);
		const begin = performance.now();
		const { name, rows, lacking } = await gatherStep(
			tables,
			settings,
			createRead({ client, log }),
			input,
		);
		context.log(
			stepLine({
				event: "tenant-read",
				auditId,
				part,
				rows,
				gaps: lacking,
				seconds: secondsSince(begin),
			}),
		);
		return name;
	}),
});

df.app.activity("inventory", {
	handler: step(async (input: InventoryInput, tables, context) => {
		const settings = auditSettings(process.env);
		const client = resourceGraphClient(settings.cloud);
		const log = (message: string) =>
			context.log(`audit ${input.auditId}: ${message}`);
		const begin = performance.now();
		const { snapshot, overview } = await inventoryStep(
			tables,
			settings,
			createRead({ client, log }),
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

export interface SlicesInput {
	readonly auditId: string;
	readonly snapshot: string;
	readonly slices: readonly string[];
}

/** A slice that fails keeps no other from being judged. The answer is those that failed. */
df.app.activity("evaluate", {
	handler: step(async ({ slices, ...audit }: SlicesInput, tables, context) => {
		const failed: FailedSlice[] = [];
		for (const slice of slices)
			try {
				await evaluate(tables, { ...audit, slice }, context);
			} catch (error) {
				failed.push({ slice, reason: whyItFailed(error, context).reason });
			}
		return failed;
	}),
});

async function evaluate(
	tables: Tables,
	input: SliceInput,
	context: InvocationContext,
): Promise<void> {
	const { auditId, slice } = input;
	const begin = performance.now();
	const { thresholds } = auditSettings(process.env);
	const done = await sliceStep(tables, thresholds, input, (message) =>
		context.error(`audit ${auditId}: ${message}`),
	);
	if (done === null) return;
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
}

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

export function endLine(audit: Audit): string {
	const { auditId, state, startedAt, finishedAt, progress, coverage } = audit;
	return stepLine({
		// Whoever waits for the audit of the night must not take a scoped one for it.
		event: audit.scope === null ? "audit-ended" : "scoped-ended",
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
		await failStep(
			tables,
			() => alertSettings(process.env),
			input,
			(message) => context.error(`audit ${auditId}: ${message}`),
		);
		return null;
	}),
});

export interface RemoveInput {
	readonly auditId: string;
	/** ISO 8601, from the orchestration's clock. */
	readonly at: string;
}

/**
 * The instances of deliveries stay in the task hub until somebody removes them. A night that fails to costs nothing:
 * the next one does it.
 */
df.app.activity("removeInstances", {
	extraInputs: [df.input.durableClient()],
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

/**
 * Ended instances that started before a time. The client's API needs a beginning: the extension refuses a call without
 * one.
 */
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
