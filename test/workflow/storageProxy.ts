import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Stands in front of the storage emulator and refuses what it is told to; refused with 400, which no client tries again. */
export interface StorageProxy {
	readonly connectionString: string;
	/** How many requests have been refused. */
	readonly refused: number;
	/** From now on requests whose address or body holds the text are refused, so many times. */
	refuse(text: string, times?: number): void;
	close(): Promise<void>;
}

export async function startStorageProxy(
	connectionString: string,
): Promise<StorageProxy> {
	const [, port = ""] =
		/TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(connectionString) ?? [];
	let refusing = { text: "", times: 0 };
	let refused = 0;
	const server = createServer(async (request, response) => {
		const body = await buffer(request);
		const { text, times } = refusing;
		if (times > 0 && `${decoded(request.url)}\n${body}`.includes(text)) {
			refusing = { text, times: times - 1 };
			refused++;
			response.writeHead(400).end();
			return;
		}
		const { method, headers, url: path } = request;
		const onward = forward(
			{ host: "127.0.0.1", port, method, headers, path },
			(answer) => {
				response.writeHead(answer.statusCode ?? 500, answer.headers);
				answer.pipe(response);
			},
		);
		onward.once("error", () => response.destroy());
		onward.end(body);
	});
	await new Promise<void>((listening) =>
		server.listen(0, "127.0.0.1", listening),
	);
	const own = (server.address() as AddressInfo).port;
	return {
		connectionString: connectionString.replace(`:${port}/`, `:${own}/`),
		get refused() {
			return refused;
		},
		refuse: (text, times = Number.POSITIVE_INFINITY) => {
			refusing = { text, times };
		},
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}

function decoded(url = ""): string {
	return decodeURIComponent(url.replaceAll("+", " "));
}
