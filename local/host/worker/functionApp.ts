import type { HubFunctions } from "../durable/loopOptions.ts";
import type { LogSink } from "../log.ts";
import type { RegisteredFunction, Worker } from "./functionsCore.ts";
import { invoke } from "./invoke.ts";
import {
	jsonOfReturnValue,
	type RpcHttpRequest,
	type RpcHttpResponse,
	type TypedData,
} from "./rpc.ts";

/** The registered functions by what starts them. */
interface FunctionApp {
	readonly http: readonly TriggeredFunction[];
	readonly timers: readonly TriggeredFunction[];
	readonly events: ReadonlyMap<string, TriggeredFunction>;
	readonly orchestrators: ReadonlyMap<string, TriggeredFunction>;
	readonly activities: ReadonlyMap<string, TriggeredFunction>;
}

export interface TriggeredFunction {
	readonly registered: RegisteredFunction;
	/** The name and the options of the trigger's binding. */
	readonly trigger: {
		readonly name: string;
		readonly options: Readonly<Record<string, unknown>>;
	};
	/** Names of the bindings that want a durable client. */
	readonly clients: readonly string[];
}

/** Sorts the functions by trigger. Throws on bindings that this host cannot serve, all of them named at once. */
export function functionAppOf(worker: Worker): FunctionApp {
	const functions = [...worker.functions.values()];
	const problems = functions.flatMap(unsupportedParts);
	if (problems.length > 0) {
		throw new Error(
			`The local host cannot run these functions:\n${problems.join("\n")}`,
		);
	}
	const of = (type: string): TriggeredFunction[] =>
		functions
			.map(triggered)
			.filter(({ trigger }) => trigger.options.type === type);
	const byName = (list: TriggeredFunction[]): Map<string, TriggeredFunction> =>
		new Map(list.map((found) => [found.registered.name, found]));
	return {
		http: of("httpTrigger"),
		timers: of("timerTrigger"),
		events: byName(of("eventGridTrigger")),
		orchestrators: byName(of("orchestrationTrigger")),
		activities: byName(of("activityTrigger")),
	};
}

/** How the host starts functions. `clientData` is asked for at each run, since it has the port of the server. */
export interface Runner {
	runHttp(
		target: TriggeredFunction,
		request: RpcHttpRequest,
	): Promise<RpcHttpResponse | undefined>;
	runTimer(target: TriggeredFunction, timer: object): Promise<void>;
	/** False: there is no such function. */
	runEvent(name: string, event: unknown): Promise<boolean>;
	readonly durable: HubFunctions;
	/** Resolves when no function runs. */
	settled(): Promise<void>;
}

export function createRunner(
	worker: Worker,
	app: FunctionApp,
	clientData: () => object,
	log: LogSink,
): Runner {
	const running = new Set<Promise<unknown>>();
	const run = async (
		target: TriggeredFunction,
		triggerData: TypedData,
	): Promise<TypedData | null | undefined> => {
		const inputs: Record<string, TypedData> = {
			[target.trigger.name]: triggerData,
		};
		for (const name of target.clients) {
			inputs[name] = { string: JSON.stringify(clientData()) };
		}
		const invoked = invoke(worker, target.registered, { inputs, log });
		running.add(invoked);
		try {
			return (await invoked).returnValue;
		} finally {
			running.delete(invoked);
		}
	};
	const find = (
		functions: ReadonlyMap<string, TriggeredFunction>,
		name: string,
	): TriggeredFunction => {
		const found = functions.get(name);
		if (!found) {
			throw new Error(`There is no function '${name}'.`);
		}
		return found;
	};

	return {
		async runHttp(target, request) {
			const returned = await run(target, { http: request });
			return returned?.http as RpcHttpResponse | undefined;
		},
		async runTimer(target, timer) {
			await run(target, { json: JSON.stringify(timer) });
		},
		async runEvent(name, event) {
			const target = app.events.get(name);
			if (target === undefined) return false;
			await run(target, { json: JSON.stringify(event) });
			return true;
		},
		durable: {
			orchestrators: new Set(app.orchestrators.keys()),
			activities: new Set(app.activities.keys()),
			runOrchestrator: async (name, payload) =>
				jsonOfReturnValue(
					await run(find(app.orchestrators, name), { string: payload }),
				),
			runActivity: async (name, input) =>
				jsonOfReturnValue(
					await run(find(app.activities, name), activityInput(input)),
				),
		},
		async settled() {
			while (running.size > 0) await Promise.allSettled(running);
		},
	};
}

/**
 * A string arrives as it is, anything else as JSON text. The worker tries to parse either. No input arrives as none.
 */
function activityInput(json: string): TypedData {
	const value: unknown = JSON.parse(json);
	if (value === null) {
		return {};
	}
	return { string: typeof value === "string" ? value : json };
}

const triggers = [
	"httpTrigger",
	"timerTrigger",
	"eventGridTrigger",
	"orchestrationTrigger",
	"activityTrigger",
];

function unsupportedParts({
	name,
	bindings,
	retryOptions,
}: RegisteredFunction): string[] {
	const unsupported = Object.values(bindings).filter(
		({ type, direction }) =>
			!triggers.includes(type) &&
			!(type === "durableClient" && direction === "in") &&
			!(type === "http" && direction === "out"),
	);
	return [
		...unsupported.map(
			({ type, direction }) =>
				`  ${name}: binding of type ${type} (${direction ?? "no direction"})`,
		),
		...(retryOptions ? [`  ${name}: a retry policy of the host`] : []),
	];
}

function triggered(registered: RegisteredFunction): TriggeredFunction {
	const bindings = Object.entries(registered.bindings);
	const found = bindings.find(([, { type }]) => triggers.includes(type));
	if (!found) {
		throw new Error(`Function ${registered.name} has no trigger.`);
	}
	const [name, options] = found;
	const clients = bindings
		.filter(([, { type }]) => type === "durableClient")
		.map(([bindingName]) => bindingName);
	return { registered, trigger: { name, options }, clients };
}
