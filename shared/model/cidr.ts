import { isIPv4, isIPv6 } from "node:net";

/** Azure keeps the network address, gateway, two for DNS and the broadcast address of each prefix (Virtual Network FAQ). */
export const reservedPerPrefix = 5;

/** Length of an IPv4 prefix; null for IPv6; throws with the input quoted when it is neither. */
export function ipv4PrefixLength(cidr: string): number | null {
	const [address = "", length = "", ...rest] = cidr.split("/");
	const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
	if (rest.length === 0 && isIPv4(address) && bits <= 32) return bits;
	if (rest.length === 0 && isIPv6(address) && bits <= 128) return null;
	throw new Error(`"${cidr}" is no address prefix`);
}

/** Addresses of a subnet that can be given out. IPv6 prefixes count nothing: each is a /64 and never the bottleneck. */
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

/** /24 blocks of a pod range: one a node whatever its max pods, none of them reserved. */
export function nodeBlocks(prefix: string): number {
	const length = ipv4PrefixLength(prefix);
	return length === null || length > 24 ? 0 : 2 ** (24 - length);
}

export function hasIpv6(prefixes: readonly string[]): boolean {
	return prefixes.some((prefix) => ipv4PrefixLength(prefix) === null);
}

/** The longest prefix (smallest subnet) with at least so many addresses to give out. */
export function smallestPrefixFor(addresses: number): number {
	return 32 - Math.ceil(Math.log2(Math.max(3, addresses) + reservedPerPrefix));
}

/** The range of that length which contains the given IPv4 range. */
export function widened(cidr: string, length: number): string {
	const [address = ""] = cidr.split("/");
	const bits = address
		.split(".")
		.reduce((total, part) => total * 256 + Number(part), 0);
	const size = 2 ** (32 - length);
	const start = Math.floor(bits / size) * size;
	const parts = [24, 16, 8, 0].map(
		(shift) => Math.floor(start / 2 ** shift) % 256,
	);
	return `${parts.join(".")}/${length}`;
}

/** Lies in the private ranges of RFC 1918 or the shared one of RFC 6598, as pods of an overlay should. */
export function isPrivate(cidr: string): boolean {
	const length = ipv4PrefixLength(cidr) ?? 0;
	return [
		"10.0.0.0/8",
		"172.16.0.0/12",
		"192.168.0.0/16",
		"100.64.0.0/10",
	].some((range) => {
		const around = ipv4PrefixLength(range) ?? 0;
		return length >= around && widened(cidr, around) === range;
	});
}

function ipv4Lengths(prefixes: readonly string[]): number[] {
	return prefixes.map(ipv4PrefixLength).filter((length) => length !== null);
}
