import { request } from "node:http";
import { join } from "node:path";
import { quiet } from "../../../local/host/log.ts";
import {
	type Host,
	type HostOptions,
	startHost,
} from "../../../local/host/startHost.ts";

export const appFolder = join(import.meta.dirname, "app");

/** A host over the functions of the folder `app`, on a free port. */
export function testHost(options: HostOptions = {}): Promise<Host> {
	return startHost({
		root: appFolder,
		port: 0,
		log: quiet,
		...options,
		env: {
			TEST_HUB_NAME: "tests",
			TEST_SCHEDULE: "0 0 5 * * *",
			...options.env,
		},
	});
}

export interface Reply {
	readonly status: number;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: string;
}

/** A request with any headers, Host among them, which fetch does not let through. */
export function send(
	host: Host,
	path: string,
	options: {
		method?: string;
		headers?: Record<string, string>;
		body?: string;
	} = {},
): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const { method = "GET", headers = {}, body } = options;
		const outgoing = request(
			{ host: "127.0.0.1", port: host.port, path, method, headers },
			(response) => {
				const chunks: Buffer[] = [];
				response.on("data", (chunk: Buffer) => chunks.push(chunk));
				response.on("end", () =>
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers,
						body: Buffer.concat(chunks).toString("utf8"),
					}),
				);
			},
		);
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}
