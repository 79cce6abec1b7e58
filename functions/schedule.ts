import { app } from "@azure/functions";
import * as df from "durable-functions";
import { startAudit } from "../shared/audit/startAudit.ts";
import { openTables } from "../shared/azure/openTables.ts";
import { maxHours, tablesSetting } from "../shared/settings/audit.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import { stepLine } from "../shared/stepLine.ts";

/** Every night (AUDIT_SCHEDULE) an audit of the whole fleet. */
app.timer("schedule", {
	// Without the setting a host would refuse to index the function: then the default itself.
	schedule: process.env.AUDIT_SCHEDULE
		? "%AUDIT_SCHEDULE%"
		: settingDefaults.AUDIT_SCHEDULE,
	runOnStartup: false,
	extraInputs: [df.input.durableClient()],
	handler: async (_timer, context) => {
		const started = await startAudit(
			df.getClient(context),
			await openTables(tablesSetting(process.env)),
			{
				trigger: "timer",
				maxHours: maxHours(process.env),
				now: () => new Date(),
			},
		);
		const { auditId, isNew, state } = started;
		context.log(
			state === "queued"
				? `audit ${auditId} waits for the scoped audit that runs`
				: isNew
					? stepLine({ event: "audit-started", auditId, trigger: "timer" })
					: `audit ${auditId} still runs, so the timer starts no other`,
		);
	},
});
