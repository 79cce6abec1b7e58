import type { ServerResponse } from "node:http";

const timeoutMs = 30_000;

/** Passes a GET of the page on to the functions host: a page may only ask its own server. */
export async function passOn(
	pathAndQuery: string,
	apiUrl: string | null,
	response: ServerResponse,
): Promise<void> {
	if (apiUrl === null) {
		problem(response, 503, "The functions host has not started yet.");
		return;
	}

	try {
		const answer = await fetch(`${apiUrl.replace(/\/+$/, "")}${pathAndQuery}`, {
			redirect: "manual",
			signal: AbortSignal.timeout(timeoutMs),
		});
		const body = Buffer.from(await answer.arrayBuffer());
		const type = answer.headers.get("content-type") ?? "application/json";
		response.writeHead(answer.status, { "content-type": type }).end(body);
	} catch (error) {
		const reason = error instanceof Error ? error.name : "unknown error";
		problem(response, 502, `The functions host does not answer (${reason}).`);
	}
}

export function problem(
	response: ServerResponse,
	status: number,
	title: string,
): void {
	const body = JSON.stringify({ type: "about:blank", title, status });
	response
		.writeHead(status, { "content-type": "application/problem+json" })
		.end(body);
}
