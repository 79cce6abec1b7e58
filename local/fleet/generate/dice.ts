/** Chance that comes out the same for the same seed. */
export interface Dice {
	/** 0 up to, not including, 1. */
	roll(): number;
	/** A whole number, both ends included. */
	between(low: number, high: number): number;
	chance(share: number): boolean;
	pick<T>(items: readonly [T, ...T[]]): T;
	/** A key, each as often as its weight says. */
	weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
	shuffled<T>(items: readonly T[]): T[];
}

export function dice(seed: number): Dice {
	const roll = mulberry32(seed);
	const between = (low: number, high: number) =>
		low + Math.floor(roll() * (high - low + 1));

	return {
		roll,
		between,
		chance: (share) => roll() < share,
		pick: (items) => items[between(0, items.length - 1)] ?? items[0],
		weighted: (weights) => weightedKey(weights, roll()),
		shuffled: (items) => {
			const list = [...items];
			for (let last = list.length - 1; last > 0; last--)
				swap(list, last, between(0, last));
			return list;
		},
	};
}

/** Tommy Ettinger's generator of 32 bits (public domain). */
function mulberry32(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

function weightedKey<K extends string>(
	weights: Readonly<Record<K, number>>,
	roll: number,
): K {
	const entries = Object.entries(weights) as [K, number][];
	const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
	let left = roll * total;
	for (const [key, weight] of entries) {
		left -= weight;
		if (left < 0) return key;
	}
	throw new Error("weights must not be empty");
}

function swap<T>(list: T[], a: number, b: number): void {
	[list[a], list[b]] = [list[b] as T, list[a] as T];
}
