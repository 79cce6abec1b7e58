import { bounds, widened } from "../../shared/cidr.ts";

/* An address space as rows, each to its own scale: what is too small in a row is shown again, larger, in rows below it. */

/** A range of IPv4 addresses in the space. */
export interface Item {
	readonly prefix: string;
	/** It must be readable. A free range need not be. */
	readonly matters: boolean;
}

export interface Cell<T extends Item> {
	readonly item: T;
	/** Parts of the row, from 0 to 1. */
	readonly from: number;
	readonly to: number;
}

export interface AddressRow<T extends Item> {
	/** What the row shows, from its left end to its right one. */
	readonly block: string;
	/** Lowest first. */
	readonly cells: readonly Cell<T>[];
	/** Parts of it, larger. Lowest first. */
	readonly enlarged: readonly AddressRow<T>[];
}

/** Bits by which a row may be larger than what can be read in it: a sixteenth of the row. */
const readableBits = 4;
/** An enlarged part is at most an eighth of its row: else it would show little more. */
const enlargedBits = 3;

/** `items`: apart from each other, and each within one of the prefixes. IPv4 alone. */
export function addressRow<T extends Item>(
	prefix: string,
	items: readonly T[],
): AddressRow<T> {
	const { first, last } = bounds(prefix);
	const size = last - first + 1;
	const length = lengthOf(prefix);
	const own = items
		.map((item) => ({ item, ...bounds(item.prefix) }))
		.filter((one) => one.first >= first && one.last <= last)
		.sort((a, b) => a.first - b.first);
	const small = own
		.map(({ item }) => item)
		.filter(
			(one) => one.matters && lengthOf(one.prefix) > length + readableBits,
		);
	return {
		block: prefix,
		cells: own.map(({ item, first: from, last: to }) => ({
			item,
			from: (from - first) / size,
			to: (to + 1 - first) / size,
		})),
		enlarged: parts(small, length + enlargedBits).map((part) =>
			addressRow(part, items),
		),
	};
}

/**
 * The smallest blocks that have all of these in them, none larger than of this length, and in each of them the largest
 * can be read.
 */
function parts(items: readonly Item[], shortest: number): string[] {
	const [first, ...rest] = items;
	if (first === undefined) return [];
	const block = rest.reduce(
		(all, one) => common(all, one.prefix),
		first.prefix,
	);
	const largest = Math.min(...items.map(({ prefix }) => lengthOf(prefix)));
	const length = lengthOf(block);
	if (length >= Math.max(shortest, largest - readableBits)) {
		// One alone gets some room around it.
		const roomy = Math.min(length, largest - 2);
		return [widened(block, Math.max(shortest, roomy))];
	}
	const middle = (bounds(block).first + bounds(block).last) / 2;
	const isLow = ({ prefix }: Item) => bounds(prefix).first < middle;
	return [
		...parts(items.filter(isLow), shortest),
		...parts(
			items.filter((one) => !isLow(one)),
			shortest,
		),
	];
}

/** The smallest block that has both in it. */
function common(a: string, b: string): string {
	let length = Math.min(lengthOf(a), lengthOf(b));
	while (widened(a, length) !== widened(b, length)) length -= 1;
	return widened(a, length);
}

export function lengthOf(prefix: string): number {
	return Number(prefix.split("/")[1] ?? 32);
}

/** How many rows there are, enlarged ones included. */
export function rowCount<T extends Item>({ enlarged }: AddressRow<T>): number {
	return enlarged.reduce((sum, row) => sum + rowCount(row), 1);
}

/** "10.30.4.255". */
export function addressText(address: number): string {
	return [24, 16, 8, 0]
		.map((shift) => Math.floor(address / 2 ** shift) % 256)
		.join(".");
}
