import { describe, expect, it } from "vitest";
import {
	addressesHeld,
	podsWithin,
	shareOf,
} from "../../shared/model/podsPerNode.ts";
import { range } from "./builders.ts";

describe("addresses of a node in a dynamic pod subnet", () => {
	it.each([
		// Unit tests of azure-container-networking's ipammath.
		{ pods: 0, addresses: 16 },
		{ pods: 8, addresses: 16 },
		{ pods: 16, addresses: 32 },
		{ pods: 25, addresses: 48 },
		{ pods: 32, addresses: 48 },
		{ pods: 48, addresses: 64 },
		{ pods: 500, addresses: 250 },
		// The steps between them: 9 to 24, 25 to 40.
		{ pods: 9, addresses: 32 },
		{ pods: 24, addresses: 32 },
		{ pods: 40, addresses: 48 },
		{ pods: 41, addresses: 64 },
	])("$pods pods hold $addresses", ({ pods, addresses }) => {
		expect(addressesHeld(pods, 250)).toBe(addresses);
	});

	it.each([
		{ addresses: 0, maxPods: 110, pods: 0 },
		{ addresses: 16, maxPods: 110, pods: 8 },
		{ addresses: 32, maxPods: 110, pods: 24 },
		{ addresses: 48, maxPods: 110, pods: 40 },
		// Never more than max pods are asked for: then none is kept unused.
		{ addresses: 109, maxPods: 110, pods: 101 },
		{ addresses: 110, maxPods: 110, pods: 110 },
		{ addresses: 500, maxPods: 110, pods: 110 },
	])(
		"$addresses are enough for $pods of $maxPods pods",
		({ addresses, maxPods, pods }) => {
			expect(podsWithin(addresses, maxPods)).toBe(pods);
		},
	);
});

describe("the share of a node", () => {
	it.each([
		// (251 - 11) / 16 = 15 batches, 240 / 11 = 21. Without network containers 15 batches as well, 11 remaining.
		{ of: 251, low: 11, high: 11, each: [21, 21], stranded: [0, 11] },
		// (251 - 14) / 16 = 14, 224 / 14 = 16, 13 remaining. 240 / 14 = 17, 11 remaining.
		{ of: 251, low: 14, high: 14, each: [16, 17], stranded: [11, 13] },
		// (251 - 10) / 16 = 15, 240 / 10 = 24, 1 remaining. 240 / 5 = 48.
		{ of: 251, low: 5, high: 10, each: [24, 48], stranded: [1, 11] },
		// Fewer than a batch. No node at all.
		{ of: 11, low: 1, high: 1, each: [0, 0], stranded: [10, 11] },
		{ of: 251, low: 0, high: 0, each: [240, 240], stranded: [11, 11] },
	])("of $of addresses for $low to $high nodes is $each", (row) => {
		const share = shareOf(row.of, { low: row.low, high: row.high });
		expect(share.addressesPerNode).toEqual(
			range(row.each[0] ?? 0, row.each[1]),
		);
		expect(share.stranded).toEqual(
			range(row.stranded[0] ?? 0, row.stranded[1]),
		);
	});
});
