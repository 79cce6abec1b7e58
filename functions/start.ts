import { app } from "@azure/functions";
import { alertProblems } from "../shared/settings.ts";

/**
 * What keeps alerts from being sent is said when the host starts, not at night when there is one. There is no invocation
 * yet and no log of one: the host takes up what the process writes.
 */
app.hook.appStart(() => {
	for (const problem of alertProblems(process.env))
		console.error(`alerts cannot be sent as set: ${problem}`);
});
