import { type Host, startHost } from "../local/host/startHost.ts";
import { peakRssMiB } from "./measure.ts";
import { answerCalls } from "./remote.ts";

/* The local host with the bundled functions and nothing else, so that its peak memory is theirs. */

let host: Host | null = null;

const calls = {
	start: async (env: Readonly<Record<string, string>>): Promise<string> => {
		host = await startHost({
			port: 0,
			env,
			timers: false,
			log: ({ level, message }) => {
				if (level === "error") console.error(message);
			},
		});
		return host.url;
	},
	peakRssMiB,
};

export type HostCalls = typeof calls;

answerCalls(calls);
