/** How failures reach an orchestrator: a reason, and details that only a program should read. */
export interface Failure {
	readonly Reason: string;
	readonly Details: string;
}

/** An activity's error as the extension passes it on: an exception of the host around the message and the stack. */
export function activityFailure(name: string, error: Error): Failure {
	// The extension cuts the message out of "Exception: MESSAGE" and keeps the space in front of it.
	const message = ` ${error.message}`;
	const stack = error.stack ?? "";
	const rpcException = {
		$type:
			"Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script",
		IsUserException: false,
		RemoteStackTrace: stack,
		RemoteMessage: error.message,
		RemoteTypeName: null,
		Message: `Result: Failure\nException:${message}\nStack: ${stack}`,
		InnerException: null,
	};
	const exception = {
		$type: "System.Exception, System.Private.CoreLib",
		ClassName: "System.Exception",
		Message: message,
		Data: null,
		InnerException: rpcException,
	};
	return {
		Reason: `Activity function '${name}' failed: ${message}`,
		Details: JSON.stringify(exception),
	};
}

/** What the extension passes on of everything that was under way in a Node worker that died, out of memory for example. */
export const workerDied = "node exited with code 137 (0x89)";

export function orchestratorFailure(name: string, message: string): Failure {
	return {
		Reason: `Orchestrator function '${name}' failed: ${message}`,
		Details: `Message: ${message}, StackTrace: `,
	};
}

/** The message of the extension for a name that no function of that kind has. */
export function unknownFunction(
	name: string,
	kind: "activity" | "orchestrator",
	known: Iterable<string>,
): string {
	const names = [...known];
	const listed =
		names.length > 0
			? `The following are the known ${kind} functions: '${names.join("', '")}'.`
			: `No ${kind} functions are currently registered!`;
	const article = kind === "activity" ? "an activity" : "an orchestrator";
	return `The function '${name}' doesn't exist, is disabled, or is not ${article} function. Additional info: ${listed}`;
}
