import { describe, expect, it } from "vitest";
import { mapOf } from "../../shared/audit/networkMap.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import {
	type SeenNetwork,
	seenNetworks,
} from "../../shared/model/seenNetworks.ts";
import { toStored } from "../../shared/records/storedBudget.ts";
import {
	addedUp,
	cluster,
	clusterId,
	fleetOf,
	inventory,
	listedIn,
	network,
	networkId,
	overlayCluster,
	pool,
	subnet,
	subnetId,
} from "./builders.ts";

const everyone = () => true;

function seenIn(overrides: Partial<Inventory>, isJudged = everyone) {
	const { members } = addedUp(overrides);
	return seenNetworks(inventory(overrides), new Map(), members, isJudged);
}

function only(networks: readonly SeenNetwork[]): SeenNetwork {
	const [one, ...others] = networks;
	if (one === undefined || others.length > 0) throw new Error("not one");
	return one;
}

describe("the address space of a network", () => {
	it("has the subnets, and all blocks between them", () => {
		const seen = only(
			seenIn({
				clusters: [overlayCluster()],
				networks: [
					network({ prefixes: ["10.1.0.0/22", "fd00::/48"], subnets: 2 }),
				],
				subnets: [
					subnet({ prefixes: ["10.1.1.0/24"] }),
					subnet({
						id: subnetId("endpoints"),
						prefixes: ["10.1.2.16/28"],
						ipConfigurations: 7,
					}),
				],
			}),
		);
		expect(seen).toEqual({
			id: networkId(),
			prefixes: ["10.1.0.0/22", "fd00::/48"],
			subnets: [
				{
					id: subnetId("endpoints"),
					prefixes: ["10.1.2.16/28"],
					used: { low: 7, high: 7 },
				},
				// Its budget says more than the list.
				{ id: subnetId(), prefixes: ["10.1.1.0/24"], used: null },
			],
			free: [
				"10.1.0.0/24",
				"10.1.2.0/28",
				"10.1.2.32/27",
				"10.1.2.64/26",
				"10.1.2.128/25",
				"10.1.3.0/24",
			],
			closed: [],
			unread: null,
		});
	});

	it("is closed to subnets where pods, services or AKS use it", () => {
		const { free, closed } = only(
			seenIn({
				clusters: [
					overlayCluster({
						podCidr: "10.1.128.0/17",
						serviceCidrs: ["10.1.64.0/18"],
					}),
				],
				networks: [network({ prefixes: ["10.1.0.0/16"], subnets: 1 })],
				subnets: [subnet({ prefixes: ["10.1.0.0/18"] })],
			}),
		);
		expect({ free, closed }).toEqual({
			free: [],
			closed: ["10.1.64.0/18", "10.1.128.0/17"],
		});
	});

	it.each([
		{
			why: "its row is missing",
			networks: [],
			subnets: [subnet()],
			reason: "The row of the virtual network could not be read.",
		},
		{
			why: "a subnet is missing",
			networks: [network({ subnets: 2 })],
			subnets: [subnet()],
			reason: "1 of 2 subnets could be read.",
		},
		{
			why: "a subnet has no prefix yet",
			networks: [network({ subnets: 2 })],
			subnets: [subnet(), subnet({ id: subnetId("new"), prefixes: [] })],
			reason:
				"1 of 2 subnets have no address prefix yet: they may get any free range.",
		},
		{
			why: "it has IPv6 alone",
			networks: [network({ prefixes: ["fd00::/48"], subnets: 1 })],
			subnets: [subnet()],
			reason: "Azure shows no IPv4 address space of the virtual network.",
		},
	])("has nothing free where $why", ({ networks, subnets, reason }) => {
		const seen = only(
			seenIn({ clusters: [overlayCluster()], networks, subnets }),
		);
		expect(seen).toMatchObject({ free: [], closed: [], unread: reason });
	});

	it("is kept of networks that judged clusters use, and of no others", () => {
		const other = subnetId("nodes", "other");
		const overrides = {
			clusters: [
				cluster(),
				cluster({
					name: "b",
					id: clusterId("b"),
					pools: [pool({ nodeSubnet: other })],
				}),
			],
			networks: [
				network({ subnets: 1 }),
				network({ id: networkId("other") }),
				network({ id: networkId("empty") }),
			],
			subnets: [subnet(), subnet({ id: other })],
		};
		expect(seenIn(overrides).map(({ id }) => id)).toEqual([
			networkId(),
			networkId("other"),
		]);
		const { members } = addedUp(overrides);
		expect(
			seenNetworks(
				inventory(overrides),
				new Map(),
				members,
				({ name }) => name === "b",
			).map(({ id }) => id),
		).toEqual([networkId("other")]);
	});

	it("does not say what a subnet uses where no list shows it", () => {
		const { subnets } = only(
			seenIn({
				clusters: [overlayCluster()],
				networks: [network({ subnets: 3 })],
				subnets: [
					subnet(),
					subnet({
						id: subnetId("delegated"),
						prefixes: ["10.1.8.0/24"],
						ipConfigurations: null,
					}),
					subnet({
						id: subnetId("linked"),
						prefixes: ["10.1.9.0/24"],
						ipConfigurations: 0,
						linkedClusters: [clusterId("nobody-reads-it")],
					}),
				],
			}),
		);
		expect(subnets.map(({ used }) => used)).toEqual([null, null, null]);
	});
});

describe("the map of a network", () => {
	it("says of the subnets of AKS what they need now, with the verdict", () => {
		const overrides = {
			// 3 nodes x 29 to 31 IPs, of which Azure shows 90.
			clusters: [cluster()],
			networks: [network({ subnets: 1 })],
			subnets: [subnet({ prefixes: ["10.1.0.0/24"], ipConfigurations: 90 })],
		};
		const budgets = listedIn(fleetOf(overrides));
		const map = mapOf(
			only(seenIn(overrides)),
			{ auditId: "audit-1", startedAt: "2026-11-28T05:00:00.000Z" },
			budgets.map(toStored),
		);
		expect(map).toMatchObject({
			network: networkId(),
			name: "net",
			complete: true,
			reason: null,
			subnets: [
				{
					id: subnetId(),
					name: "nodes",
					capacity: 251,
					used: { low: 90, high: 90 },
					budgets: [{ kind: "subnet", verdict: "fits" }],
				},
			],
		});
	});
});
