import { describe, expect, it } from "vitest";
import {
	covering,
	freeBlocks,
	hasIpv6,
	ipv4PrefixLength,
	isPrivate,
	lowestFit,
	nodeBlocks,
	overlap,
	podBlocks,
	smallestPrefixFor,
	usableAddresses,
	widened,
} from "../shared/cidr.ts";

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

describe("the smallest subnet with room for a number of addresses", () => {
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
			`"${cidr}" is not an address prefix`,
		);
	});
});

describe("two lists of ranges", () => {
	it.each([
		{ a: ["10.1.0.0/24"], b: ["10.1.0.0/24"], common: true },
		// Adjacent: 10.1.0.255 and 10.1.1.0.
		{ a: ["10.1.0.0/24"], b: ["10.1.1.0/24"], common: false },
		{ a: ["10.1.1.0/24"], b: ["10.1.0.0/24"], common: false },
		// One address.
		{ a: ["10.1.0.0/24"], b: ["10.1.0.255/32"], common: true },
		{ a: ["10.1.0.0/24"], b: ["10.1.0.0/32"], common: true },
		// One is in the other.
		{ a: ["10.0.0.0/8"], b: ["10.1.0.0/24"], common: true },
		{ a: ["10.1.0.0/24"], b: ["10.0.0.0/8"], common: true },
		// Azure takes a prefix that does not begin where its block does.
		{ a: ["10.1.0.77/24"], b: ["10.1.0.1/32"], common: true },
		{ a: ["10.1.0.0/24", "10.9.0.0/24"], b: ["10.9.0.0/28"], common: true },
		{ a: [], b: ["10.1.0.0/24"], common: false },
		{ a: ["0.0.0.0/0"], b: ["255.255.255.255/32"], common: true },
	])("$a and $b: $common", ({ a, b, common }) => {
		expect(overlap(a, b)).toBe(common);
	});
});

describe("free blocks of an address space", () => {
	it.each([
		{
			what: "nothing taken",
			space: ["10.1.0.0/16"],
			taken: [],
			free: ["10.1.0.0/16"],
		},
		{
			// 10.1.1.0/24 is as large as the first, 10.1.2.0/23 is larger, 10.1.3.0/24 is in it.
			what: "the first /24 taken",
			space: ["10.1.0.0/21"],
			taken: ["10.1.0.0/24"],
			free: ["10.1.1.0/24", "10.1.2.0/23", "10.1.4.0/22"],
		},
		{
			// Free: .0/26, then .128/25 of 10.1.0, then 10.1.2.0/23; 10.1.1.0/24 is taken.
			what: "gaps between subnets",
			space: ["10.1.0.0/22"],
			taken: ["10.1.0.64/26", "10.1.1.0/24"],
			free: ["10.1.0.0/26", "10.1.0.128/25", "10.1.2.0/23"],
		},
		{
			what: "two prefixes side by side, over whose border no subnet reaches",
			space: ["10.1.1.0/24", "10.1.0.0/24"],
			taken: [],
			free: ["10.1.0.0/24"],
		},
		{
			what: "two prefixes out of order, the higher one larger",
			space: ["10.2.0.0/16", "10.1.0.0/24"],
			taken: ["10.1.0.0/25"],
			free: ["10.1.0.128/25", "10.2.0.0/16"],
		},
		{
			what: "IPv6 beside it",
			space: ["10.1.0.0/24", "fd00::/48"],
			taken: ["fd00::/64"],
			free: ["10.1.0.0/24"],
		},
		{
			what: "all taken",
			space: ["10.1.0.0/24"],
			taken: ["10.1.0.0/25", "10.1.0.128/25"],
			free: [],
		},
		{
			what: "more taken than there is",
			space: ["10.1.0.0/24"],
			taken: ["10.0.0.0/8"],
			free: [],
		},
	])("with $what", ({ space, taken, free }) => {
		expect(freeBlocks(space, taken)).toEqual(free);
	});

	it.each([
		{ length: 28, fit: "10.1.0.0/28" },
		{ length: 26, fit: "10.1.0.0/26" },
		// The /26 is too small: the lowest /25 that is free.
		{ length: 25, fit: "10.1.0.128/25" },
		{ length: 24, fit: "10.1.2.0/24" },
		{ length: 23, fit: "10.1.2.0/23" },
		{ length: 22, fit: null },
	])("have $fit as the lowest /$length", ({ length, fit }) => {
		expect(
			lowestFit(["10.1.0.0/26", "10.1.0.128/25", "10.1.2.0/23"], length),
		).toBe(fit);
	});
});

describe("few prefixes that cover many", () => {
	it("are the same where they are few, with neighbors made one", () => {
		expect(
			covering(["10.1.1.0/24", "10.1.0.0/24", "10.9.0.0/16", "fd00::/48"], 2),
		).toEqual(["10.1.0.0/23", "10.9.0.0/16"]);
	});

	it("are wider where they are too many", () => {
		// Every second /28 of a /24: the /24 itself.
		const scattered = Array.from(
			{ length: 8 },
			(_, index) => `10.1.0.${index * 32}/28`,
		);
		expect(covering(scattered, 7)).toEqual(["10.1.0.0/24"]);
		// Every second /24 of a /20.
		const apart = Array.from(
			{ length: 8 },
			(_, index) => `10.1.${index * 2}.0/24`,
		);
		expect(covering(apart, 7)).toEqual(["10.1.0.0/20"]);
		expect(covering(apart, 8)).toEqual(apart);
	});
});

it.each([
	{ cidr: "10.244.0.0/16", length: 13, around: "10.240.0.0/13" },
	{ cidr: "10.244.3.7/24", length: 24, around: "10.244.3.0/24" },
	{ cidr: "10.244.0.0/16", length: 20, around: "10.244.0.0/20" },
])("$around is the /$length around $cidr", ({ cidr, length, around }) => {
	expect(widened(cidr, length)).toBe(around);
});

it.each([
	{ cidr: "10.0.0.0/8", private: true },
	{ cidr: "10.0.0.0/7", private: false },
	{ cidr: "172.16.0.0/12", private: true },
	{ cidr: "172.32.0.0/16", private: false },
	{ cidr: "100.127.0.0/16", private: true },
	{ cidr: "100.128.0.0/16", private: false },
	{ cidr: "192.168.255.0/24", private: true },
])("$cidr is private: $private", ({ cidr, private: isIt }) => {
	expect(isPrivate(cidr)).toBe(isIt);
});
