import { describe, expect, it } from "vitest";
import type {
	Cluster,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import { budgetIdOf, judgeCluster } from "../../shared/judge/judge.ts";
import type { JudgedBudget } from "../../shared/model/judgedBudget.ts";
import { viewOf } from "../../shared/model/view.ts";
import { kubenetRetirement } from "../../shared/rules/kubenetRetirement.ts";
import { nearlyFull } from "../../shared/rules/nearlyFull.ts";
import { notEvaluated } from "../../shared/rules/notEvaluated.ts";
import { openKey } from "../../shared/rules/rule.ts";
import {
	cluster,
	clusterId,
	clusterOf,
	fleetOf,
	knownCluster,
	knownUse,
	kubenetCluster,
	memory,
	nothingLost,
	overlayCluster,
	pool,
	range,
	routeTableId,
	scaleSet,
	seen,
	sharedOf,
	subnet,
	subnetId,
} from "../model/builders.ts";
import {
	facts,
	outcomeOf,
	outcomesOf,
	textsOf,
	thresholds,
	violation,
} from "./facts.ts";

const inPlace = { surge: { kind: "nodes", nodes: 0 } } as const;

/** Overlay nodes of one address each in a subnet with this many. */
function full(limit: number, of: Partial<NodePool> = {}): JudgedBudget {
	const judged = seen({
		clusters: [overlayCluster({ pools: [pool({ ...inPlace, ...of })] })],
	});
	return {
		...judged,
		view: viewOf(
			{ ...judged.view.budget, limit: range(limit), observed: null },
			judged.view.entries,
		),
	};
}

describe("nearly full", () => {
	const open = { openBefore: new Set([openKey("nearly-full", subnetId())]) };

	it.each([
		// Of 100 addresses at autoscaler max. Enters at 90 %, leaves below 85 %.
		{ maxNodes: 84, entered: "fine", left: "fine" },
		{ maxNodes: 85, entered: "fine", left: "violated" },
		{ maxNodes: 89, entered: "fine", left: "violated" },
		{ maxNodes: 90, entered: "violated", left: "violated" },
		{ maxNodes: 100, entered: "violated", left: "violated" },
	])(
		"of 100 with $maxNodes at autoscaler max: $entered, $left if it was open",
		({ maxNodes, entered, left }) => {
			const judged = full(100, { maxNodes });
			expect(outcomeOf(nearlyFull, judged).kind).toBe(entered);
			expect(outcomeOf(nearlyFull, judged, open).kind).toBe(left);
		},
	);

	it("is a finding of another budget or rule no reason to stay", () => {
		const judged = full(100, { maxNodes: 87 });
		const others = new Set([
			openKey("nearly-full", "elsewhere"),
			openKey("capacity-shortfall", subnetId()),
		]);
		expect(outcomeOf(nearlyFull, judged, { openBefore: others }).kind).toBe(
			"fine",
		);
	});

	it("is low, of autoscaler max, with its amounts", () => {
		expect(
			violation(outcomeOf(nearlyFull, full(100, { maxNodes: 95 }))),
		).toMatchObject({
			severity: "low",
			scenario: "full",
			verdict: "fits",
			limit: range(100),
			demand: range(95),
			free: range(5),
			alsoIn: [],
		});
	});

	it("follows from autoscaler max, not from now", () => {
		// 3 nodes today, at most 95.
		expect(
			outcomeOf(nearlyFull, full(100, { reportedNodes: 3, maxNodes: 95 })).kind,
		).toBe("violated");
		// 95 today in a subnet for 1,000.
		expect(outcomeOf(nearlyFull, full(1000, { reportedNodes: 95 })).kind).toBe(
			"fine",
		);
	});

	it.each([
		{ what: "full scale is short", of: { maxNodes: 101 } },
		// 100 fit, 101 do not.
		{
			what: "an upgrade at full scale is short",
			of: { maxNodes: 100, surge: { kind: "nodes", nodes: 1 } },
		},
		// 98 + 1 to 3.
		{
			what: "an upgrade is tight",
			of: {
				reportedNodes: 98,
				kubernetesVersion: "1.35.0",
				surge: { kind: "nodes", nodes: 3 },
			},
		},
	] as const)("does not report beside a capacity finding: $what", ({ of }) => {
		expect(outcomeOf(nearlyFull, full(100, of)).kind).toBe("fine");
	});

	it("does not report an empty budget", () => {
		expect(outcomeOf(nearlyFull, full(0, { reportedNodes: 0 })).kind).toBe(
			"fine",
		);
	});

	it("counts the low end of the limit and the high end of the demand", () => {
		const pods = subnetId("pods");
		const of = (nodes: number) =>
			seen(
				{
					clusters: [
						cluster({
							pools: [
								pool({
									...inPlace,
									reportedNodes: nodes,
									podSubnet: pods,
									staticBlocks: true,
								}),
							],
						}),
					],
					subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/23"] })],
				},
				"pod-blocks",
			);
		// 2 blocks a node of 30 for certain: 26 are 86 %, 28 are 93 %.
		expect([
			outcomeOf(nearlyFull, of(13)).kind,
			outcomeOf(nearlyFull, of(14)).kind,
		]).toEqual(["fine", "violated"]);
	});

	it("is not evaluated if autoscaler max is unknown or model and data do not match", () => {
		expect(outcomeOf(nearlyFull, seen({})).kind).toBe("not-evaluated");
		expect(
			outcomeOf(nearlyFull, { ...full(100, { maxNodes: 95 }), mismatch: true })
				.kind,
		).toBe("not-evaluated");
	});
});

describe("kubenet retirement", () => {
	it("is low, of the cluster itself, without amounts", () => {
		const [outcome, ...others] = outcomesOf(
			kubenetRetirement,
			facts({ kubenet: true }),
		);
		expect(others).toEqual([]);
		expect(outcome).toMatchObject({
			kind: "violated",
			severity: "low",
			budget: null,
			scenario: null,
			verdict: null,
			limit: null,
			demand: null,
			free: null,
			alsoIn: [],
			azure: null,
		});
	});

	it("says what a migration does with the pod range", () => {
		// 3 nodes and a surge node: a /16 has 256 blocks, a /23 two.
		const kept = (podCidr: string) => {
			const { cluster } = clusterOf(
				fleetOf({ clusters: [kubenetCluster({ podCidr })] }),
			);
			const [outcome] = outcomesOf(
				kubenetRetirement,
				facts({ kubenet: true, cluster }),
			);
			return outcome?.kind === "violated" ? outcome.remedies[0]?.detail : null;
		};
		expect(kept("10.244.0.0/16")).toContain(
			"It keeps the pod CIDR 10.244.0.0/16: 256 blocks of /24 for 4 nodes, upgrades included.",
		);
		expect(kept("10.244.0.0/23")).toContain(
			"It keeps the pod CIDR 10.244.0.0/23, which is too small: 2 blocks of /24 for 4 nodes, upgrades included.",
		);
	});

	it("is said of a cluster that cannot be evaluated as well: its row says kubenet", () => {
		expect(
			outcomesOf(
				kubenetRetirement,
				facts({ kubenet: true, notEvaluated: "no network" }),
			),
		).toMatchObject([{ kind: "violated" }]);
	});

	it("is not evaluated where the row could not be read, and fine otherwise", () => {
		expect(outcomesOf(kubenetRetirement, facts({ kubenet: null }))).toEqual([
			{ kind: "not-evaluated", budget: null },
		]);
		expect(outcomesOf(kubenetRetirement, facts())).toEqual([
			{ kind: "fine", budget: null },
		]);
	});
});

describe("not evaluated", () => {
	it("is medium and unknown, of the cluster, with the reason", () => {
		expect(
			outcomesOf(
				notEvaluated,
				facts({
					notEvaluated: "no read on subscription x",
				}),
			),
		).toMatchObject([
			{
				kind: "violated",
				severity: "medium",
				verdict: "unknown",
				budget: null,
				scenario: null,
				reasons: [{ kind: "not-known", text: "no read on subscription x" }],
			},
		]);
	});

	it("is fine of a cluster that can be evaluated", () => {
		expect(outcomesOf(notEvaluated, facts())).toEqual([
			{ kind: "fine", budget: null },
		]);
	});

	it.each<{
		what: string;
		of: Partial<Inventory>;
		reason: string;
		scenario: string;
		alsoIn: string[];
	}>([
		{
			what: "Azure shows no ip configurations",
			of: {},
			reason:
				"Azure shows nodes in the subnet, but no readable list of IP configurations",
			scenario: "today",
			alsoIn: ["upgrade", "full", "full-upgrade"],
		},
		{
			what: "a scale set's cluster is not visible",
			of: {
				subnets: [subnet({ ipConfigurations: 145 })],
				scaleSets: [scaleSet(), scaleSet({ cluster: "unseen", capacity: 2 })],
			},
			reason: "not visible",
			scenario: "full",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "an autoscaler's maximum is not reported",
			of: {
				clusters: [cluster({ pools: [pool({ autoscaling: true })] })],
				subnets: [subnet({ ipConfigurations: 87 })],
				scaleSets: [scaleSet()],
			},
			reason: "maximum number of nodes is unknown",
			scenario: "full",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "auto-provisioning has no maximum, and more is unknown",
			of: { clusters: [cluster({ autoProvisioning: true })] },
			reason:
				"Azure shows nodes in the subnet, but no readable list of IP configurations",
			scenario: "today",
			alsoIn: ["upgrade", "full", "full-upgrade"],
		},
	])("of a budget: $what", ({ of, reason, scenario, alsoIn }) => {
		const found = violation(outcomeOf(notEvaluated, seen(of)));
		expect(found).toMatchObject({
			severity: "medium",
			verdict: "unknown",
			scenario,
			alsoIn,
		});
		expect(textsOf(found).join("\n")).toContain(reason);
	});

	it("leaves to unbounded-growth what is unknown for auto-provisioning alone", () => {
		const judged = seen({
			clusters: [cluster({ autoProvisioning: true })],
			subnets: [subnet({ ipConfigurations: 87 })],
			scaleSets: [scaleSet()],
		});
		expect(judged.view.scenarios.full.verdict).toBe("unknown");
		expect(outcomeOf(notEvaluated, judged).kind).toBe("fine");
	});

	it("of a shared subnet: a neighbor has no maximum", () => {
		const judged = seen({
			clusters: [
				cluster({ name: "a" }),
				cluster({
					name: "b",
					autoProvisioning: true,
					pools: [pool({ reportedNodes: 2 })],
				}),
			],
			subnets: [subnet({ ipConfigurations: 145 })],
			scaleSets: [scaleSet(), scaleSet({ cluster: "b", capacity: 2 })],
		});
		const found = violation(outcomeOf(notEvaluated, judged));
		expect(found).toMatchObject({ scenario: "full", alsoIn: ["full-upgrade"] });
		expect(textsOf(found)).toContain(
			"A neighbor's growth has no known maximum",
		);
	});

	it("says a pod range that is not reported", () => {
		const judged = seen(
			{ clusters: [overlayCluster({ podCidr: null })] },
			"pod-range",
		);
		expect(
			textsOf(violation(outcomeOf(notEvaluated, judged))).join("\n"),
		).toContain("Azure reports no pod CIDR for the cluster");
	});

	it("says the sums of a mismatch", () => {
		const judged = seen({
			clusters: [cluster({ pools: [pool({ reportedNodes: 9 })] })],
		});
		const { reasons } = violation(outcomeOf(notEvaluated, judged));
		expect(reasons[0]?.text).toContain("model and data do not match");
		expect(reasons[1]).toEqual({
			kind: "pool",
			text: "pool np: 9 nodes x 29 to 31 IPs (max pods 30)",
		});
	});
});

describe("every rule on every cluster", () => {
	const judge = (of: Cluster, overrides: Partial<Inventory> = {}) => {
		const fleet = fleetOf({ clusters: [of], ...overrides });
		return judgeCluster(
			clusterOf(fleet, of.name),
			sharedOf(fleet),
			new Set(),
			thresholds,
		);
	};

	it("says one of three for each budget", () => {
		const outcomes = judge(overlayCluster(), {
			subnets: [subnet({ ipConfigurations: 3 })],
		});
		const ofRule = (rule: string) =>
			outcomes
				.filter((one) => one.rule === rule)
				.map(({ outcome }) => outcome.kind);
		// subnet, pod CIDR, nodes of the cluster, nodes of the pool.
		expect(ofRule("capacity-shortfall")).toEqual([
			"fine",
			"fine",
			"fine",
			"fine",
		]);
		expect(ofRule("nearly-full")).toEqual(["fine", "fine", "fine", "fine"]);
		expect(ofRule("kubenet-retirement")).toEqual(["fine"]);
		expect(ofRule("not-evaluated")).toEqual([
			"fine",
			"fine",
			"fine",
			"fine",
			"fine",
		]);
	});

	it("names what is unseen of its budget, each once, and its first cause", () => {
		const table = routeTableId("aks-agentpool-1-routetable");
		// Two pools follow from one table, whose row is lost.
		const fleet = fleetOf(
			{
				clusters: [
					kubenetCluster({ pools: [pool(), pool({ name: "second" })] }),
				],
				subnets: [subnet({ ipConfigurations: 6 })],
				lost: { ...nothingLost, routeTables: 1 },
			},
			memory([
				knownCluster({
					uses: [knownUse(range(6), { id: table, kind: "routes" })],
				}),
			]),
		);
		const found = judgeCluster(
			clusterOf(fleet, "a"),
			sharedOf(fleet),
			new Set(),
			thresholds,
		).find(
			({ rule, outcome }) =>
				rule === "capacity-shortfall" && budgetIdOf(outcome) === subnetId(),
		);
		const cause = "Data is missing or not understood";
		expect(found?.unseen).toEqual({
			cause,
			unseen: [
				`${cause}: route table aks-agentpool-1-routetable is missing from the answer of Resource Graph`,
			],
		});
	});

	it("never says fine of a network that is not visible, and judges the rest", () => {
		const outcomes = judge(kubenetCluster(), { subnets: [] });
		const ofBudget = (budget: string | null) =>
			outcomes
				.filter(({ outcome }) => budgetIdOf(outcome) === budget)
				// The cluster has no auto-provisioning and no flat subnet: that is fine wherever it is.
				.filter(
					({ rule }) =>
						rule !== "unbounded-growth" && rule !== "max-pods-oversized",
				)
				.map(({ rule, outcome }) => [rule, outcome.kind]);
		expect(ofBudget(null)).toEqual([
			["range-overlap", "not-evaluated"],
			["kubenet-retirement", "violated"],
			["not-evaluated", "violated"],
		]);
		const unread = outcomes.find(
			({ rule, outcome }) =>
				rule === "not-evaluated" && budgetIdOf(outcome) === null,
		)?.outcome;
		expect(
			unread?.kind === "violated" && unread.remedies.map(({ title }) => title),
		).toEqual(["Assign the auditor's identity Reader on virtual network net."]);
		expect(ofBudget(subnetId())).toEqual([
			["capacity-shortfall", "not-evaluated"],
			["kubenet-shared-network", "not-evaluated"],
			["runway-short", "not-evaluated"],
			["nearly-full", "not-evaluated"],
			["oversized-subnet", "not-evaluated"],
			["not-evaluated", "not-evaluated"],
		]);
		expect(ofBudget(`${clusterId()}/routes`)).toEqual([
			["capacity-shortfall", "not-evaluated"],
			["kubenet-shared-network", "not-evaluated"],
			["runway-short", "not-evaluated"],
			["nearly-full", "not-evaluated"],
			["not-evaluated", "not-evaluated"],
		]);
		// Three nodes of 256 blocks: its history is too young for a runway.
		expect(ofBudget(`${clusterId()}/pod-range`)).toEqual([
			["capacity-shortfall", "fine"],
			["runway-short", "not-evaluated"],
			["nearly-full", "fine"],
			["not-evaluated", "fine"],
		]);
	});
});
