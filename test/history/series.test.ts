import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	compact,
	pointsFrom,
	usesOf,
	withCompact,
} from "../../shared/history/compact.ts";
import { pointOf } from "../../shared/history/point.ts";
import { type Point, withPoint } from "../../shared/history/series.ts";
import { hasHistory } from "../../shared/model/budgetKinds.ts";
import { dayMs } from "../../shared/time.ts";
import {
	autoProvisionedNode,
	budgetIn,
	cluster,
	fleetOf,
	knownCluster,
	knownUse,
	memory,
	overlayCluster,
	pool,
	range,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { firstNight, known, nightly, point } from "./points.ts";

function grown(points: readonly Point[]): Point[] {
	return points.reduce<Point[]>(withPoint, []);
}

const hourMs = dayMs / 24;

describe("what an audit adds", () => {
	const three = { subnets: [subnet({ ipConfigurations: 90 })] };

	it("is today's use, everybody at their maxima, and the limit", () => {
		// 90 seen now. 3 nodes may become 5: 2 x 29 to 31 more.
		const { view } = seen({
			...three,
			clusters: [cluster({ pools: [pool({ maxNodes: 5 })] })],
		});
		expect(pointOf(view.budget, firstNight)).toEqual({
			at: firstNight,
			demand: { low: 90, high: 90 },
			full: { low: 148, high: 152 },
			limit: { low: 251, high: 251 },
		});
	});

	it("has no high end of autoscaler max if auto-provisioning has no maximum", () => {
		const { view } = seen({
			subnets: [subnet({ ipConfigurations: 120 })],
			clusters: [cluster({ autoProvisioning: true })],
			autoProvisionedNodes: [autoProvisionedNode()],
		});
		const added = pointOf(view.budget, firstNight);
		expect(added?.demand).toEqual({ low: 120, high: 120 });
		expect(added?.full.high).toBeNull();
	});

	it("is nothing where today's use is not known, and never 0", () => {
		// Azure shows no IP configurations although nodes are there.
		const { view } = seen({ scaleSets: [scaleSet()] });
		expect(view.scenarios.today.demand).toEqual(range(87, null));
		expect(pointOf(view.budget, firstNight)).toBeNull();
	});

	it("is nothing where the limit is not known", () => {
		const { view } = seen(
			{ clusters: [overlayCluster({ podCidr: null })] },
			"pod-range",
		);
		expect(pointOf(view.budget, firstNight)).toBeNull();
	});

	describe("where something unseen has a trace", () => {
		const pods = subnetId("pods");
		const fleet = {
			clusters: [
				cluster({ pools: [pool({ podSubnet: pods })] }),
				overlayCluster({ name: "o", pools: [pool()] }),
			],
			subnets: [
				subnet({ ipConfigurations: 6 }),
				subnet({ id: pods, prefixes: ["10.2.0.0/24"] }),
			],
		};
		/** Cluster gone used the pod subnet when it was last seen, and its subscription is silent. */
		const silent = memory(
			[
				knownCluster({
					name: "gone",
					uses: [
						knownUse(range(32, 34), {
							id: pods,
							kind: "pod-subnet",
							name: "net/pods",
						}),
					],
				}),
			],
			{ answered: () => false },
		);

		it.each([
			{ what: "all is seen", remembered: memory(), pods: known(48, 51) },
			{ what: "a neighbor is silent", remembered: silent, pods: null },
		])("is nothing of that budget alone: $what", (row) => {
			const added = fleetOf(fleet, row.remembered);
			const demand = (
				kind: "subnet" | "pod-subnet" | "pod-range",
				of: string,
			) =>
				pointOf(budgetIn(added, kind, of).view.budget, firstNight)?.demand ??
				null;
			// 3 first batches of 16 to 17.
			expect(demand("pod-subnet", "a")).toEqual(row.pods);
			expect(demand("subnet", "a")).toEqual(known(6));
			expect(demand("pod-range", "o")).toEqual(known(3));
		});

		it("is there where what is not understood concerns upgrades alone: use and maxima are known", () => {
			const { view } = seen({
				...three,
				clusters: [cluster({ pools: [pool({ surge: { kind: "unknown" } })] })],
			});
			expect(pointOf(view.budget, firstNight)).toMatchObject({
				demand: known(90),
				full: known(90),
			});
		});

		it("is there of a pod subnet whose cluster has nodes in a subnet that is not visible", () => {
			const added = fleetOf({
				...fleet,
				clusters: [
					...fleet.clusters,
					cluster({
						name: "b",
						pools: [pool({ podSubnet: pods, nodeSubnet: subnetId("gone") })],
					}),
				],
			});
			// 6 first batches: how many nodes there are is seen, whatever their own subnet is.
			expect(
				pointOf(budgetIn(added, "pod-subnet").view.budget, firstNight)?.demand,
			).toEqual(known(96, 102));
		});
	});

	it("is kept of what fills up with a fleet", () => {
		const kinds = [
			"subnet",
			"pod-subnet",
			"pod-blocks",
			"pod-range",
			"routes",
			"virtual-network",
			"api-server-subnet",
			"cluster-nodes",
			"pool-nodes",
		] as const;
		expect(kinds.filter((kind) => hasHistory({ kind }))).toEqual(
			kinds.slice(0, 6),
		);
	});
});

describe("a series", () => {
	it("has an audit once: done again, it is the same or what was seen last", () => {
		const points = nightly(3, (night) => night);
		expect(withPoint(points, point(1, { demand: known(1) }))).toEqual(points);
		expect(withPoint(points, point(1, { demand: known(7) }))).toEqual([
			points[0],
			point(1, { demand: known(7) }),
			points[2],
		]);
	});

	it("takes a late audit to its place", () => {
		const points = nightly(4, (night) => night);
		const [first, second, third, fourth] = points as [
			Point,
			Point,
			Point,
			Point,
		];
		expect(grown([fourth, first, third, second])).toEqual(points);
	});

	it("keeps every audit of seven days, before that the highest of each day", () => {
		// Four audits a day for ten days. The third of a day sees most.
		const audits = Array.from({ length: 40 }, (_, index) => ({
			...point(0, { demand: known([10, 20, 40, 30][index % 4] ?? 0) }),
			at: firstNight + index * 6 * hourMs,
		}));
		const points = grown(audits);
		// The newest starts 39 x 6 h after the first.
		const recent = points.filter(
			({ at }) => at > firstNight + (39 * 6 - 7 * 24) * hourMs,
		);
		expect(recent).toHaveLength(28);
		// 05:00, 11:00, 17:00 and 23:00 are one day: three of them are older than the seven days that stay whole.
		expect(
			points.slice(0, -28).map(({ at }) => (at - firstNight) / hourMs),
		).toEqual([12, 36, 60]);
	});

	it("keeps a year and no more", () => {
		const points = grown(nightly(500, (night) => night % 50));
		expect(points).toHaveLength(365);
		expect(points[0]?.at).toBe(point(135).at);
		expect(points.at(-1)?.at).toBe(point(499).at);
	});

	it("stays bounded where an audit runs every minute", () => {
		const minutely = Array.from({ length: 3000 }, (_, minute) => ({
			...point(0),
			at: firstNight + minute * 60_000,
		}));
		const points = grown(minutely);
		// 200 newest, and one of each of the three days before them.
		expect(points).toHaveLength(203);
		expect(points.at(-1)?.at).toBe(minutely.at(-1)?.at);
	});
});

describe("as it is kept, a series", () => {
	it.each([
		{ what: "nothing", points: [] },
		{ what: "one that moves", points: nightly(40, (night) => 3 * night) },
		{
			what: "one that changes at every end",
			points: [
				point(0),
				point(1, { full: { low: 200, high: null } }),
				point(2, { demand: known(3, 5) }),
				point(2.5, { limit: known(507) }),
				point(3),
			],
		},
	])("comes back as it was: $what", ({ points }) => {
		expect(pointsFrom(JSON.parse(JSON.stringify(compact(points))))).toEqual(
			points,
		);
	});

	it.each([
		{ what: "the first", points: [], added: point(0) },
		{ what: "the next night", points: nightly(40, () => 9), added: point(40) },
		{
			what: "one that moves",
			points: nightly(40, (night) => 3 * night),
			added: point(40, { limit: known(507) }),
		},
		{
			what: "one without an upper end",
			points: nightly(3, () => 9),
			added: point(3, { full: { low: 200, high: null } }),
		},
		{
			what: "the same audit again",
			points: nightly(3, () => 9),
			added: point(2, { demand: known(7) }),
		},
		{
			what: "one that comes late",
			points: nightly(3, (night) => night),
			added: point(0.5),
		},
		{
			what: "one after more than a year",
			points: nightly(40, () => 9),
			added: point(400),
		},
		{
			what: "one after exactly a year",
			points: nightly(40, () => 9),
			added: point(365),
		},
		{
			what: "one that ends the seven days of two audits of a day",
			points: [point(0), point(0.25, { demand: known(3) }), point(1)],
			added: point(7.25),
		},
		{
			what: "one within their seven days",
			points: [point(0), point(0.25, { demand: known(3) }), point(1)],
			added: point(7.2),
		},
		{
			what: "the 201st of a day",
			points: nightly(200, () => 9).map((one, index) => ({
				...one,
				at: firstNight + index * 60_000,
			})),
			added: { ...point(0), at: firstNight + 200 * 60_000 },
		},
	])("takes a point as its points would: $what", ({ points, added }) => {
		expect(pointsFrom(withCompact(compact(points), added))).toEqual(
			withPoint(points, added),
		);
	});

	it("takes any audits as its points would", () => {
		const hours = fc.array(fc.integer({ min: 0, max: 3000 }), {
			maxLength: 300,
		});
		fc.assert(
			fc.property(hours, fc.boolean(), (all, isInOrder) => {
				const audits = (isInOrder ? all.toSorted((a, b) => a - b) : all).map(
					(hour) => ({
						...point(0, { demand: known(hour % 5, hour % 7) }),
						at: firstNight + hour * hourMs,
					}),
				);
				const kept = audits.reduce<ReturnType<typeof withCompact>>(
					withCompact,
					[],
				);
				expect(kept).toEqual(compact(grown(audits)));
			}),
			{ numRuns: 30 },
		);
	});

	it("tells the trend what it needs", () => {
		const resized = { demand: known(3, 5), limit: known(251, 507) };
		const { times, demand, limit } = usesOf(
			compact([point(0), point(1, resized), point(2, resized)]),
		);
		expect(times).toEqual([0, 1, 2].map((night) => point(night).at));
		expect(demand).toEqual([0, 5, 5]);
		expect(limit).toEqual([known(251), known(251, 507), known(251, 507)]);
	});

	it.each([
		{ what: "a demand", row: [firstNight, 9] },
		{ what: "a limit", row: [firstNight, 9, 9, 200, 200, 251] },
	])("is not read where $what is missing", ({ row }) => {
		expect(() => usesOf([row])).toThrow("lacks an amount");
	});

	it("has only what has changed", () => {
		expect(
			compact([
				point(0, { demand: known(9) }),
				point(1, { demand: known(9) }),
				point(2, { demand: known(9, 10) }),
			]),
		).toEqual([
			[firstNight, 9, 9, 200, 200, 251, 251],
			[86_400_000],
			[86_400_000, 9, 10],
		]);
	});

	it.each([
		// 365 days, and 200 audits of the newest of them. A million addresses that move at every end.
		{ what: "a year that does not move", moves: 0, most: 5_000 },
		{ what: "the worst that there is", moves: 1, most: 45_000 },
	])("is small: $what", ({ moves, most }) => {
		const points = Array.from({ length: 565 }, (_, index) =>
			point(index, {
				demand: known(1_000_000 + moves * index),
				full: known(2_000_000 + moves * index),
				limit: known(4_000_000 + moves * index),
			}),
		);
		const { length } = JSON.stringify(
			compact(points.slice(0, moves ? 565 : 365)),
		);
		expect(length).toBeLessThan(most);
	});
});
