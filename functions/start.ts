import { app } from "@azure/functions";
import { alertProblems } from "../shared/settings/alert.ts";

/**
 * What keeps alerts from being sent is said when the host starts, not at night when there is one. There is no invocation
 * yet and no log of one: the host takes up what the process writes. It gives a line the level that its words name, and
 * looks for "warn" first, so that "failed" in a reason makes no error of it.
 */
app.hook.appStart(() => {
	for (const problem of alertProblems(process.env))
		console.warn(`warning: alerts cannot be sent as set: ${problem}`);
});
