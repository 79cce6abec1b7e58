import Module from "node:module";
import type { Binding, LogLevel, TypedData } from "./rpc.ts";

/**
 * Replaces `@azure/functions-core`, the module that only a Functions worker has: `@azure/functions` requires it to
 * register its functions. Like the worker itself, it answers that one `require` and touches no other.
 */
export function installFunctionsCore(): Worker {
	const worker = theWorker();
	if (!worker.installed) {
		const core = coreApi(worker);
		Module.prototype.require = new Proxy(Module.prototype.require, {
			apply: (original, module, [id]: [string]) =>
				id === "@azure/functions-core"
					? core
					: Reflect.apply(original, module, [id]),
		});
		worker.installed = true;
	}
	return worker;
}

/** What the functions of this process have registered. Modules register once, so every host of a process shares it. */
export interface Worker {
	installed: boolean;
	model: ProgrammingModel | undefined;
	readonly functions: Map<string, RegisteredFunction>;
	readonly hooks: Record<HookName, HookCallback[]>;
}

export interface RegisteredFunction {
	readonly name: string;
	readonly bindings: Readonly<Record<string, Binding>>;
	readonly retryOptions?: unknown;
	readonly callback: FunctionCallback;
}

type FunctionCallback = (...args: unknown[]) => unknown;
type HookCallback = (context: object) => unknown;

const hookNames = [
	"appStart",
	"appTerminate",
	"preInvocation",
	"postInvocation",
] as const;
export type HookName = (typeof hookNames)[number];

/** The part of `ProgrammingModel` of `@azure/functions` that a worker calls. */
export interface ProgrammingModel {
	readonly name: string;
	getInvocationModel(context: CoreInvocationContext): InvocationModel;
	getCapabilities(
		capabilities: Record<string, string>,
	): Promise<Record<string, string>>;
}

interface InvocationModel {
	getArguments(): Promise<{ context: object; inputs: unknown[] }>;
	invokeFunction(
		context: object,
		inputs: unknown[],
		callback: FunctionCallback,
	): Promise<unknown>;
	getResponse(context: object, result: unknown): Promise<InvocationResponse>;
}

export interface CoreInvocationContext {
	readonly invocationId: string;
	readonly metadata: {
		readonly name: string;
		readonly bindings: Readonly<Record<string, Binding>>;
	};
	readonly request: InvocationRequest;
	state?:
		| "preInvocationHooks"
		| "invocation"
		| "postInvocationHooks"
		| undefined;
	log(level: LogLevel, category: string, message: string): void;
}

interface InvocationRequest {
	readonly invocationId: string;
	readonly inputData: readonly {
		readonly name: string;
		readonly data: TypedData;
	}[];
	readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

export interface InvocationResponse {
	readonly invocationId: string;
	readonly returnValue?: TypedData | null;
	readonly outputData?: readonly {
		readonly name: string;
		readonly data: TypedData;
	}[];
}

const key = Symbol.for("functions-core stand-in of the local host");

/** Kept on globalThis: a test runner may load this file a second time, `@azure/functions` only ever asks once. */
function theWorker(): Worker {
	const holder = globalThis as { [key]?: Worker };
	holder[key] ??= {
		installed: false,
		model: undefined,
		functions: new Map(),
		hooks: {
			appStart: [],
			appTerminate: [],
			preInvocation: [],
			postInvocation: [],
		},
	};
	return holder[key];
}

function coreApi(worker: Worker): object {
	return {
		version: "local",
		hostVersion: "local",
		Disposable,
		setProgrammingModel: (model: ProgrammingModel) => {
			worker.model = model;
		},
		getProgrammingModel: () => worker.model,
		registerFunction: (
			metadata: Omit<RegisteredFunction, "callback">,
			callback: FunctionCallback,
		) => registerFunction(worker, { ...metadata, callback }),
		registerHook: (name: string, callback: HookCallback) =>
			registerHook(worker, name, callback),
		log: (level: LogLevel, category: string, message: string) =>
			console.error(`[${level}] ${category}: ${message}`),
	};
}

function registerFunction(
	worker: Worker,
	registered: RegisteredFunction,
): Disposable {
	if (worker.functions.has(registered.name)) {
		throw new Error(
			`A function with id "${registered.name}" has already been registered.`,
		);
	}
	worker.functions.set(registered.name, registered);
	return new Disposable(() => worker.functions.delete(registered.name));
}

function registerHook(
	worker: Worker,
	name: string,
	callback: HookCallback,
): Disposable {
	const known = hookNames.find((hookName) => hookName === name);
	if (!known) {
		throw new RangeError(
			`Unrecognized hook "${name}": the local host knows ${hookNames.join(", ")}.`,
		);
	}
	const callbacks = worker.hooks[known];
	callbacks.push(callback);
	return new Disposable(() => callbacks.splice(callbacks.indexOf(callback), 1));
}

class Disposable {
	readonly #undo: () => void;

	constructor(undo: () => void) {
		this.#undo = undo;
	}

	dispose(): void {
		this.#undo();
	}
}
