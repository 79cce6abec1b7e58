import { retryAfterMilliseconds } from "../retryAfter.ts";

type Posted =
	| { readonly outcome: "sent" }
	| {
			readonly outcome: "retry";
			readonly reason: string;
			readonly retryAfterSeconds: number | null;
	  }
	| { readonly outcome: "failed"; readonly reason: string };

interface PostOptions {
	readonly fetch?: typeof fetch;
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
}

/**
 * One attempt. Reasons have statuses and codes, never the URL, a header or words of the answer: each may repeat the
 * secret.
 */
export async function postCard(
	url: string,
	body: string,
	{ fetch: send = fetch, timeoutMs = 10_000, signal }: PostOptions = {},
): Promise<Posted> {
	const limits = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
	try {
		const response = await send(url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body,
			redirect: "manual",
			signal: AbortSignal.any(limits),
		});
		return outcome(response, await beginning(response), url);
	} catch (error) {
		return retry(failureText(error, timeoutMs));
	}
}

function outcome(response: Response, text: string, url: string): Posted {
	const { status } = response;
	if (response.ok) return connectorOutcome(text);
	if (status === 0 || (status >= 300 && status < 400))
		return failed(
			`The webhook answered with a redirect (${status}), which is not followed.`,
		);

	const reason = `The webhook answered ${status}${codeIn(text, url)}.`;
	return status === 408 || status === 429 || status >= 500
		? retry(reason, retryAfter(response))
		: failed(reason);
}

/** The retired connectors answer 200 and say in the text that Teams refused. */
function connectorOutcome(text: string): Posted {
	const [, status] =
		/Microsoft Teams endpoint returned HTTP error (\d{3})/i.exec(text) ?? [];
	if (status === undefined) return { outcome: "sent" };

	const reason = `The webhook answered that Teams refused the card (${status}).`;
	return status === "429" ? retry(reason) : failed(reason);
}

/** Power Automate names the cause, e.g. WorkflowTriggerIsNotEnabled. Whatever else it says stays out. */
function codeIn(text: string, url: string): string {
	const [, code] = /"code"\s*:\s*"([A-Za-z]{3,60})"/.exec(text) ?? [];
	return code === undefined || url.includes(code) ? "" : ` (${code})`;
}

/** In seconds, at most a day. */
function retryAfter({ headers }: Response): number | null {
	const asked = retryAfterMilliseconds(headers.get("retry-after"), Date.now());
	return asked === null ? null : Math.min(Math.ceil(asked / 1000), 86_400);
}

const readBytes = 4_096;

/** The status is known: an answer that ends early or never ends changes nothing about it. */
async function beginning(response: Response): Promise<string> {
	let text = "";
	try {
		const decoder = new TextDecoder();
		for await (const chunk of response.body ?? []) {
			text += decoder.decode(chunk, { stream: true });
			if (text.length >= readBytes) break;
		}
	} catch {
		return text;
	}
	return text;
}

/** An error's message and causes may quote the URL. Its code does not. */
function failureText(error: unknown, timeoutMs: number): string {
	if (!(error instanceof Error)) return unreachable("unknown error");
	if (error.name === "TimeoutError")
		return `The webhook did not answer within ${timeoutMs / 1000} s.`;
	if (error.name === "AbortError") return "The post was stopped.";

	const cause: unknown = error.cause;
	const code =
		cause instanceof Error && "code" in cause ? String(cause.code) : "";
	return unreachable(/^[A-Z][A-Z0-9_]{2,50}$/.test(code) ? code : "no code");
}

function unreachable(code: string): string {
	return `The webhook could not be reached (${code}).`;
}

function failed(reason: string): Posted {
	return { outcome: "failed", reason };
}

function retry(
	reason: string,
	retryAfterSeconds: number | null = null,
): Posted {
	return { outcome: "retry", reason, retryAfterSeconds };
}

/** Seconds first (a throttled minute), then minutes (an outage), then hours: about 23 hours in all. */
export const retryDelays: readonly number[] = [
	2, 10, 30, 60, 300, 900, 3_600, 7_200, 14_400, 28_800, 28_800,
];

/** Seconds to wait after the attempt (1 is the first). Null: given up. Never less than what Teams asked for. */
export function retryDelaySeconds(
	attempt: number,
	retryAfterSeconds: number | null,
): number | null {
	const delay = retryDelays[attempt - 1];
	return delay === undefined ? null : Math.max(delay, retryAfterSeconds ?? 0);
}
