const longestReason = 500;

/** What went wrong in one line of at most 500 characters, without the stack. */
export function shortReason(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const [line = ""] = message.split("\n");
	return line.slice(0, longestReason) || "unknown error";
}
