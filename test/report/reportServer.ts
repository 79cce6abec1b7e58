import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../local/projectRoot.ts";

/** What the routes of the API answer, by method and path with its query. */
export type Answers = Map<
	string,
	{ readonly status?: number; readonly body: unknown }
>;

export interface ReportServer {
	readonly url: string;
	/** "PUT /api/findings/x/acceptance {…}": what the page wrote. */
	readonly written: readonly string[];
	close(): Promise<void>;
}

/** Serves the built page as the functions do, with the policy as a header, and answers its calls from a table. */
export async function startReportServer(
	answers: Answers,
): Promise<ReportServer> {
	const folder = join(projectRoot(), "dist/package");
	const html = await readFile(join(folder, "report.html"), "utf8");
	const { script, style } = JSON.parse(
		await readFile(join(folder, "report.json"), "utf8"),
	) as { script: string; style: string };
	const policy = `default-src 'none'; script-src '${script}'; style-src '${style}'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
	const written: string[] = [];

	const server = createServer(async (request, response) => {
		const { pathname, search } = new URL(`http://report${request.url}`);
		if (pathname === "/api/report") {
			response.writeHead(200, {
				"content-type": "text/html; charset=utf-8",
				"content-security-policy": policy,
			});
			return void response.end(html);
		}
		if (request.method !== "GET") {
			const body = (await request.toArray()).join("");
			written.push(`${request.method} ${request.url} ${body}`);
		}
		const path = decodeURIComponent(`${pathname}${search}`);
		send(response, answers.get(`${request.method} ${path}`));
	});
	server.listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/api/report`,
		written,
		close: () => closed(server),
	};
}

function send(
	response: ServerResponse,
	answer: { readonly status?: number; readonly body: unknown } | undefined,
): void {
	const { status = 200, body } = answer ?? {
		status: 404,
		body: { title: "Not found", detail: "There is no such answer." },
	};
	if (status === 204) return void response.writeHead(204).end();
	response
		.writeHead(status, { "content-type": "application/json" })
		.end(JSON.stringify(body));
}

function closed(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error ? reject(error) : resolve()));
		server.closeAllConnections();
	});
}
