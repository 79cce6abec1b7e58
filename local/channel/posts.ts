import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { refusal } from "./envelope.ts";
import { problem } from "./problem.ts";

export interface Post {
	readonly receivedAt: string;
	/** The request's body as it came. */
	readonly body: string;
}

interface Entry extends Post {
	/** Why the flow would have failed after its 202. Null: the card is in the channel. */
	readonly refused: string | null;
}

export interface Posts {
	readonly cards: readonly Post[];
	/** Accepts a post the way that a workflow's trigger does. */
	receive(request: IncomingMessage, response: ServerResponse): Promise<void>;
	/** Answers the page with what came after the first `after` posts. */
	list(after: number, response: ServerResponse): void;
}

/** No flow reads more than this. */
const maxBytes = 1_048_576;

export function emptyPosts(): Posts {
	const channel = randomUUID();
	const entries: Entry[] = [];
	const cards: Post[] = [];

	return {
		cards,
		async receive(request, response) {
			const body = await textOf(request);
			if (body === null)
				return problem(
					response,
					413,
					`The post is larger than ${maxBytes} bytes.`,
				);
			if (!isJson(body)) return problem(response, 400, "The post is not JSON.");

			const receivedAt = new Date().toISOString();
			const refused = refusal(body, JSON.parse(body));
			entries.push({ receivedAt, body, refused });
			if (refused === null) cards.push({ receivedAt, body });
			// A flow answers before it runs: whoever posts hears nothing of what fails later.
			response.writeHead(202).end();
		},
		list(after, response) {
			const posts = entries.slice(after).map(shown);
			response
				.writeHead(200, { "content-type": "application/json" })
				.end(JSON.stringify({ channel, total: entries.length, posts }));
		},
	};
}

function shown({ receivedAt, body, refused }: Entry): object {
	return refused === null
		? { receivedAt, message: JSON.parse(body) }
		: { receivedAt, refused };
}

/** Null: longer than is read. The rest of it is still taken in, so that the answer arrives. */
async function textOf(request: IncomingMessage): Promise<string | null> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		bytes += chunk.length;
		if (bytes <= maxBytes) chunks.push(chunk);
	}
	return bytes > maxBytes ? null : Buffer.concat(chunks).toString("utf8");
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
