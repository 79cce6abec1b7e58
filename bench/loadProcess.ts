import { installFunctionsCore } from "../local/host/worker/functionsCore.ts";
import { loadFunctions } from "../local/host/worker/loadFunctions.ts";
import { answerCalls } from "./remote.ts";

/* A fresh process that loads functions and does nothing else. */

const calls = {
	/** Milliseconds that loading takes. */
	load: async (functions: {
		readonly root: string;
		readonly main: string;
	}): Promise<number> => {
		installFunctionsCore();
		const begin = performance.now();
		await loadFunctions(functions.root, functions.main);
		return performance.now() - begin;
	},
};

export type LoadCalls = typeof calls;

answerCalls(calls);
