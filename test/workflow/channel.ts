import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a channel does with a post: answers with a status, hangs, or closes the connection. */
type Reaction =
	| number
	| { readonly status: number; readonly retryAfter?: number }
	| "hang"
	| "reset";

export interface Channel {
	/** A webhook with a secret in it, as Teams has them. */
	readonly webhook: string;
	/** Every post, accepted or not. */
	readonly posts: readonly Post[];
	/** Those that were answered with 202. */
	accepted(): readonly Post[];
	/** Reactions to the next posts, one each. Afterwards all are accepted. */
	react(...reactions: Reaction[]): void;
	close(): Promise<void>;
}

interface Post {
	readonly body: string;
	readonly accepted: boolean;
}

export const secret = "sig=Zm9yLXRlc3RzLW9ubHk";

/** A Teams workflow for tests: answers 202 to each post unless told otherwise. */
export async function startChannel(): Promise<Channel> {
	const posts: Post[] = [];
	let reactions: Reaction[] = [];
	const server = createServer(async (request, response) => {
		const body = await text(request);
		const reaction = reactions.shift() ?? 202;
		const status = typeof reaction === "object" ? reaction.status : reaction;
		posts.push({ body, accepted: status === 202 });
		if (status === "hang") return;
		if (status === "reset") {
			response.destroy();
			return;
		}
		if (typeof reaction === "object" && reaction.retryAfter !== undefined)
			response.setHeader("retry-after", String(reaction.retryAfter));
		response.writeHead(status).end();
	});
	await new Promise<void>((listening) =>
		server.listen(0, "127.0.0.1", listening),
	);
	const { port } = server.address() as AddressInfo;
	return {
		webhook: `http://127.0.0.1:${port}/workflows/invoke?api-version=1&${secret}`,
		posts,
		accepted: () => posts.filter(({ accepted }) => accepted),
		react: (...next) => {
			reactions = next;
		},
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}
