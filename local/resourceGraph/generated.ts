import { fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Starts a Resource Graph of a generated fleet, in a process of its own as Azure's is: 10,000 clusters are half a
 * gigabyte of objects, and whoever has them in memory spends a second on each full garbage collection.
 */
export async function startGenerated(clusters: number): Promise<{
	/** Endpoint for a client, without a trailing slash. */
	readonly url: string;
	close(): Promise<void>;
}> {
	const program = new URL(
		`./generatedProcess${extname(import.meta.filename)}`,
		import.meta.url,
	);
	const child = fork(fileURLToPath(program), [String(clusters)]);
	const ended = new Promise<void>((resolve) => {
		child.once("exit", () => resolve());
	});
	const url = await Promise.race([
		new Promise<string>((resolve, reject) => {
			child.once("message", (message) => resolve(String(message)));
			child.once("error", reject);
		}),
		ended.then(() => {
			throw new Error("the process with the generated fleet did not start");
		}),
	]);
	return {
		url,
		close: () => {
			if (child.connected) child.disconnect();
			return ended;
		},
	};
}
