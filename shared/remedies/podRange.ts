import type { Range } from "../contract.ts";
import { isPrivate, nodeBlocks, widened } from "../model/cidr.ts";
import { exactly } from "../model/range.ts";

/** The longest pod range, up to a /24, whose /24 blocks will do; null where even a /9 does not. */
export function smallestPodRange(
	does: (blocks: Range) => boolean,
): number | null {
	for (let length = 24; length >= 9; length--)
		if (does(exactly(nodeBlocks(`0.0.0.0/${length}`)))) return length;
	return null;
}

/** Refused as pod ranges since the changelog of 2026-05-29; others that are lie outside of the private ranges anyway. */
const reserved = ["172.30.0.0/16", "172.31.0.0/16"];

/** The larger range of that length around the present one; null where it would leave private address space. */
export function expanded(podCidr: string, length: number): string | null {
	const range = widened(podCidr, length);
	if (isPrivate(podCidr) && !isPrivate(range)) return null;
	const swallows = reserved.some(
		(one) => length <= 16 && widened(one, length) === range,
	);
	return swallows ? null : range;
}

/** A standard range of that length, around AKS's own default 10.244.0.0/16. */
export function standardPodRange(length: number): string {
	return widened("10.244.0.0/16", length);
}
