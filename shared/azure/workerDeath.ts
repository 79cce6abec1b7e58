/*
 * A Node worker can die alone, mostly out of memory. The Durable extension then passes on one line of text, and that
 * text is all that tells a death from an error.
 */

/** `its worker died (exit code 137: usually out of memory)`; null where a text says nothing of a worker's end. */
export function exitText(text: unknown): string | null {
	const exit = exitIn(text);
	return exit === null ? null : `its worker died (${exit})`;
}

/** Why an activity failed to its last try, from what was thrown in its orchestrator. Steps of ours throw nothing. */
export function diedTwice(error: unknown): string {
	const exit = exitIn(error instanceof Error ? error.message : error);
	return `its worker died twice${exit === null ? "" : ` (${exit})`}`;
}

function exitIn(text: unknown): string | null {
	const [, code] = /exited with code (-?\d+)/.exec(String(text)) ?? [];
	if (code === undefined) return null;
	return code === "137"
		? "exit code 137: usually out of memory"
		: `exit code ${code}`;
}
