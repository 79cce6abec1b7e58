import type { IncomingMessage } from "node:http";

export class BodyTooLargeError extends Error {}

/** Reads a request's body. Throws BodyTooLargeError as soon as it has more bytes than allowed. */
export async function readBody(
	request: IncomingMessage,
	maxBytes: number,
): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	// Leaving the loop must not destroy the request: its answer takes the same connection.
	const parts: AsyncIterable<Buffer> = request.iterator({
		destroyOnReturn: false,
	});
	for await (const chunk of parts) {
		bytes += chunk.length;
		if (bytes > maxBytes) {
			throw new BodyTooLargeError(
				`The request body is larger than ${maxBytes} bytes.`,
			);
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
