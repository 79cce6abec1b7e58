import { subscribe } from "node:diagnostics_channel";
import { type Host, startHost } from "../local/host/startHost.ts";
import { loadFunctions } from "../local/host/worker/loadFunctions.ts";
import { projectRoot } from "../local/projectRoot.ts";
import { peakRssMiB } from "./measure.ts";
import { answerCalls } from "./remote.ts";

/* The local host with the bundled functions and nothing else, so that its peak memory is theirs. */

type Env = Readonly<Record<string, string>>;

let host: Host | null = null;
let requests = 0;
subscribe("http.client.request.start", () => requests++);

const calls = {
	start: (env: Env): Promise<string> => start(env),
	/** The same functions from the files that the compiler wrote, not bundled. */
	startUnbundled: (env: Env): Promise<string> =>
		start(env, () => loadFunctions(projectRoot(), "dist/functions/*.js")),
	/** Requests that the process has sent, to storage or Resource Graph. */
	requests: (): number => requests,
	peakRssMiB,
};

async function start(env: Env, load?: () => Promise<void>): Promise<string> {
	host = await startHost({
		port: 0,
		env,
		timers: false,
		log: ({ level, message }) => {
			if (level === "error") console.error(message);
		},
		...(load && { load }),
	});
	return host.url;
}

export type HostCalls = typeof calls;

answerCalls(calls);
