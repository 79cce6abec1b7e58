import { createWriteStream } from "node:fs";
import type { LogSink } from "../host/log.ts";

/** The functions' log in a file, so that the terminal shows progress and nothing else. */
export function logToFile(path: string): {
	readonly sink: LogSink;
	close(): Promise<void>;
} {
	const stream = createWriteStream(path);
	return {
		sink: ({ level, functionName, message }) => {
			stream.write(
				`${new Date().toISOString()} ${level} ${functionName}: ${message}\n`,
			);
		},
		close: () => new Promise((resolve) => stream.end(() => resolve())),
	};
}
