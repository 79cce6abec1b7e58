import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Opens a server on 127.0.0.1 only. Throws with the port and a way out where the port is taken. */
export async function listen(
	port: number,
): Promise<{ server: Server; port: number }> {
	// A client of the same process may be busy for longer than the 5 seconds of Node, and then use a connection just closed.
	const server = createServer({ keepAliveTimeout: 120_000 });
	await new Promise<void>((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) =>
			reject(error.code === "EADDRINUSE" ? taken(port) : error),
		);
		server.listen(port, "127.0.0.1", resolve);
	});
	return { server, port: (server.address() as AddressInfo).port };
}

/** Ends open connections too: a keep-alive connection would keep the process alive. */
export function closeServer(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error ? reject(error) : resolve()));
		server.closeAllConnections();
	});
}

function taken(port: number): Error {
	return new Error(
		`Port ${port} is in use: choose another with --port N, or --port 0 for a free one.`,
	);
}
