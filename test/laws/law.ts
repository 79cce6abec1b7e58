import fc from "fast-check";

/** Minutes for which each law runs with fresh seeds; unset: a few worlds, the same ones each time. */
const minutes = Number(process.env.LAWS_MINUTES ?? 0);
/** A world that failed once: `seed` and `path` as the failure says them. */
const again = process.env.LAWS_SEED;

const shrinkMs = minutes > 0 ? 120_000 : 12_000;

export const lawTimeout = minutes * 60_000 + shrinkMs + 120_000;

/** Thrown by a law with what is wrong, line by line. */
export class Broken extends Error {
	constructor(lines: readonly string[]) {
		super(lines.join("\n"));
	}
}

/** Holds a law against generated worlds; the failure has the seed and the smallest world that was found. */
export async function holds<T>(
	name: string,
	worlds: fc.Arbitrary<T>,
	count: number,
	check: (world: T) => Promise<void>,
): Promise<void> {
	const property = fc.asyncProperty(worlds, check);
	const [seedText, path] = again?.split("/") ?? [];
	const seed = seedText
		? Number(seedText)
		: minutes > 0
			? Math.floor(Math.random() * 2 ** 31)
			: 20261102;
	const first = await fc.check(property, {
		seed,
		...(path ? { path } : {}),
		numRuns: minutes > 0 ? 1_000_000 : count,
		...(minutes > 0 ? { interruptAfterTimeLimit: minutes * 60_000 } : {}),
		endOnFailure: true,
	});
	if (!first.failed) {
		if (minutes > 0)
			console.log(`${name}: ${first.numRuns} worlds, seed ${seed}`);
		return;
	}
	const shrunk = await fc.check(property, {
		seed,
		path: first.counterexamplePath ?? "",
		interruptAfterTimeLimit: shrinkMs,
	});
	const failure = shrunk.failed && shrunk.counterexample ? shrunk : first;
	const why = failure.errorInstance;
	throw new Error(
		[
			`${name}: world ${first.numRuns} fails; LAWS_SEED=${seed}/${failure.counterexamplePath}`,
			why instanceof Error
				? why instanceof Broken
					? why.message
					: String(why.stack)
				: String(why),
			JSON.stringify(failure.counterexample?.[0]),
		].join("\n"),
	);
}
