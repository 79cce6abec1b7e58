import { SettingsError } from "./settings/environment.ts";

const longestReason = 500;

/** What went wrong in one line of at most 500 characters, without the stack. A list of wrong settings is never cut. */
export function shortReason(error: unknown): string {
	if (error instanceof SettingsError) return error.message;
	const message = error instanceof Error ? error.message : String(error);
	const [line = ""] = message.split("\n");
	return line.slice(0, longestReason) || "unknown error";
}
