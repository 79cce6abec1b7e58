import fc from "fast-check";

/** Minutes for which each law runs with fresh seeds. Unset: a few worlds, the same ones each time. */
const minutes = Number(process.env.LAWS_MINUTES ?? 0);
/** A world that failed once: `seed` and `path` as the failure says them. */
const again = process.env.LAWS_SEED;

const shrinkMs = minutes > 0 ? 45_000 : 12_000;
/** A long run goes on after a failure, with another seed, until it has this many. */
const mostFailures = 4;

export const lawTimeout = minutes * 60_000 + mostFailures * shrinkMs + 120_000;

/** Thrown by a law with what is wrong, line by line. */
export class Broken extends Error {
	constructor(lines: readonly string[]) {
		super(lines.join("\n"));
	}
}

/** Tests a law on generated worlds. The failure has the seed and the smallest world that was found. */
export async function holds<T>(
	name: string,
	worlds: fc.Arbitrary<T>,
	count: number,
	check: (world: T) => Promise<void>,
): Promise<void> {
	const property = fc.asyncProperty(worlds, check);
	const until = Date.now() + minutes * 60_000;
	const failures: string[] = [];
	let played = 0;
	do {
		const { run, failure } = await once(name, property, count, until);
		played += run;
		if (failure !== null) failures.push(failure);
	} while (Date.now() < until && failures.length < mostFailures && !again);
	if (minutes > 0)
		console.log(`${name}: ${played} worlds, ${failures.length} failures`);
	if (failures.length > 0) throw new Error(failures.join("\n\n"));
}

async function once<T>(
	name: string,
	property: fc.IAsyncProperty<[T]>,
	count: number,
	until: number,
): Promise<{ readonly run: number; readonly failure: string | null }> {
	const [seedText, path] = again?.split("/") ?? [];
	const isLong = minutes > 0 && !again;
	const seed = seedText
		? Number(seedText)
		: isLong
			? Math.floor(Math.random() * 2 ** 31)
			: 20261102;
	const first = await fc.check(property, {
		seed,
		...(path ? { path } : {}),
		numRuns: isLong ? 1_000_000 : count,
		...(isLong
			? { interruptAfterTimeLimit: Math.max(1, until - Date.now()) }
			: {}),
		endOnFailure: true,
	});
	const run = first.numRuns;
	if (!first.failed) return { run, failure: null };

	const shrunk = await fc.check(property, {
		seed,
		path: first.counterexamplePath ?? "",
		interruptAfterTimeLimit: shrinkMs,
	});
	const smallest = shrunk.failed && shrunk.counterexample ? shrunk : first;
	const failure = [
		`${name}: LAWS_SEED=${seed}/${smallest.counterexamplePath}`,
		wordsOf(smallest.errorInstance),
		JSON.stringify(smallest.counterexample?.[0]),
	].join("\n");
	return { run, failure };
}

function wordsOf(error: unknown): string {
	if (error instanceof Broken) return error.message;
	return error instanceof Error ? String(error.stack) : String(error);
}
