import { app } from "@azure/functions";
import * as df from "durable-functions";
import { watchStep } from "../shared/audit/watchStep.ts";
import { forgetLostTables, openTables } from "../shared/azure/openTables.ts";
import { alertSettings } from "../shared/settings/alert.ts";
import { maxHours, tablesSetting } from "../shared/settings/audit.ts";
import { stepLine } from "../shared/stepLine.ts";

/**
 * Looks every three minutes at audits and deliveries from outside of their orchestrations: these die with their worker,
 * and cannot say so. Logs nothing if nothing is wrong.
 */
app.timer("watch", {
	schedule: "0 */3 * * * *",
	runOnStartup: false,
	extraInputs: [df.input.durableClient()],
	handler: async (_timer, context) => {
		try {
			const tables = await openTables(tablesSetting(process.env));
			const seen = await watchStep(df.getClient(context), tables, {
				maxHours: maxHours(process.env),
				now: () => new Date(),
				alertSettings: () => alertSettings(process.env),
				logError: (message) => context.error(message),
			});
			for (const one of seen) context.warn(stepLine(one));
		} catch (error) {
			forgetLostTables(error);
			throw error;
		}
	},
});
