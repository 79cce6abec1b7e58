import * as v from "valibot";
import type {
	CheckAnswer,
	CheckRequest,
} from "../../shared/checks/contract.ts";
import { CouldNotRun } from "./couldNotRun.ts";

/** The auditor answers within a minute, or says when to come again. */
const longestAnswer = 120_000;
const longestWait = 300_000;

/** Asks a deployed auditor. The key travels in a header and is never shown. Throws `CouldNotRun`. */
export async function askApi(
	api: string,
	key: string | undefined,
	request: CheckRequest,
	progress: (text: string) => void,
): Promise<CheckAnswer> {
	const until = Date.now() + longestWait;
	for (;;) {
		const response = await post(api, key, request);
		if (response.ok) return answerIn(api, response);
		const seconds = Number(response.headers.get("retry-after"));
		const mayWait =
			(response.status === 503 || response.status === 429) &&
			seconds > 0 &&
			Date.now() + seconds * 1000 < until;
		if (!mayWait) throw new CouldNotRun(await refusal(response));
		progress(
			`The auditor waits for Azure's quota. Asking again in ${seconds} s.`,
		);
		await response.body?.cancel();
		await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
	}
}

async function post(
	api: string,
	key: string | undefined,
	request: CheckRequest,
): Promise<Response> {
	try {
		return await fetch(`${api}/api/checks`, {
			method: "POST",
			headers: {
				"content-type": "application/json",
				...(key === undefined || key === "" ? {} : { "x-functions-key": key }),
			},
			body: JSON.stringify(request),
			// A redirect would carry the key to another address.
			redirect: "error",
			signal: AbortSignal.timeout(longestAnswer),
		});
	} catch {
		// The cause can name the header with the key.
		throw new CouldNotRun(
			`The auditor at ${api} does not answer. Check the address, and that it runs.`,
		);
	}
}

/** Something else than an auditor can answer at the address, and nothing in it would mean that all fits. */
async function answerIn(api: string, response: Response): Promise<CheckAnswer> {
	let answer: unknown;
	try {
		answer = await response.json();
	} catch {
		answer = null;
	}
	if (!isAnswer(answer))
		throw new CouldNotRun(
			`What answers at ${api} is not an auditor, or a version that this gate does not know.`,
		);
	return answer;
}

const answerShape = v.object({
	verdict: v.picklist(["fits", "tight", "short", "unknown"]),
	clusters: v.array(v.object({ budgets: v.array(v.unknown()) })),
	findings: v.array(v.unknown()),
	remedies: v.array(v.unknown()),
	gaps: v.array(v.unknown()),
	ignored: v.array(v.unknown()),
});

function isAnswer(value: unknown): value is CheckAnswer {
	return v.is(answerShape, value);
}

async function refusal(response: Response): Promise<string> {
	if (response.status === 401 || response.status === 403)
		return "The auditor refuses the key. Put a function key into the environment variable AUDITOR_KEY.";
	if (response.status === 404)
		return "The auditor has no checks at this address: its version may be too old.";
	let detail: unknown;
	try {
		const problem: unknown = await response.json();
		detail = Reflect.get(Object(problem), "detail");
	} catch {
		detail = undefined;
	}
	return `The auditor answered ${response.status}${typeof detail === "string" ? `: ${detail}` : "."}`;
}
