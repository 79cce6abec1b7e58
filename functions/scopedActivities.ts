import * as df from "durable-functions";
import type { CloseInput } from "../shared/audit/closeStep.ts";
import { gatherNeighborhood } from "../shared/audit/gatherNeighborhood.ts";
import { scopedCloseStep } from "../shared/audit/scopedCloseStep.ts";
import { scopedInventoryStep } from "../shared/audit/scopedInventoryStep.ts";
import { startNext } from "../shared/audit/startAudit.ts";
import { step } from "../shared/azure/activity.ts";
import { createArmReader } from "../shared/azure/armReader.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import type { AuditInput } from "../shared/records/auditRecord.ts";
import { alertSettings } from "../shared/settings/alert.ts";
import { auditSettings, maxHours } from "../shared/settings/audit.ts";
import { changeMinSeverity } from "../shared/settings/changes.ts";
import { secondsSince, stepLine } from "../shared/stepLine.ts";
import { endLine } from "./auditActivities.ts";

/* The activities of a scoped audit's orchestration that it has for itself, and what every audit does last. */

export interface ReadScopeInput {
	readonly input: AuditInput;
	/** What is read now must do. */
	readonly isLast: boolean;
}

df.app.activity("readScope", {
	handler: step(async ({ input, isLast }: ReadScopeInput, tables, context) => {
		const settings = auditSettings(process.env);
		const client = resourceGraphClient(settings.cloud);
		const log = (message: string) =>
			context.log(`audit ${input.auditId}: ${message}`);
		const begin = performance.now();
		const read = createRead({ client, log });
		const done = await scopedInventoryStep(
			tables,
			settings,
			{
				gather: (before, near) =>
					gatherNeighborhood(read, settings, before, near),
				readArm: createArmReader({ cloud: settings.cloud, log }),
				now: () => new Date(),
			},
			{ input, isLast },
		);
		context.log(
			stepLine({
				event: done === null ? "scope-older" : "scope-read",
				auditId: input.auditId,
				clusters: done?.overview.clusters ?? 0,
				gaps: done?.overview.gaps.length ?? 0,
				seconds: secondsSince(begin),
			}),
		);
		return done?.snapshot ?? null;
	}),
});

df.app.activity("closeScoped", {
	handler: step(async (input: CloseInput, tables, context) => {
		const ended = await scopedCloseStep(
			tables,
			{
				alert: () => alertSettings(process.env),
				byDay: () => changeMinSeverity(process.env),
			},
			input,
			(message) => context.error(`audit ${input.auditId}: ${message}`),
		);
		if (ended !== null) context.log(endLine(ended));
		return null;
	}),
});

df.app.activity("startNext", {
	extraInputs: [df.input.durableClient()],
	handler: step(async (_input: unknown, tables, context) => {
		const started = await startNext(df.getClient(context), tables, {
			maxHours: maxHours(process.env),
			now: () => new Date(),
		});
		if (started !== null) {
			const { auditId, trigger } = started;
			context.log(stepLine({ event: "audit-started", auditId, trigger }));
		}
		return null;
	}),
});
