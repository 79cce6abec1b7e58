import {
	createTaskHub,
	type HubOptions,
	type TaskHub,
} from "../../../local/host/durable/taskHub.ts";
import { quiet } from "../../../local/host/log.ts";
import {
	createRunner,
	functionAppOf,
} from "../../../local/host/worker/functionApp.ts";
import { installFunctionsCore } from "../../../local/host/worker/functionsCore.ts";

/** A hub over the functions of durableFunctions.ts, with no server around it. */
export async function testHub(
	options: Omit<HubOptions, "functions"> = {},
): Promise<TaskHub> {
	const worker = installFunctionsCore();
	await import("./durableFunctions.ts");
	const runner = createRunner(worker, functionAppOf(worker), () => ({}), quiet);
	return createTaskHub({ ...options, functions: runner.durable });
}
