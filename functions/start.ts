import { app } from "@azure/functions";
import { alertProblems } from "../shared/settings/alert.ts";

/**
 * The host says at its start what stops alerts from being sent, not only at night when there is one. There is no
 * invocation yet and no log of one: the host takes what the process writes. It takes the level of a line from its words
 * and looks for "warn" first, so "failed" in a reason does not make it an error.
 */
app.hook.appStart(() => {
	for (const problem of alertProblems(process.env))
		console.warn(`warning: alerts cannot be sent as set: ${problem}`);
});
