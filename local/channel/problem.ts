import type { ServerResponse } from "node:http";

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
