import { installFunctionsCore } from "../../../local/host/worker/functionsCore.ts";
import { loadFunctions } from "../../../local/host/worker/loadFunctions.ts";

/*
 * A process of its own that loads functions as a worker does: `node loaded.ts ROOT [MAIN]`. It prints what they
 * register, and the stack of the first warning when the app starts.
 */

const worker = installFunctionsCore();
const [root = "", main] = process.argv.slice(2);
await loadFunctions(root, main);

let stack = "";
console.warn = () => {
	stack ||= new Error("warned").stack ?? "";
};
for (const hook of worker.hooks.appStart) await hook({});

const registered = [...worker.functions.values()]
	.map(({ callback, ...told }) => ({ ...told, runs: typeof callback }))
	.sort((a, b) => (a.name < b.name ? -1 : 1));
console.log(JSON.stringify({ registered, stack }));
