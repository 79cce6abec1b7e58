import { describe, expect, it } from "vitest";
import {
	hasIpv6,
	ipv4PrefixLength,
	nodeBlocks,
	podBlocks,
	smallestPrefixFor,
	usableAddresses,
} from "../../shared/model/cidr.ts";

describe("usable addresses of a subnet", () => {
	it.each([
		// 2^(32 - length) - 5: network, gateway, two for DNS, broadcast.
		{ prefixes: ["10.0.0.0/16"], usable: 65_531 },
		{ prefixes: ["10.0.0.0/21"], usable: 2043 },
		{ prefixes: ["10.0.0.0/24"], usable: 251 },
		{ prefixes: ["10.0.0.0/25"], usable: 123 },
		{ prefixes: ["10.0.0.0/26"], usable: 59 },
		{ prefixes: ["10.0.0.0/27"], usable: 27 },
		{ prefixes: ["10.0.0.0/28"], usable: 11 },
		// The smallest that Azure makes.
		{ prefixes: ["10.0.0.0/29"], usable: 3 },
		// Smaller ones have less than is reserved.
		{ prefixes: ["10.0.0.0/30"], usable: 0 },
		{ prefixes: ["10.0.0.0/32"], usable: 0 },
		// Five are reserved in each prefix: 251 + 123.
		{ prefixes: ["10.0.0.0/24", "10.0.9.0/25"], usable: 374 },
		// IPv6 counts nothing.
		{ prefixes: ["10.0.0.0/24", "fd00:10::/64"], usable: 251 },
		{ prefixes: ["fd00:10::/64"], usable: 0 },
		{ prefixes: [], usable: 0 },
	])("$prefixes: $usable", ({ prefixes, usable }) => {
		expect(usableAddresses(prefixes)).toBe(usable);
	});
});

describe("/28 blocks of a pod subnet", () => {
	it.each([
		// First and last are doubtful: 2^(28 - length) - 2 for certain.
		{ prefixes: ["10.0.0.0/22"], low: 62, high: 64 },
		{ prefixes: ["10.0.0.0/23"], low: 30, high: 32 },
		{ prefixes: ["10.0.0.0/26"], low: 2, high: 4 },
		{ prefixes: ["10.0.0.0/27"], low: 0, high: 2 },
		{ prefixes: ["10.0.0.0/28"], low: 0, high: 1 },
		{ prefixes: ["10.0.0.0/29"], low: 0, high: 0 },
		// 4 + 32 blocks, two doubtful ends in each prefix.
		{ prefixes: ["10.0.0.0/26", "10.0.2.0/23"], low: 32, high: 36 },
		{ prefixes: ["10.0.0.0/26", "fd00::/64"], low: 2, high: 4 },
	])("$prefixes: $low to $high", ({ prefixes, low, high }) => {
		expect(podBlocks(prefixes)).toEqual({ low, high });
	});
});

describe("/24 blocks of a pod range", () => {
	it.each([
		// The table of the overlay documentation.
		{ prefix: "10.0.0.0/11", blocks: 8192 },
		{ prefix: "10.0.0.0/13", blocks: 2048 },
		{ prefix: "10.0.0.0/15", blocks: 512 },
		{ prefix: "10.244.0.0/16", blocks: 256 },
		{ prefix: "10.244.0.0/17", blocks: 128 },
		{ prefix: "10.244.0.0/19", blocks: 32 },
		{ prefix: "10.244.0.0/20", blocks: 16 },
		{ prefix: "10.244.0.0/22", blocks: 4 },
		{ prefix: "10.244.0.0/24", blocks: 1 },
		{ prefix: "10.244.0.0/25", blocks: 0 },
		{ prefix: "fd00::/48", blocks: 0 },
	])("$prefix: $blocks", ({ prefix, blocks }) => {
		expect(nodeBlocks(prefix)).toBe(blocks);
	});
});

describe("the smallest subnet that carries a number of addresses", () => {
	it.each([
		// 32 - ceil(log2(addresses + 5)).
		{ addresses: 251, length: 24 },
		{ addresses: 252, length: 23 },
		{ addresses: 507, length: 23 },
		{ addresses: 508, length: 22 },
		{ addresses: 123, length: 25 },
		{ addresses: 124, length: 24 },
		// Azure makes none smaller than a /29.
		{ addresses: 3, length: 29 },
		{ addresses: 1, length: 29 },
		{ addresses: 0, length: 29 },
	])("$addresses: /$length", ({ addresses, length }) => {
		expect(smallestPrefixFor(addresses)).toBe(length);
	});
});

describe("an address prefix", () => {
	it.each([
		{ cidr: "10.0.0.0/0", length: 0 },
		{ cidr: "10.0.0.0/8", length: 8 },
		{ cidr: "255.255.255.255/32", length: 32 },
	])("$cidr is IPv4 of length $length", ({ cidr, length }) => {
		expect(ipv4PrefixLength(cidr)).toBe(length);
	});

	it.each([
		"fd00::/64",
		"2001:db8:85a3::8a2e:370:7334/128",
		"::ffff:10.0.0.1/96",
	])("%s is IPv6", (cidr) => {
		expect(ipv4PrefixLength(cidr)).toBeNull();
		expect(hasIpv6(["10.0.0.0/24", cidr])).toBe(true);
	});

	it("a list of IPv4 alone has no IPv6", () => {
		expect(hasIpv6(["10.0.0.0/24", "10.1.0.0/24"])).toBe(false);
	});

	it.each([
		"",
		"10.0.0.0",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/1e1",
		"10.0.0.0/24/24",
		"10.0.0/24",
		"10.0.0.256/24",
		"10.0.0.0/24 ",
		"fd00::/129",
		"fd00::g/64",
		"GatewayManager",
	])("%j is none, and the error quotes it", (cidr) => {
		expect(() => usableAddresses(["10.0.0.0/24", cidr])).toThrow(
			`"${cidr}" is no address prefix`,
		);
	});
});
