import { randomUUID } from "node:crypto";
import type { LogSink } from "../log.ts";
import type {
	CoreInvocationContext,
	HookName,
	InvocationResponse,
	ProgrammingModel,
	RegisteredFunction,
	Worker,
} from "./functionsCore.ts";
import type { TypedData } from "./rpc.ts";

interface Invocation {
	/** Data by the name of the binding: the trigger and, where there are any, extra inputs. */
	readonly inputs: Readonly<Record<string, TypedData>>;
	readonly log: LogSink;
}

/** Runs a function as the Node worker does: hooks, arguments, handler and response of the real programming model. */
export async function invoke(
	worker: Worker,
	registered: RegisteredFunction,
	invocation: Invocation,
): Promise<InvocationResponse> {
	const coreContext = coreContextOf(registered, invocation);
	const model = modelOf(worker).getInvocationModel(coreContext);
	const { context, inputs } = await model.getArguments();
	const hookData = {};
	const before = {
		hookData,
		invocationContext: context,
		functionCallback: registered.callback,
		inputs,
	};
	await runHooks(worker, "preInvocation", before, coreContext);

	const after: AfterInvocation = {
		hookData,
		invocationContext: context,
		inputs: before.inputs,
		result: null,
		error: null,
	};
	coreContext.state = "invocation";
	try {
		after.result = await model.invokeFunction(
			context,
			before.inputs,
			before.functionCallback,
		);
	} catch (error) {
		after.error = asError(error);
	}
	await runHooks(worker, "postInvocation", after, coreContext);

	if (after.error) {
		throw after.error;
	}
	return model.getResponse(context, after.result);
}

interface AfterInvocation {
	readonly hookData: object;
	readonly invocationContext: object;
	readonly inputs: unknown[];
	result: unknown;
	error: Error | null;
}

/** The programming model that `@azure/functions` sets with the first function. */
export function modelOf(worker: Worker): ProgrammingModel {
	if (!worker.model) {
		throw new Error("No function has been registered.");
	}
	return worker.model;
}

function coreContextOf(
	{ name, bindings }: RegisteredFunction,
	{ inputs, log }: Invocation,
): CoreInvocationContext {
	const invocationId = randomUUID();
	return {
		invocationId,
		metadata: { name, bindings },
		request: {
			invocationId,
			inputData: Object.entries(inputs).map(([bindingName, data]) => ({
				name: bindingName,
				data,
			})),
			triggerMetadata: {},
		},
		log: (level, _category, message) =>
			log({ level, functionName: name, message }),
	};
}

async function runHooks(
	worker: Worker,
	name: HookName,
	hookContext: object,
	coreContext: CoreInvocationContext,
): Promise<void> {
	coreContext.state =
		name === "preInvocation" ? "preInvocationHooks" : "postInvocationHooks";
	for (const hook of worker.hooks[name]) {
		await hook(hookContext);
	}
	coreContext.state = undefined;
}

/** Like the worker: whatever was thrown becomes an Error. */
export function asError(thrown: unknown): Error {
	if (thrown instanceof Error) {
		return thrown;
	}
	return new Error(
		typeof thrown === "object" ? JSON.stringify(thrown) : String(thrown),
	);
}
