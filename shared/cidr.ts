import {
	containsCidr,
	excludeCidr,
	mergeCidr,
	normalizeCidr,
	overlapCidr,
	parseCidr,
} from "cidr-tools";
// Not those of node:net: the report's page has this file in it, too.
import { IPV4_REGEX, IPV6_REGEX } from "valibot";

/** Azure keeps the network address, gateway, two for DNS and the broadcast address of each prefix (Virtual Network FAQ). */
const reservedPerPrefix = 5;

/** Length of an IPv4 prefix; null for IPv6; throws with the input quoted when it is neither. */
export function ipv4PrefixLength(cidr: string): number | null {
	const slash = cidr.indexOf("/");
	const address = cidr.slice(0, Math.max(0, slash));
	const length = cidr.slice(slash + 1);
	const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
	if (bits <= 32 && IPV4_REGEX.test(address)) return bits;
	if (bits <= 128 && IPV6_REGEX.test(address)) return null;
	throw new Error(`"${cidr}" is not an address prefix`);
}

/** Usable IPs of a subnet. IPv6 prefixes count nothing: each is a /64 and never the bottleneck. */
export function usableAddresses(prefixes: readonly string[]): number {
	return ipv4Lengths(prefixes).reduce(
		(total, length) =>
			total + Math.max(0, 2 ** (32 - length) - reservedPerPrefix),
		0,
	);
}

/** Aligned /28 blocks of a pod subnet. Whether Azure's own reserved addresses cost the first and the last is undocumented. */
export function podBlocks(prefixes: readonly string[]): {
	low: number;
	high: number;
} {
	const high = ipv4Lengths(prefixes).reduce(
		(total, length) => total + (length > 28 ? 0 : 2 ** (28 - length)),
		0,
	);
	return { low: Math.max(0, high - 2 * ipv4Lengths(prefixes).length), high };
}

/** /24 blocks of a pod CIDR: one a node whatever its max pods, none of them reserved. */
export function nodeBlocks(prefix: string): number {
	const length = ipv4PrefixLength(prefix);
	return length === null || length > 24 ? 0 : 2 ** (24 - length);
}

export function hasIpv6(prefixes: readonly string[]): boolean {
	return prefixes.some((prefix) => ipv4PrefixLength(prefix) === null);
}

/** The longest prefix (smallest subnet) with at least this many usable IPs. */
export function smallestPrefixFor(addresses: number): number {
	return 32 - Math.ceil(Math.log2(Math.max(3, addresses) + reservedPerPrefix));
}

/** The IPv4 prefixes of a list. IPv6 is never scarce, and its ranges are not compared. */
export function ipv4Of(prefixes: readonly string[]): string[] {
	return prefixes.filter((prefix) => ipv4PrefixLength(prefix) !== null);
}

/** Whether two lists of IPv4 prefixes have an address in common. The library is fast with single ones only. */
export function overlap(a: readonly string[], b: readonly string[]): boolean {
	return a.some((one) => b.some((other) => overlapCidr(one, other)));
}

/** The range of that length which contains this IPv4 range. */
export function widened(cidr: string, length: number): string {
	return normalizeCidr(`${cidr.split("/")[0]}/${length}`);
}

/** The private ranges of RFC 1918 and the shared one of RFC 6598, from which pods should have their addresses. */
export const privateRanges = [
	"10.0.0.0/8",
	"100.64.0.0/10",
	"172.16.0.0/12",
	"192.168.0.0/16",
] as const;

export function isPrivate(cidr: string): boolean {
	return containsCidr([...privateRanges], cidr);
}

/**
 * At most `most` IPv4 prefixes that cover all of these. If there are too many, wider ones that also cover what is
 * between.
 */
export function covering(prefixes: readonly string[], most: number): string[] {
	let cover = mergeCidr(ipv4Of(prefixes));
	for (let length = 24; cover.length > most; length -= 4)
		cover = mergeCidr(
			cover.map((prefix) =>
				(ipv4PrefixLength(prefix) ?? 0) > length
					? widened(prefix, length)
					: prefix,
			),
		);
	return cover;
}

/**
 * Free aligned blocks of an IPv4 address space, lowest first, except those no larger than one below them. So the lowest
 * that fits is there for every length. A block is within one prefix of the space, as a subnet must be.
 */
export function freeBlocks(
	space: readonly string[],
	taken: readonly string[],
): string[] {
	let shortest = Number.POSITIVE_INFINITY;
	return freeRanges(space, taken).filter((block) => {
		const length = ipv4PrefixLength(block) ?? 32;
		if (length >= shortest) return false;
		shortest = length;
		return true;
	});
}

/** All of them: the IPv4 address space without what is taken, as aligned blocks, lowest first. */
export function freeRanges(
	space: readonly string[],
	taken: readonly string[],
): string[] {
	const used = ipv4Of(taken);
	return ipv4Of(space)
		.flatMap((prefix) => excludeCidr(prefix, used))
		.sort((a, b) => firstAddress(a) - firstAddress(b));
}

/** The lowest range of a length within blocks that are sorted. Null where none is so large. */
export function lowestFit(
	blocks: readonly string[],
	length: number,
): string | null {
	const block = blocks.find((one) => (ipv4PrefixLength(one) ?? 32) <= length);
	return block === undefined ? null : widened(block, length);
}

function firstAddress(prefix: string): number {
	return bounds(prefix).first;
}

/** The first and the last address of an IPv4 range, as numbers. */
export function bounds(prefix: string): {
	readonly first: number;
	readonly last: number;
} {
	const { start, end } = parseCidr(prefix);
	return { first: Number(start), last: Number(end) };
}

function ipv4Lengths(prefixes: readonly string[]): number[] {
	return prefixes.map(ipv4PrefixLength).filter((length) => length !== null);
}
