import { describe, expect, it } from "vitest";
import type { Range, ScenarioName, Severity } from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import { factsOf } from "../../shared/judge/judge.ts";
import type { JudgedBudget } from "../../shared/model/judgedBudget.ts";
import { viewOf } from "../../shared/model/view.ts";
import { capacityShortfall } from "../../shared/rules/capacityShortfall.ts";
import { notEvaluated } from "../../shared/rules/notEvaluated.ts";
import type { Violation } from "../../shared/rules/rule.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	nodeInterface,
	overlayCluster,
	pool,
	range,
	scaleSet,
	seen,
	sharedOf,
	subnet,
	subnetId,
} from "../model/builders.ts";
import {
	outcomeIn,
	outcomeOf,
	outcomesOf,
	textsOf,
	thresholds,
	violation,
} from "./facts.ts";

/** A subnet with this many usable addresses, observed as the models say. */
function limited(
	limit: number,
	clusters: readonly Cluster[],
	observed: number | null = null,
): JudgedBudget {
	const judged = seen({ clusters });
	return {
		...judged,
		mismatch: false,
		view: viewOf(
			{
				...judged.view.budget,
				limit: range(limit),
				observed: observed === null ? null : range(observed),
			},
			judged.view.entries,
		),
	};
}

/** Overlay nodes of one address each: 3 today. */
function overlay(...pools: Partial<NodePool>[]): Cluster[] {
	return [overlayCluster({ pools: pools.map((one) => pool(one)) })];
}

const inPlace = { surge: { kind: "nodes", nodes: 0 } } as const;

describe("severity of a shortfall", () => {
	it.each<{
		what: string;
		limit: number;
		of: Cluster[];
		severity: Severity;
		scenario: ScenarioName;
		verdict: "short" | "tight";
		alsoIn: ScenarioName[];
	}>([
		// 3 nodes, at most 6, one surge node: 3, 4, 6, 7.
		{
			what: "only an upgrade at full scale",
			limit: 6,
			of: overlay({ maxNodes: 6 }),
			severity: "medium",
			scenario: "full-upgrade",
			verdict: "short",
			alsoIn: [],
		},
		{
			what: "full scale",
			limit: 5,
			of: overlay({ maxNodes: 6 }),
			severity: "high",
			scenario: "full",
			verdict: "short",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "full scale, with room for an upgrade",
			limit: 4,
			of: overlay({ maxNodes: 6 }),
			severity: "high",
			scenario: "full",
			verdict: "short",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "an upgrade",
			limit: 3,
			of: overlay({}),
			severity: "critical",
			scenario: "upgrade",
			verdict: "short",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "an upgrade and full scale",
			limit: 3,
			of: overlay({ maxNodes: 6 }),
			severity: "critical",
			scenario: "upgrade",
			verdict: "short",
			alsoIn: ["full", "full-upgrade"],
		},
		{
			what: "today",
			limit: 2,
			of: overlay({}),
			severity: "critical",
			scenario: "today",
			verdict: "short",
			alsoIn: ["upgrade", "full", "full-upgrade"],
		},
		// Upgraded in place: the upgrade needs nothing, and no pool that may grow has room.
		{
			what: "full scale, exhausted",
			limit: 3,
			of: overlay({ maxNodes: 6, ...inPlace }),
			severity: "critical",
			scenario: "full",
			verdict: "short",
			alsoIn: ["full-upgrade"],
		},
		// Tight. Two pools: 6 nodes, 1 or 2 surge nodes.
		{
			what: "all pools at once",
			limit: 7,
			of: overlay({}, { name: "b" }),
			severity: "low",
			scenario: "upgrade",
			verdict: "tight",
			alsoIn: ["full-upgrade"],
		},
		// 3 nodes, 1 to 3 surge nodes.
		{
			what: "the full surge from 1.35 on",
			limit: 5,
			of: overlay({
				kubernetesVersion: "1.35.0",
				surge: { kind: "nodes", nodes: 3 },
			}),
			severity: "medium",
			scenario: "upgrade",
			verdict: "tight",
			alsoIn: ["full-upgrade"],
		},
		// 0 nodes, at most 2 of 29 to 31: 58 to 62.
		{
			what: "documentation",
			limit: 59,
			of: [
				cluster({
					pools: [pool({ reportedNodes: 0, maxNodes: 2, ...inPlace })],
				}),
			],
			severity: "medium",
			scenario: "full",
			verdict: "tight",
			alsoIn: ["full-upgrade"],
		},
		// a: 3 nodes, b: 1 node, at most 3, in place: full 4 to 6.
		{
			what: "neighbors",
			limit: 5,
			of: [
				overlayCluster({ name: "a", pools: [pool(inPlace)] }),
				overlayCluster({
					name: "b",
					pools: [pool({ reportedNodes: 1, maxNodes: 3 })],
				}),
			],
			severity: "low",
			scenario: "full",
			verdict: "tight",
			alsoIn: ["full-upgrade"],
		},
		// a: 6 nodes in two pools: full 7 to 9, full-upgrade 8 to 11 of 9.
		{
			what: "neighbors and all pools at once",
			limit: 9,
			of: [
				overlayCluster({ name: "a", pools: [pool(), pool({ name: "b" })] }),
				overlayCluster({
					name: "b",
					pools: [pool({ reportedNodes: 1, maxNodes: 3 })],
				}),
			],
			severity: "low",
			scenario: "full-upgrade",
			verdict: "tight",
			alsoIn: [],
		},
	])(
		"$what of $limit is $severity",
		({ limit, of, severity, scenario, verdict, alsoIn }) => {
			expect(outcomeOf(capacityShortfall, limited(limit, of))).toMatchObject({
				kind: "violated",
				severity,
				scenario,
				verdict,
				alsoIn,
			});
		},
	);

	it("is the worst of all scenarios, while the least demanding one speaks", () => {
		// a: 3 nodes, at most 5, two surge nodes: full 3 + 1 + 2 = 6 to 8, full-upgrade 8 to 10, of 7.
		const judged = limited(7, [
			overlayCluster({
				name: "a",
				pools: [pool({ maxNodes: 5, surge: { kind: "nodes", nodes: 2 } })],
			}),
			overlayCluster({
				name: "b",
				pools: [pool({ reportedNodes: 1, maxNodes: 3 })],
			}),
		]);
		expect(outcomeOf(capacityShortfall, judged)).toMatchObject({
			scenario: "full",
			verdict: "tight",
			demand: range(6, 8),
			free: range(-1, 1),
			limit: range(7),
			alsoIn: ["full-upgrade"],
			severity: "medium",
		});
	});

	it("says that it is exhausted, and changes neither scenario nor verdict by it", () => {
		const found = violation(
			outcomeOf(
				capacityShortfall,
				limited(3, overlay({ maxNodes: 6, ...inPlace })),
			),
		);
		const { scenario, verdict } = found;
		expect({ scenario, verdict }).toEqual({
			scenario: "full",
			verdict: "short",
		});
		expect(found.reasons).toContainEqual({
			kind: "exhausted",
			text: "No pool can add a node",
		});
	});

	it.each([
		{ limit: 7, severity: undefined },
		{ limit: 8, severity: undefined },
	])("is none where $limit carry everything", ({ limit }) => {
		expect(
			outcomeOf(capacityShortfall, limited(limit, overlay({ maxNodes: 6 }))),
		).toEqual({ kind: "fine", budget: subnetId() });
	});
});

describe("severity by the kind of budget", () => {
	const pods = subnetId("pods");

	it("first batches that do not fit today are critical: nodes never become ready", () => {
		const judged = seen(
			{
				clusters: [
					cluster({ pools: [pool({ reportedNodes: 9, podSubnet: pods })] }),
				],
				subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/25"] })],
			},
			"pod-subnet",
		);
		// 9 x 16 to 9 x 17 of 123.
		expect(outcomeOf(capacityShortfall, judged)).toMatchObject({
			severity: "critical",
			scenario: "today",
			demand: range(144, 153),
			limit: range(123),
			free: range(-30, -21),
		});
	});

	it("static blocks that do not fit today are critical, though Azure accepts them", () => {
		const judged = seen(
			{
				clusters: [
					cluster({
						pools: [
							pool({
								reportedNodes: 3,
								maxPods: 250,
								podSubnet: pods,
								staticBlocks: true,
							}),
						],
					}),
				],
				subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/26"] })],
			},
			"pod-blocks",
		);
		const found = violation(outcomeOf(capacityShortfall, judged));
		expect(found).toMatchObject({
			severity: "critical",
			scenario: "today",
			demand: range(48),
			limit: range(2, 4),
			free: range(-46, -44),
		});
		expect(textsOf(found).join("\n")).toMatch(
			/accepts.*never become ready.*48.*59/,
		);
	});

	it("an API server's subnet that is short is high", () => {
		const api = subnetId("api");
		const judged = seen(
			{
				clusters: ["a", "b"].map((name) =>
					cluster({ name, apiServer: { subnet: api } }),
				),
				subnets: [subnet(), subnet({ id: api, prefixes: ["10.1.8.0/28"] })],
			},
			"api-server-subnet",
		);
		expect(outcomeOf(capacityShortfall, judged)).toMatchObject({
			severity: "high",
			scenario: "today",
			verdict: "short",
			demand: range(18),
			limit: range(11),
			alsoIn: ["upgrade", "full", "full-upgrade"],
		});
	});

	it("a pool of at most 1,000 nodes that needs surge nodes is medium", () => {
		const judged = seen(
			{
				clusters: [
					overlayCluster({
						podCidr: "10.0.0.0/13",
						pools: [
							pool({ maxNodes: 1000, surge: { kind: "percent", percent: 10 } }),
						],
					}),
				],
			},
			"pool-nodes",
		);
		expect(outcomeOf(capacityShortfall, judged)).toMatchObject({
			severity: "medium",
			scenario: "full-upgrade",
			demand: range(1100),
			limit: range(1000),
		});
	});
});

describe("an unknown scenario", () => {
	it("beside a violated one is outweighed, and is among its reasons", () => {
		// 3 x 29 = 87 of 91 observed: no surge node; auto-provisioning grows without an end.
		const judged = seen({
			clusters: [cluster({ autoProvisioning: true })],
			subnets: [subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 100 })],
			scaleSets: [scaleSet()],
		});
		const found = violation(outcomeOf(capacityShortfall, judged));
		// 100 + 29 of 123.
		expect(found).toMatchObject({
			scenario: "upgrade",
			verdict: "short",
			demand: range(129),
			limit: range(123),
			severity: "critical",
		});
		expect(textsOf(found).join("\n")).toMatch(
			/Unknown at autoscaler max: a node count has no known maximum/,
		);
		expect(outcomeOf(notEvaluated, judged).kind).toBe("fine");
	});

	it("alone is not evaluated, never fine", () => {
		const judged = seen({});
		expect(outcomeOf(capacityShortfall, judged)).toEqual({
			kind: "not-evaluated",
			budget: subnetId(),
		});
	});
});

describe("a mismatch of model and data", () => {
	it.each<{
		what: string;
		of: Partial<NodePool>;
		podCidr: string;
		prefix: string;
		kind: "subnet" | "pod-range";
	}>([
		// 9 x 29 = 261 of 251, and Azure shows no IP configurations.
		{
			what: "a subnet whose use is not observed",
			of: { reportedNodes: 9 },
			podCidr: "",
			prefix: "10.1.0.0/24",
			kind: "subnet",
		},
		// 17 nodes in 16 blocks.
		{
			what: "a pod range",
			of: { reportedNodes: 17 },
			podCidr: "10.244.0.0/20",
			prefix: "10.1.0.0/24",
			kind: "pod-range",
		},
	])("is not evaluated: $what", ({ of, podCidr, prefix, kind }) => {
		const judged = seen(
			{
				clusters: [
					podCidr === ""
						? cluster({ pools: [pool(of)] })
						: overlayCluster({ podCidr, pools: [pool(of)] }),
				],
				subnets: [subnet({ prefixes: [prefix] })],
			},
			kind,
		);
		expect(judged.mismatch).toBe(true);
		expect(outcomeOf(capacityShortfall, judged).kind).toBe("not-evaluated");
		expect(outcomeOf(notEvaluated, judged)).toMatchObject({
			kind: "violated",
			severity: "medium",
			verdict: "unknown",
			scenario: "today",
		});
	});

	it("is none where the observed use confirms it", () => {
		// 252 seen of 251: more than there is, but seen.
		const judged = seen({
			subnets: [subnet({ ipConfigurations: 252 })],
			scaleSets: [scaleSet()],
		});
		expect(judged.mismatch).toBe(false);
		expect(outcomeOf(capacityShortfall, judged)).toMatchObject({
			severity: "critical",
			scenario: "today",
		});
	});

	it("is none of a pod subnet, where Azure's check lets it happen", () => {
		const judged = seen(
			{
				clusters: [
					cluster({
						pools: [pool({ reportedNodes: 9, podSubnet: subnetId("pods") })],
					}),
				],
				subnets: [
					subnet(),
					subnet({ id: subnetId("pods"), prefixes: ["10.1.4.0/25"] }),
				],
			},
			"pod-subnet",
		);
		expect(judged.mismatch).toBe(false);
	});
});

describe("what a finding says", () => {
	it("the sum, everybody in it, and what Azure will do", () => {
		// 3 nodes of 29 and 4 other IPs: 91. At most 8: 236. With a surge node 265 of 251.
		const judged = seen({
			clusters: [cluster({ pools: [pool({ maxNodes: 8 })] })],
			subnets: [subnet({ ipConfigurations: 91 })],
			scaleSets: [scaleSet()],
			otherResources: [
				{
					kind: "private-endpoint",
					subnet: subnetId(),
					group: null,
					addresses: 3,
					entries: 3,
				},
			],
		});
		const { reasons } = violation(outcomeOf(capacityShortfall, judged));
		expect(reasons.map(({ kind }) => kind)).toEqual([
			"demand",
			"pool",
			"other-resources",
			"azure",
		]);
		expect(textsOf({ reasons })).toEqual([
			"Needs 265 IPs for an upgrade at autoscaler max, has 251 usable IPs in 10.1.0.0/24",
			"pool np: 9 nodes x 29 IPs (counted on network interfaces, max pods 30)",
			"4 IPs used by other resources: 3 private endpoints, 1 of unknown type",
			// 8 x 29 against 251 - 4, with a surge node 9 x 29.
			"Azure refuses the upgrade, or the upgrade stops half-way. (Azure compares 232 to 261 with 247.)",
		]);
	});

	it.each([
		{
			state: "deleting",
			says: "The cluster is being deleted. What it uses becomes free then.",
		},
		{
			state: "failed",
			says: "Azure reports the cluster as failed: its last operation did not finish",
		},
		{
			state: "canceled",
			says: "Azure reports the cluster as canceled: its last operation did not finish",
		},
		{ state: "succeeded", says: null },
		{ state: "upgrading", says: null },
	])("that the cluster is $state", ({ state, says }) => {
		// 9 nodes of 29: 261 of 251.
		const outcome = outcomeIn(capacityShortfall, {
			clusters: [
				cluster({ provisioningState: state, pools: [pool({ maxNodes: 9 })] }),
			],
			subnets: [subnet({ ipConfigurations: 87 })],
			scaleSets: [scaleSet()],
		});
		const { reasons, verdict, severity } = violation(outcome);
		expect(reasons.filter(({ kind }) => kind === "cluster-state")).toEqual(
			says === null ? [] : [{ kind: "cluster-state", text: says }],
		);
		// It explains. The sums stay as they are.
		expect([verdict, severity]).toEqual(["short", "high"]);
	});

	it("that nobody knows what a gateway's nodes take", () => {
		const { reasons } = violation(
			outcomeOf(
				capacityShortfall,
				seen({
					clusters: [
						overlayCluster({
							pools: [pool({ mode: "gateway", reportedNodes: 2 })],
						}),
					],
					subnets: [subnet({ ipConfigurations: 6 })],
				}),
			),
		);
		expect(textsOf({ reasons })).toContain(
			"It depends on how many IPs a node uses. This is unknown for some pools.",
		);
	});

	it("that the kinds of other resources are not known, if rows are missing", () => {
		const { reasons } = violation(
			outcomeOf(
				capacityShortfall,
				seen({
					clusters: [cluster({ pools: [pool({ maxNodes: 8 })] })],
					subnets: [subnet({ ipConfigurations: 91 })],
					scaleSets: [scaleSet()],
					otherResources: null,
				}),
			),
		);
		expect(textsOf({ reasons })).toContain(
			"4 IPs used by other resources: unknown which ones, since rows are missing",
		);
	});

	it.each<{ limit: number; of: Cluster[]; reason: string }>([
		{
			limit: 7,
			of: overlay({}, { name: "b" }),
			reason: "Short only if all pools upgrade at once",
		},
		{
			limit: 59,
			of: [cluster({ pools: [pool({ reportedNodes: 0, maxNodes: 2 })] })],
			reason:
				"Short only if a node uses max pods + 1 IPs, as documented. Nodes have used max pods - 1.",
		},
		{
			limit: 5,
			of: [
				overlayCluster({ name: "a", pools: [pool(inPlace)] }),
				overlayCluster({
					name: "b",
					pools: [pool({ reportedNodes: 1, maxNodes: 3 })],
				}),
			],
			reason: "Short only if the neighbors grow to their maximum too",
		},
	])("what decides: $reason", ({ limit, of, reason }) => {
		expect(
			textsOf(violation(outcomeOf(capacityShortfall, limited(limit, of)))),
		).toContain(reason);
	});

	it("that Azure refuses a pool above 1,000 nodes before it starts", () => {
		const judged = seen(
			{ clusters: [overlayCluster({ pools: [pool({ maxNodes: 1001 })] })] },
			"pool-nodes",
		);
		expect(
			textsOf(violation(outcomeOf(capacityShortfall, judged))),
		).toContainEqual(
			expect.stringContaining("Azure refuses any change of the cluster."),
		);
	});

	it("that neighbors are counted in a shared subnet", () => {
		const judged = limited(5, [
			overlayCluster({ name: "a", pools: [pool(inPlace)] }),
			overlayCluster({
				name: "b",
				pools: [pool({ reportedNodes: 1, maxNodes: 3 })],
			}),
		]);
		expect(
			textsOf(violation(outcomeOf(capacityShortfall, judged))).join("\n"),
		).toContain("Shared with 1 cluster: it uses 1 IP and can grow by 2");
	});

	it("says where they cannot grow", () => {
		const judged = limited(1, [
			overlayCluster({ name: "a", pools: [pool(inPlace)] }),
			overlayCluster({ name: "b", pools: [pool(inPlace)] }),
		]);
		expect(
			textsOf(violation(outcomeOf(capacityShortfall, judged))).join("\n"),
		).toContain("Shared with 1 cluster: it uses 3 IPs and cannot grow");
	});
});

describe("Azure's check of all pools together", () => {
	const apart = subnetId("apart");
	/** A pool of at most 3 nodes of 29 in a subnet of its own with 59: 87, which Azure refuses. */
	const crowded = pool({
		name: "crowded",
		nodeSubnet: apart,
		reportedNodes: 1,
		maxNodes: 3,
		surge: { kind: "nodes", nodes: 0 },
	});
	const small = subnet({
		id: apart,
		prefixes: ["10.1.4.0/26"],
		ipConfigurations: 29,
	});
	const becauseOf = (
		others: readonly Partial<NodePool>[],
		id: string,
		more: Partial<Inventory> = {},
	) => {
		const facts: Partial<Inventory> = {
			clusters: [
				cluster({ pools: [...others.map((one) => pool(one)), crowded] }),
			],
			subnets: [subnet({ ipConfigurations: 0 }), small],
			scaleSets: [
				scaleSet({
					pool: "crowded",
					capacity: 1,
					interfaces: [nodeInterface(29, { subnet: apart })],
				}),
				...others.map(({ name }) => scaleSet({ pool: name ?? "np" })),
			],
			...more,
		};
		const found = outcomesOf(
			capacityShortfall,
			factsOf(
				clusterOf(fleetOf(facts)),
				sharedOf(fleetOf(facts)),
				new Set(),
				thresholds,
			),
		).filter(
			(one): one is Violation =>
				one.kind === "violated" && one.budget?.id === id,
		);
		return found.slice(0, 1).flatMap(textsOf);
	};

	it.each([
		{ others: [], words: null },
		{
			others: ["system"],
			words:
				"Azure checks all pools together. It also refuses changes of pool system.",
		},
		{
			others: ["a", "b", "c"],
			words:
				"Azure checks all pools together. It also refuses changes of pools a, b and c.",
		},
		{
			others: ["a", "b", "c", "d", "e"],
			words:
				"Azure checks all pools together. It also refuses changes of pools a, b, c and 2 more.",
		},
	])("refuses pools elsewhere, too: $others", ({ others, words }) => {
		const reasons = becauseOf(
			others.map((name) => ({ name, reportedNodes: 0 })),
			apart,
		);
		expect(reasons).toContain(
			"Azure refuses any change of the cluster. (Azure compares 87 with 59.)",
		);
		expect(reasons.filter((one) => one.includes("all pools"))).toEqual(
			words === null ? [] : [words],
		);
	});

	it("is said where the pool's own subnet would be accepted, and another is refused", () => {
		// a: 3 x 29 = 87 and its neighbor's 87, which may become 174: 261 of 251. Azure sees 87 of 251 - 87.
		const own = { name: "np", reportedNodes: 3 };
		const reasons = becauseOf([own], subnetId(), {
			clusters: [
				cluster({ pools: [pool(own), crowded] }),
				cluster({ name: "b", pools: [pool({ maxNodes: 6 })] }),
			],
			subnets: [subnet({ ipConfigurations: 174 }), small],
			scaleSets: [
				scaleSet(),
				scaleSet({ cluster: "b" }),
				scaleSet({
					pool: "crowded",
					capacity: 1,
					interfaces: [nodeInterface(29, { subnet: apart })],
				}),
			],
		});
		expect(reasons).toContain(
			"Azure refuses the change for subnet net/apart: it checks all pools together. (Here Azure compares 87 with 164.)",
		);
	});
});

describe("the pools that a finding names", () => {
	const fixed = pool({ name: "fixed", reportedNodes: 2 });
	const violated = (...pools: NodePool[]) =>
		violation(
			outcomeOf(
				capacityShortfall,
				seen({
					clusters: [cluster({ pools })],
					subnets: [
						subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 58 + 58 }),
					],
					scaleSets: pools.map(({ name }) =>
						scaleSet({ pool: name, capacity: 2 }),
					),
				}),
			),
		);

	it("grow, where one does", () => {
		// 4 x 29 = 116 of 123: no node of 29 has room.
		const growing = pool({ name: "grows", reportedNodes: 2, maxNodes: 5 });
		expect(violated(fixed, growing).additionalNodes).toEqual({
			grows: range(0),
		});
	});

	it("are all of them, where none grows", () => {
		const other = pool({ name: "other", reportedNodes: 2 });
		expect(violated(fixed, other).additionalNodes).toEqual({
			fixed: range(0),
			other: range(0),
		});
	});

	it("come first in the sum of autoscaler max", () => {
		// 2 and 5 nodes of 29: 203 of 123, and today 116.
		const growing = pool({
			name: "grows",
			reportedNodes: 2,
			maxNodes: 5,
			surge: { kind: "nodes", nodes: 0 },
		});
		const still = pool({ ...fixed, surge: { kind: "nodes", nodes: 0 } });
		expect(
			textsOf(violated(still, growing)).filter((one) =>
				one.startsWith("pool "),
			),
		).toEqual([
			expect.stringContaining("pool grows: 5 nodes x 29 IPs"),
			expect.stringContaining("pool fixed: 2 nodes x 29 IPs"),
		]);
	});
});

describe("a budget's figures in a finding", () => {
	it("are those of the scenario that speaks", () => {
		const figures = (
			limit: number,
		): [Range | null, Range | null, Range | null] => {
			const {
				limit: most,
				demand,
				free,
			} = violation(
				outcomeOf(capacityShortfall, limited(limit, overlay({ maxNodes: 6 }))),
			);
			return [most, demand, free];
		};
		expect(figures(6)).toEqual([range(6), range(7), range(-1)]);
		expect(figures(5)).toEqual([range(5), range(6), range(-1)]);
		expect(figures(3)).toEqual([range(3), range(4), range(-1)]);
		expect(figures(2)).toEqual([range(2), range(3), range(-1)]);
	});
});
