/** Whether a host name, as `URL` has it, means this machine. */
export function isLoopback(hostname: string): boolean {
	return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** Whether a whole address leads to this machine. */
export function isLoopbackAddress(address: string): boolean {
	return isLoopback(URL.parse(address)?.hostname ?? "");
}
