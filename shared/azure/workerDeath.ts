/*
 * A Node worker can die alone, mostly out of memory. The Durable extension then passes on one line of text, and that
 * text is all that tells a death from an error.
 */

/** `its worker died (exit code 137: usually out of memory)`; null where a text says nothing of a worker's end. */
export function exitText(text: unknown): string | null {
	const [, code] = /exited with code (-?\d+)/.exec(String(text)) ?? [];
	return code === undefined ? null : `its worker died (${codeText(code)})`;
}

function codeText(code: string): string {
	return code === "137"
		? "exit code 137: usually out of memory"
		: `exit code ${code}`;
}

const twice = "its worker died twice";

/** Why an activity failed to its last try, from what was thrown in its orchestrator. Steps of ours throw nothing. */
export function diedTwice(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return (exitText(text) ?? "its worker died").replace(
		"its worker died",
		twice,
	);
}

/** Whether a step's reason is that of `diedTwice`: nothing is won by trying it again. */
export function isDeath(reason: string): boolean {
	return reason.startsWith(twice);
}
