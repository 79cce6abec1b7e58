/** Opens on the port that people expect, or on the next free one, and says so. */
export async function openOn<T>(
	port: number,
	what: string,
	open: (port: number) => Promise<T>,
): Promise<T> {
	try {
		return await open(port);
	} catch (error) {
		const inUse =
			error instanceof Error && /in use|EADDRINUSE/i.test(error.message);
		if (!inUse) throw error;
		console.log(
			`Port ${port} is in use. The ${what} takes a free port instead.`,
		);
		return open(0);
	}
}
