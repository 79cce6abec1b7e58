/** Opens on the port that people expect, or on the next free one, and says so. */
export async function openOn<T>(
	port: number,
	what: string,
	open: (port: number) => Promise<T>,
): Promise<T> {
	try {
		return await open(port);
	} catch (error) {
		const taken =
			error instanceof Error && /in use|taken|EADDRINUSE/i.test(error.message);
		if (!taken) throw error;
		console.log(`Port ${port} is taken: the ${what} gets a free one.`);
		return open(0);
	}
}
