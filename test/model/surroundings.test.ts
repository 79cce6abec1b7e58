import { describe, expect, it } from "vitest";
import type { Inventory } from "../../shared/inventory/facts.ts";
import type { Surroundings } from "../../shared/model/surroundings.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	network,
	networkId,
	overlayCluster,
	pool,
	subnet,
	subnetId,
} from "./builders.ts";

function around(overrides: Partial<Inventory> = {}): Surroundings {
	const { cluster } = clusterOf(fleetOf(overrides));
	if (cluster === null) throw new Error("not resolved");
	return cluster.surroundings;
}

describe("what a snapshot has of the address space around its cluster", () => {
	it("is the services, what is reached, and what is free", () => {
		expect(
			around({
				networks: [
					network({
						peerings: [
							{
								remote: networkId("remote"),
								connected: true,
								prefixes: ["10.3.0.0/16", "fd00::/48"],
							},
							{
								remote: networkId("former"),
								connected: false,
								prefixes: ["10.2.0.0/16"],
							},
						],
					}),
				],
			}),
		).toEqual({
			services: ["10.0.0.0/16"],
			overlaps: [],
			unread: [],
			// A peering that is not connected may be again. 10.2 and 10.3 are one range.
			reached: ["10.1.0.0/16", "10.2.0.0/15"],
			free: {
				[networkId()]: [
					"10.1.1.0/24",
					"10.1.2.0/23",
					"10.1.4.0/22",
					"10.1.8.0/21",
					"10.1.16.0/20",
					"10.1.32.0/19",
					"10.1.64.0/18",
					"10.1.128.0/17",
				],
			},
			successors: { [subnetId()]: "nodes-a" },
		});
	});

	it("is null where it cannot be known, not empty", () => {
		expect(around({ networks: [] })).toMatchObject({
			reached: null,
			free: { [networkId()]: null },
			unread: ["The address space of network net could not be read"],
		});
		expect(around({ networks: [network({ peerings: null })] })).toMatchObject({
			reached: null,
		});
		expect(around({ networks: [network({ subnets: 2 })] })).toMatchObject({
			free: { [networkId()]: null },
		});
	});

	it("names every network that its pools are in", () => {
		const other = subnetId("nodes", "other");
		const found = around({
			clusters: [
				cluster({
					pools: [pool(), pool({ name: "far", nodeSubnet: other })],
				}),
			],
			subnets: [subnet(), subnet({ id: other, prefixes: ["10.2.0.0/24"] })],
			networks: [
				network(),
				network({ id: networkId("other"), prefixes: ["10.2.0.0/23"] }),
			],
		});
		expect(found.free[networkId("other")]).toEqual(["10.2.1.0/24"]);
		expect(found.reached).toEqual(["10.1.0.0/16", "10.2.0.0/23"]);
	});

	it("stays small beside 500 peers and 3,000 subnets", () => {
		const peerings = Array.from({ length: 500 }, (_, index) => ({
			remote: networkId(`spoke-${index}`),
			connected: true,
			prefixes: [
				`10.${128 + Math.floor(index / 128)}.${(index % 128) * 2}.0/24`,
			],
		}));
		// Every second /28.
		const subnets = Array.from({ length: 3000 }, (_, index) =>
			subnet({
				id: index === 0 ? subnetId() : subnetId(`s${index}`),
				prefixes: [
					`10.${1 + Math.floor(index / 2048)}.${Math.floor((index % 2048) / 8)}.${(index % 8) * 32}/28`,
				],
			}),
		);
		const found = around({
			clusters: [overlayCluster({ podCidr: "10.0.0.0/8" })],
			networks: [
				network({ prefixes: ["10.0.0.0/10"], subnets: 3000, peerings }),
			],
			subnets,
		});
		expect(found.reached?.length).toBeLessThanOrEqual(32);
		expect(found.overlaps.length).toBeGreaterThan(2);
		for (const { places } of found.overlaps)
			expect(places.length).toBeLessThanOrEqual(5);
		expect(JSON.stringify(found).length).toBeLessThan(4000);
	});
});
