import { randomBytes } from "node:crypto";
import { markOpen, unmarkOpen } from "../../shared/http/openHost.ts";
import { projectRoot } from "../projectRoot.ts";
import { type Clock, systemClock } from "./clock.ts";
import {
	clientBindingData,
	type DurableEndpoints,
} from "./durable/clientBinding.ts";
import {
	createTaskHub,
	type HubOptions,
	type TaskHub,
} from "./durable/taskHub.ts";
import { readHostJson } from "./hostJson.ts";
import type { AsAzure } from "./http/asAzure.ts";
import { closeServer, listen } from "./http/listen.ts";
import { handleRequest } from "./http/requestHandler.ts";
import { routesOf } from "./http/routes.ts";
import { type LogSink, logToStderr } from "./log.ts";
import { applySettings, tellHostname } from "./settings.ts";
import {
	runTimer,
	startTimers,
	timerTriggersOf,
} from "./timers/timerTriggers.ts";
import { createRunner, functionAppOf } from "./worker/functionApp.ts";
import {
	type HookName,
	installFunctionsCore,
	type Worker,
} from "./worker/functionsCore.ts";
import { modelOf } from "./worker/invoke.ts";
import { loadFunctions } from "./worker/loadFunctions.ts";

export interface HostOptions {
	/** Folder of package.json, host.json and local.settings.json. The project's own by default. */
	readonly root?: string;
	/** 7071 by default. 0 takes a free one. */
	readonly port?: number;
	/** Settings that win over the environment while the host runs. */
	readonly env?: Readonly<Record<string, string>>;
	/** stderr by default. `quiet` of log.ts for none. */
	readonly log?: LogSink;
	/** Registers functions instead of package.json's `main`, once `@azure/functions` has its host. */
	readonly load?: () => Promise<unknown>;
	/** Whether timer triggers fire by themselves. True by default. */
	readonly timers?: boolean;
	readonly clock?: Clock;
	readonly hub?: Pick<
		HubOptions,
		| "store"
		| "deliverTwice"
		| "onStep"
		| "maxConcurrentActivities"
		| "holdsTerminate"
		| "startMoment"
	>;
	/** 1 MiB by default. A larger body is answered 413. */
	readonly maxBodyBytes?: number;
	/** For tests: asks for keys and adds who is signed in, as in Azure. Without it the host asks for nothing. */
	readonly asAzure?: AsAzure;
}

export interface Host {
	/** `http://127.0.0.1:PORT` */
	readonly url: string;
	readonly port: number;
	/** A line per route and timer. */
	readonly functions: readonly string[];
	readonly hub: TaskHub;
	/** Runs a timer function now, whatever its schedule. */
	runTimer(name: string): Promise<void>;
	/**
	 * Resolves when no function runs. For tests: one that outlives its host would read the settings of the next one.
	 */
	settled(): Promise<void>;
	/** Ends everything at once. What still runs is not waited for. */
	close(): Promise<void>;
}

/**
 * Starts the functions of package.json's `main` as a Functions host would: routes, timers and durable orchestrations,
 * on 127.0.0.1. Functions and process.env are the process's own: hosts that run side by side share both.
 */
export async function startHost(options: HostOptions = {}): Promise<Host> {
	const {
		root = projectRoot(),
		log = logToStderr,
		clock = systemClock,
	} = options;
	const restoreSettings = applySettings(root, options.env);
	if (options.asAzure === undefined) markOpen();
	else unmarkOpen();
	try {
		const worker = installFunctionsCore();
		await (options.load ?? (() => loadFunctions(root)))();
		await refuseHttpStreams(worker);
		return await run(worker, { ...options, log, clock }, root, restoreSettings);
	} catch (error) {
		restoreSettings();
		throw error;
	}
}

async function run(
	worker: Worker,
	options: HostOptions & { readonly log: LogSink; readonly clock: Clock },
	root: string,
	restoreSettings: () => void,
): Promise<Host> {
	const { log, clock } = options;
	const hostJson = readHostJson(root);
	const app = functionAppOf(worker);
	const routes = routesOf(app.http, hostJson.routePrefix);
	const triggers = timerTriggersOf(app.timers);

	await runAppHooks(worker, "appStart");
	const { server, port } = await listen(options.port ?? 7071);
	const url = `http://127.0.0.1:${port}`;
	const forgetHostname = tellHostname(`127.0.0.1:${port}`);
	const endpoints: DurableEndpoints = {
		origin: url,
		code: randomBytes(24).toString("hex"),
		hubName: hostJson.hubName,
	};
	const runner = createRunner(
		worker,
		app,
		() => clientBindingData(endpoints),
		log,
	);
	const hub = createTaskHub({
		maxConcurrentActivities: hostJson.maxConcurrentActivities,
		...options.hub,
		functions: runner.durable,
		clock,
		log,
	});
	const maxBodyBytes = options.maxBodyBytes ?? 1024 * 1024;
	const { asAzure = null } = options;
	const requests = {
		routes,
		runner,
		hub,
		endpoints,
		maxBodyBytes,
		asAzure,
		log,
	};
	server.on(
		"request",
		(request, response) => void handleRequest(requests, request, response),
	);
	const timers = { clock, log, run: runner.runTimer };
	const stopTimers =
		options.timers === false ? () => {} : startTimers(triggers, timers);

	let closed: Promise<void> | undefined;
	const close = async (): Promise<void> => {
		stopTimers();
		hub.kill();
		await closeServer(server);
		await runAppHooks(worker, "appTerminate");
		forgetHostname();
		restoreSettings();
	};

	return {
		url,
		port,
		functions: [
			...routes.map(
				({ methods, path }) => `[${methods.join(",")}] ${url}${path}`,
			),
			...triggers.map(
				({ name, expression }) => `[timer ${expression}] ${name}`,
			),
		],
		hub,
		async runTimer(name) {
			const trigger = triggers.find((candidate) => candidate.name === name);
			if (!trigger) {
				throw new Error(
					`There is no timer function ${name}. There are: ${triggers.map((one) => one.name).join(", ")}.`,
				);
			}
			await runTimer(trigger, clock.now(), timers);
		},
		settled: runner.settled,
		close() {
			closed ??= close();
			return closed;
		},
	};
}

async function runAppHooks(
	worker: Worker,
	name: Extract<HookName, "appStart" | "appTerminate">,
): Promise<void> {
	for (const hook of worker.hooks[name]) {
		await hook({ hookData: {}, appHookData: {} });
	}
}

/** With streams the programming model waits for a proxy of the real host: requests would hang. */
async function refuseHttpStreams(worker: Worker): Promise<void> {
	const capabilities = await modelOf(worker).getCapabilities({});
	if (capabilities.HttpUri) {
		throw new Error(
			"The local host does not support app.setup({ enableHttpStream: true }).",
		);
	}
}
