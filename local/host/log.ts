import type { LogLevel } from "./worker/rpc.ts";

export interface LogEntry {
	readonly level: LogLevel;
	readonly functionName: string;
	readonly message: string;
}

export type LogSink = (entry: LogEntry) => void;

/** One line per entry on stderr, so that stdout stays for what a program reads: the host's address. */
export function logToStderr({ level, functionName, message }: LogEntry): void {
	const time = new Date().toISOString();
	process.stderr.write(
		`[${time}] ${level} ${functionName}: ${message.replaceAll("\n", "\n    ")}\n`,
	);
}

export function quiet(): void {}
