import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

/** What becomes of a request: a status that no client tries again, one that says later, no answer, or a late one. */
export type StorageFault = 400 | 403 | 412 | 503 | "reset" | "slow";

/** A proxy before the storage emulator that disturbs the requests it is told to. */
export interface StorageProxy {
	readonly connectionString: string;
	/** How many requests have met a fault. */
	readonly refused: number;
	/**
	 * From now on requests whose method, address or body contains the text meet the fault (400 unless told), this many
	 * times.
	 */
	refuse(text: string | RegExp, times?: number, fault?: StorageFault): void;
	/**
	 * The next request that contains the text reaches storage, and its answer is lost: the client sees a closed
	 * connection.
	 */
	loseAnswer(text: string | RegExp): void;
	/** How many answers were lost. */
	readonly lost: number;
	close(): Promise<void>;
}

/** Long beside the milliseconds that the emulator takes, short beside a test. */
const slowMilliseconds = 150;

export async function startStorageProxy(
	connectionString: string,
): Promise<StorageProxy> {
	const [, port = ""] =
		/TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(connectionString) ?? [];
	let refusing: {
		readonly text: string | RegExp;
		readonly times: number;
		readonly fault: StorageFault;
	} = { text: "", times: 0, fault: 400 };
	let refused = 0;
	let losing: string | RegExp | null = null;
	let lost = 0;
	const server = createServer(async (request, response) => {
		const body = await buffer(request);
		const { text, times, fault } = refusing;
		const whole = `${request.method} ${decoded(request.url)}\n${body}`;
		if (times > 0 && holds(whole, text)) {
			refusing = { text, times: times - 1, fault };
			refused++;
			if (fault === "reset") {
				response.destroy();
				return;
			}
			if (fault !== "slow") {
				// So that a client that tries again does so at once.
				response.writeHead(fault, { "retry-after-ms": "1" }).end();
				return;
			}
			await setTimeout(slowMilliseconds);
		}
		const loses = losing !== null && holds(whole, losing);
		if (loses) {
			losing = null;
			lost++;
		}
		const { method, headers, url: path } = request;
		const onward = forward(
			{ host: "127.0.0.1", port, method, headers, path },
			(answer) => {
				if (loses) {
					answer.resume().once("end", () => response.destroy());
					return;
				}
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
		refuse: (text, times = Number.POSITIVE_INFINITY, fault = 400) => {
			refusing = { text, times, fault };
		},
		loseAnswer: (text) => {
			losing = text;
		},
		get lost() {
			return lost;
		},
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}

function holds(whole: string, text: string | RegExp): boolean {
	return typeof text === "string" ? whole.includes(text) : text.test(whole);
}

function decoded(url = ""): string {
	return decodeURIComponent(url.replaceAll("+", " "));
}
