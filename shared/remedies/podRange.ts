import {
	freeBlocks,
	isPrivate,
	lowestFit,
	nodeBlocks,
	overlap,
	privateRanges,
	widened,
} from "../cidr.ts";
import type { Range } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { exactly } from "../model/range.ts";
import { reservedRanges } from "../model/surroundings.ts";

/** Where not everything that a range might overlap could be read. */
export const checkText =
	"Check the range first: not all networks that the cluster reaches could be read.";

/** The longest pod CIDR, up to a /24, whose /24 blocks will do. Null where even a /9 does not. */
export function smallestPodRange(
	does: (blocks: Range) => boolean,
): number | null {
	for (let length = 24; length >= 9; length--)
		if (does(exactly(nodeBlocks(`0.0.0.0/${length}`)))) return length;
	return null;
}

/**
 * The larger range of that length around the present one. Null where it would leave private address space, or overlap
 * what is known.
 */
export function largerRange(
	cluster: ResolvedCluster,
	podCidr: string,
	length: number,
): string | null {
	const range = widened(podCidr, length);
	if (isPrivate(podCidr) && !isPrivate(range)) return null;
	return overlap([range], takenFromPods(cluster)) ? null : range;
}

/**
 * A pod CIDR of that length, around AKS's own default where that overlaps nothing that is known. Null where there is
 * none.
 */
export function freePodRange(
	cluster: ResolvedCluster,
	length: number,
): string | null {
	return freeRange("10.244.0.0/16", length, takenFromPods(cluster));
}

/** The same for services, whose default is another and whose range must be smaller than a /12. */
export function freeServiceRange(
	{ podCidr, surroundings: { reached } }: ResolvedCluster,
	length: number,
): string | null {
	const taken = [
		...reservedRanges,
		...(podCidr ? [podCidr] : []),
		...(reached ?? []),
	];
	return freeRange("10.0.0.0/16", Math.max(13, length), taken);
}

function takenFromPods({
	surroundings: { services, reached },
}: ResolvedCluster): string[] {
	return [...reservedRanges, ...services, ...(reached ?? [])];
}

/**
 * The default where it will do. Else the lowest of the shared range, which networks seldom use, or of the private ones.
 */
function freeRange(
	standard: string,
	length: number,
	taken: readonly string[],
): string | null {
	const usual = widened(standard, length);
	if (!overlap([usual], taken)) return usual;
	const shared = "100.64.0.0/10";
	const candidates = [shared, ...privateRanges.filter((one) => one !== shared)];
	return (
		candidates
			.map((range) => lowestFit(freeBlocks([range], taken), length))
			.find((range) => range !== null) ?? null
	);
}
