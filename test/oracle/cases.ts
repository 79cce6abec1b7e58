import type {
	BudgetKind,
	Range,
	ScenarioName,
	Verdict,
} from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import {
	cluster,
	kubenetCluster,
	overlayCluster,
	pool,
	range,
	routeTable,
	routeTableId,
	subnet,
	subnetId,
} from "../model/builders.ts";

/**
 * Every case that people were told numbers in, by its number in the table of the domain notes (4.3). Grade A: inputs
 * stated and numbers exact; B: one input inferred; C: inputs unstated or outcome unexplained; D: arithmetic of the
 * documentation; H: as Azure counted before 2022. P is max pods, n nodes.
 */
interface AssertedCase {
	readonly number: number;
	readonly grade: "A" | "B" | "D" | "D/A";
	readonly source: string;
	/** What Azure or its documentation said. */
	readonly outcome: string;
	readonly claims: readonly Claim[];
	/** The part of the outcome that the auditor has no figure for. */
	readonly notOurs?: string;
}

interface ListedCase {
	readonly number: number;
	readonly grade: "C" | "H" | "H/A" | "H/B" | "none";
	readonly source: string;
	readonly outcome: string;
	/** Why it is not asserted as Azure's answer. */
	readonly reason: string;
	/** Cases in which P + 1, as documented, makes the number: the high end of what is used. */
	readonly documented?: DocumentedClaim;
}

interface Saying {
	/** Inputs and figures, for a title. */
	readonly says: string;
}

interface OfBudget extends Saying {
	readonly of: Partial<Inventory>;
	readonly budget: BudgetKind;
}

/** Azure's own check, in the figures of its message: "requested exceeds available". */
interface AzureClaim extends OfBudget {
	readonly about: "azure";
	readonly requested: number;
	readonly available: number;
	readonly answer: "accepts" | "refuses";
}

interface ScenarioClaim extends OfBudget {
	readonly about: "scenario";
	readonly scenario: ScenarioName;
	readonly demand: Range;
	readonly free: Range;
	readonly verdict: Verdict;
}

/** The most nodes that fit: as documented for certain, as Azure allocates at all. */
export interface MostNodesClaim extends Saying {
	readonly about: "most-nodes";
	readonly of: (nodes: number) => Partial<Inventory>;
	readonly budget: BudgetKind;
	readonly scenario: ScenarioName;
	readonly documented: number;
	readonly allocated: number;
}

interface LimitClaim extends OfBudget {
	readonly about: "limit";
	readonly limit: number;
}

/** Blocks of a node, addresses in them for its pods, and addresses in the blocks of all nodes. */
interface BlocksClaim extends Saying {
	readonly about: "blocks";
	readonly of: Partial<Inventory>;
	readonly blocks: number;
	readonly usable: number;
	readonly addressesOfAll: number;
}

/** What a node of a dynamic pod subnet has with this many pods, without and with its network container's own. */
interface HeldClaim extends Saying {
	readonly about: "held";
	readonly pods: number;
	readonly maxPods: number;
	readonly addresses: number;
	readonly withContainer: number;
}

interface PrefixClaim extends Saying {
	readonly about: "prefix";
	readonly addresses: number;
	readonly length: number;
}

export type Claim =
	| AzureClaim
	| ScenarioClaim
	| MostNodesClaim
	| LimitClaim
	| BlocksClaim
	| HeldClaim
	| PrefixClaim;

export interface DocumentedClaim extends Saying {
	readonly of: Partial<Inventory>;
	/** Null: what a single node needs. */
	readonly scenario: ScenarioName | null;
	readonly high: number;
}

const pods = subnetId("pods");

/** A pool none of whose nodes is there yet. */
function asked(nodes: number, overrides: Partial<NodePool> = {}): NodePool {
	return pool({ reportedNodes: 0, maxNodes: nodes, ...overrides });
}

function clusterIn(prefix: string, one: Cluster): Partial<Inventory> {
	return { clusters: [one], subnets: [subnet({ prefixes: [prefix] })] };
}

/** This many nodes of Azure CNI asked for in an empty node subnet. */
function flat(
	nodes: number,
	maxPods: number,
	prefix: string,
): Partial<Inventory> {
	return clusterIn(prefix, cluster({ pools: [asked(nodes, { maxPods })] }));
}

function overlay(podCidr: string, ...nodes: number[]): Partial<Inventory> {
	const pools = nodes.map((most, index) => asked(most, { name: `np${index}` }));
	return clusterIn("10.1.0.0/20", overlayCluster({ podCidr, pools }));
}

function overlayIn(prefix: string) {
	return (nodes: number) =>
		clusterIn(prefix, overlayCluster({ pools: [asked(nodes)] }));
}

function kubenet(
	prefix: string,
	nodes: number,
	{ podCidr, dualStack }: Partial<Cluster> = {},
): Partial<Inventory> {
	const pools = [asked(nodes, { maxPods: 110 })];
	const one = kubenetCluster({
		podCidr: podCidr ?? "10.244.0.0/16",
		dualStack: dualStack ?? false,
		pools,
	});
	return {
		clusters: [one],
		subnets: [subnet({ prefixes: [prefix], routeTable: routeTableId() })],
		routeTables: [routeTable()],
	};
}

function kubenetUpgrade(
	prefix: string,
	nodes: number,
	surge: NodePool["surge"],
): Partial<Inventory> {
	const pools = [asked(nodes, { maxPods: 110, surge })];
	return clusterIn(prefix, kubenetCluster({ pools }));
}

/** AKS#2531: 5 nodes of a pool that is to grow, 24 addresses free of 59, so 30 that something else uses. */
function partlyTaken(maxNodes: number): Partial<Inventory> {
	const pools = [pool({ reportedNodes: 5, maxNodes })];
	return {
		clusters: [kubenetCluster({ pools })],
		subnets: [subnet({ prefixes: ["10.133.123.0/26"], ipConfigurations: 35 })],
	};
}

function staticBlocks(
	nodes: number,
	maxPods: number,
	prefix: string,
): Partial<Inventory> {
	const one = pool({
		reportedNodes: nodes,
		maxPods,
		podSubnet: pods,
		staticBlocks: true,
	});
	return {
		clusters: [cluster({ pools: [one] })],
		subnets: [subnet(), subnet({ id: pods, prefixes: [prefix] })],
	};
}

/** Ten overlay nodes that upgrade with a surge of 5, in a /24 with this many addresses free. */
function upgradeWithRoomFor(
	room: number,
	kubernetesVersion = "1.34.2",
): Partial<Inventory> {
	const one = pool({
		reportedNodes: 10,
		surge: { kind: "nodes", nodes: 5 },
		kubernetesVersion,
	});
	return {
		clusters: [overlayCluster({ pools: [one] })],
		subnets: [subnet({ ipConfigurations: 251 - room })],
	};
}

function upgradeWithoutRoom(room: number): ScenarioClaim {
	return {
		about: "scenario",
		says: `max surge 5, room for ${room}: the upgrade fails`,
		of: upgradeWithRoomFor(room),
		budget: "subnet",
		scenario: "upgrade",
		demand: range(256 - room),
		free: range(room - 5),
		verdict: "short",
	};
}

function tenPercentOfEight(
	scenario: ScenarioName,
	what: string,
	one: Partial<NodePool>,
): ScenarioClaim {
	return {
		about: "scenario",
		says: `${what} and max surge 10 %: 9 nodes`,
		of: {
			clusters: [cluster({ pools: [pool({ surge: percent(10), ...one })] })],
		},
		budget: "pool-nodes",
		scenario,
		demand: range(9),
		free: range(991),
		verdict: "fits",
	};
}

function percent(percent: number): NodePool["surge"] {
	return { kind: "percent", percent };
}

function held(
	count: number,
	addresses: number,
	withContainer: number,
): HeldClaim {
	return {
		about: "held",
		says: `${count} pods hold ${addresses}`,
		pods: count,
		maxPods: 250,
		addresses,
		withContainer,
	};
}

export const asserted: readonly AssertedCase[] = [
	{
		number: 7,
		grade: "A",
		source: "AKS-Construction#357 (2022-09)",
		outcome: "InsufficientPodCidr 768 > 256",
		claims: [
			{
				about: "azure",
				says: "kubenet, pod range /24, autoscaler to 3: 768 > 256",
				of: kubenet("10.1.0.0/24", 3, { podCidr: "10.244.0.0/24" }),
				budget: "pod-range",
				requested: 768,
				available: 256,
				answer: "refuses",
			},
		],
	},
	{
		number: 9,
		grade: "A",
		source: "public source",
		outcome: "8448 > 8192; 32 nodes are accepted",
		claims: [
			{
				about: "azure",
				says: "overlay, pod range /19, 33 nodes: 8448 > 8192",
				of: overlay("10.244.0.0/19", 33),
				budget: "pod-range",
				requested: 8448,
				available: 8192,
				answer: "refuses",
			},
			{
				about: "azure",
				says: "overlay, pod range /19, 32 nodes: 8192 of 8192",
				of: overlay("10.244.0.0/19", 32),
				budget: "pod-range",
				requested: 8192,
				available: 8192,
				answer: "accepts",
			},
			{
				about: "most-nodes",
				says: "overlay, pod range /19: 32 nodes at most",
				of: (nodes) => overlay("10.244.0.0/19", nodes),
				budget: "pod-range",
				scenario: "full",
				documented: 32,
				allocated: 32,
			},
		],
	},
	{
		number: 11,
		grade: "A",
		source: "lab (2025)",
		outcome: "accepted",
		claims: [
			{
				about: "azure",
				says: "2 nodes of P=250 in a /16: 498 of 65531",
				of: flat(2, 250, "10.1.0.0/16"),
				budget: "subnet",
				requested: 498,
				available: 65_531,
				answer: "accepts",
			},
		],
	},
	{
		number: 12,
		grade: "A",
		source: "lab (2025)",
		outcome: "accepted",
		claims: [
			{
				about: "azure",
				says: "1 node of P=250 in a /24: 249 of 251",
				of: flat(1, 250, "10.1.0.0/24"),
				budget: "subnet",
				requested: 249,
				available: 251,
				answer: "accepts",
			},
			{
				about: "scenario",
				says: "1 node of P=250 in a /24: 251 as documented, exactly full",
				of: flat(1, 250, "10.1.0.0/24"),
				budget: "subnet",
				scenario: "full",
				demand: range(249, 251),
				free: range(0, 2),
				verdict: "fits",
			},
		],
	},
	{
		number: 13,
		grade: "A",
		source: "lab (2025)",
		outcome: "498 > 251",
		claims: [
			{
				about: "azure",
				says: "2 nodes of P=250 in a /24: 498 > 251",
				of: flat(2, 250, "10.1.0.0/24"),
				budget: "subnet",
				requested: 498,
				available: 251,
				answer: "refuses",
			},
			{
				about: "most-nodes",
				says: "nodes of P=250 in a /24: 1 at most",
				of: (nodes) => flat(nodes, 250, "10.1.0.0/24"),
				budget: "subnet",
				scenario: "full",
				documented: 1,
				allocated: 1,
			},
		],
	},
	{
		number: 15,
		grade: "A",
		source: "lab (2024-10-03)",
		outcome: "160 > 59, target podSubnetID",
		claims: [
			{
				about: "azure",
				// The check counts 16 a node whatever P. P=250 is what the lab's other cases have.
				says: "static blocks, 10 nodes in a pod subnet /26: 160 > 59",
				of: staticBlocks(10, 250, "10.1.4.0/26"),
				budget: "pod-blocks",
				requested: 160,
				available: 59,
				answer: "refuses",
			},
		],
	},
	{
		number: 16,
		grade: "A",
		source: "lab (2024-10-03)",
		outcome:
			'accepted, then not ready: network container "Subnet is full", 3 x 16 blocks or 768 addresses needed',
		claims: [
			{
				about: "azure",
				says: "static blocks, 3 nodes of P=250 in a /26: 48 of 59",
				of: staticBlocks(3, 250, "10.1.4.0/26"),
				budget: "pod-blocks",
				requested: 48,
				available: 59,
				answer: "accepts",
			},
			{
				about: "scenario",
				says: "static blocks, 3 nodes of P=250 in a /26: 48 blocks of 2 to 4",
				of: staticBlocks(3, 250, "10.1.4.0/26"),
				budget: "pod-blocks",
				scenario: "today",
				demand: range(48),
				free: range(-46, -44),
				verdict: "short",
			},
			{
				about: "blocks",
				says: "static blocks, 3 nodes of P=250: 768 addresses",
				of: staticBlocks(3, 250, "10.1.4.0/26"),
				blocks: 16,
				usable: 255,
				addressesOfAll: 768,
			},
		],
		notOurs:
			"that a node is not ready is seen in the cluster alone; the auditor says that its blocks do not fit",
	},
	{
		number: 17,
		grade: "A",
		source: "lab (2024-10-03)",
		outcome: "node network config requested 250, allocated 255",
		claims: [
			{
				about: "blocks",
				says: "static blocks, /13, P=250: 16 blocks, 255 usable",
				of: staticBlocks(1, 250, "10.8.0.0/13"),
				blocks: 16,
				usable: 255,
				addressesOfAll: 256,
			},
		],
	},
	{
		number: 18,
		grade: "B",
		source: "public source (esml), P=30 inferred as the default",
		outcome: "29 > 27",
		claims: [
			{
				about: "azure",
				says: "1 node of P=30 in a /27: 29 > 27",
				of: flat(1, 30, "10.1.0.0/27"),
				budget: "subnet",
				requested: 29,
				available: 27,
				answer: "refuses",
			},
		],
	},
	{
		number: 25,
		grade: "B",
		source: "AKS#4467 (2024-08)",
		outcome:
			"at most 128 nodes over the sum of maxima; adding pools or raising a maximum is blocked",
		claims: [
			{
				about: "most-nodes",
				says: "overlay, pod range /17: 128 nodes at most",
				of: (nodes) => overlay("192.168.128.0/17", nodes),
				budget: "pod-range",
				scenario: "full",
				documented: 128,
				allocated: 128,
			},
			// How the 128 are spread over pools is not said: 100 and 28 are an example.
			{
				about: "azure",
				says: "overlay, pod range /17, maxima 100 and 28: 32768 of 32768",
				of: overlay("192.168.128.0/17", 100, 28),
				budget: "pod-range",
				requested: 32_768,
				available: 32_768,
				answer: "accepts",
			},
			{
				about: "azure",
				says: "overlay, pod range /17, a maximum raised by 1: 33024 > 32768",
				of: overlay("192.168.128.0/17", 100, 29),
				budget: "pod-range",
				requested: 33_024,
				available: 32_768,
				answer: "refuses",
			},
			{
				about: "azure",
				says: "overlay, pod range /17, a pool of 1 added: 33024 > 32768",
				of: overlay("192.168.128.0/17", 100, 28, 1),
				budget: "pod-range",
				requested: 33_024,
				available: 32_768,
				answer: "refuses",
			},
		],
	},
	{
		number: 26,
		grade: "A",
		source: "AKS#2531 (2021-09)",
		outcome:
			"autoscaler +30: SubnetIsFull for 30, nothing added; maximum lowered to 29: +24",
		claims: [
			{
				about: "scenario",
				says: "kubenet, /26, 5 nodes and 30 others: 24 free",
				of: partlyTaken(35),
				budget: "subnet",
				scenario: "today",
				demand: range(35),
				free: range(24),
				verdict: "fits",
			},
			{
				about: "scenario",
				says: "kubenet, /26, 24 free, +30 to 35 nodes: 65 > 59",
				of: partlyTaken(35),
				budget: "subnet",
				scenario: "full",
				demand: range(65),
				free: range(-6),
				verdict: "short",
			},
			{
				about: "scenario",
				says: "kubenet, /26, 24 free, +24 to 29 nodes: 59 of 59",
				of: partlyTaken(29),
				budget: "subnet",
				scenario: "full",
				demand: range(59),
				free: range(0),
				verdict: "fits",
			},
			{
				about: "most-nodes",
				says: "kubenet, /26, 24 free: a maximum of 29",
				of: partlyTaken,
				budget: "subnet",
				scenario: "full",
				documented: 29,
				allocated: 29,
			},
			{
				// Lowering the maximum is a change of the cluster, which Azure accepted: of 59, 30 are used by others, so all 29
				// fit.
				about: "azure",
				says: "kubenet, /26, 30 others, the maximum lowered to 29: 29 of 29",
				of: partlyTaken(29),
				budget: "subnet",
				requested: 29,
				available: 29,
				answer: "accepts",
			},
		],
		notOurs:
			"that all 30 are refused where 24 would fit is how the scale set answers the autoscaler at runtime, which no check of AKS precedes; that AKS would refuse a change at a maximum of 35 (35 > 29) is our prediction, and not told",
	},
	{
		number: 27,
		grade: "A",
		source: "AKS-Construction#403 (2022-09)",
		outcome: '"not enough capacity for 1 IP addresses"',
		claims: [
			{
				about: "limit",
				says: "a /29: 3 usable",
				of: overlayIn("10.1.0.0/29")(1),
				budget: "subnet",
				limit: 3,
			},
			{
				about: "most-nodes",
				says: "overlay nodes in a /29: 3 at most, none for 1 more",
				of: overlayIn("10.1.0.0/29"),
				budget: "subnet",
				scenario: "full",
				documented: 3,
				allocated: 3,
			},
		],
	},
	{
		number: 28,
		grade: "B",
		source: "THORChain wiki (2026)",
		outcome: "internal load balancer: SubnetIsFull for 1 address",
		claims: [
			{
				about: "scenario",
				// Nodes and P are not stated and do not matter: what is taken is seen.
				says: "a node subnet /27, 27 taken: none for 1 more",
				of: {
					clusters: [
						cluster({ pools: [pool({ reportedNodes: 1, maxPods: 10 })] }),
					],
					subnets: [
						subnet({ prefixes: ["10.1.0.0/27"], ipConfigurations: 27 }),
					],
				},
				budget: "subnet",
				scenario: "today",
				demand: range(27),
				free: range(0),
				verdict: "fits",
			},
		],
		notOurs:
			"the load balancer that is yet to come: addresses of others are counted once they are taken",
	},
	{
		number: 29,
		grade: "A",
		source: "azure-container-networking#2462 (2023-12)",
		outcome: "17, then 33 addresses a node",
		claims: [
			{ ...held(0, 16, 17), says: "dynamic pod subnet, a node at start: 17" },
			{ ...held(9, 32, 33), says: "dynamic pod subnet, a second batch: 33" },
			{
				about: "scenario",
				says: "dynamic pod subnet, 1 node: 16, or 17 as seen",
				of: {
					clusters: [
						cluster({ pools: [pool({ reportedNodes: 1, podSubnet: pods })] }),
					],
					subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/24"] })],
				},
				budget: "pod-subnet",
				scenario: "today",
				demand: range(16, 17),
				free: range(234, 235),
				verdict: "fits",
			},
		],
	},
	{
		number: 33,
		grade: "D",
		source: "IP address planning (2026-04)",
		outcome: "1,581 addresses, a /21",
		claims: [
			{
				about: "scenario",
				says: "50 nodes and 1 surge node of P=30 in a /21: 51 x 31 = 1581",
				of: flat(50, 30, "10.1.0.0/21"),
				budget: "subnet",
				scenario: "full-upgrade",
				demand: range(1479, 1581),
				free: range(462, 564),
				verdict: "fits",
			},
			{
				about: "prefix",
				says: "1581 addresses: a /21",
				addresses: 1581,
				length: 21,
			},
		],
	},
	{
		number: 34,
		grade: "D",
		source: "IP address planning (2026-04), corrected in azure-docs#19359",
		outcome: "1,891 addresses, a /21",
		claims: [
			{
				about: "scenario",
				says: "60 nodes and 1 surge node of P=30 in a /21: 61 x 31 = 1891",
				of: flat(60, 30, "10.1.0.0/21"),
				budget: "subnet",
				scenario: "full-upgrade",
				demand: range(1769, 1891),
				free: range(152, 274),
				verdict: "fits",
			},
			{
				about: "prefix",
				says: "1891 addresses: a /21",
				addresses: 1891,
				length: 21,
			},
		],
	},
	{
		number: 35,
		grade: "D",
		source: "kubenet documentation",
		outcome: "251 nodes, 27,610 pods",
		claims: [
			{
				about: "most-nodes",
				says: "kubenet, /24: 251 nodes",
				of: (nodes) => kubenet("10.1.0.0/24", nodes),
				budget: "subnet",
				scenario: "full",
				documented: 251,
				allocated: 251,
			},
		],
		notOurs: "27,610 pods are 251 x 110: the auditor counts no pods of kubenet",
	},
	{
		number: 36,
		grade: "D",
		source: "kubenet and legacy CNI documentation",
		outcome: "8 nodes, 240 pods",
		claims: [
			{
				about: "most-nodes",
				says: "node subnet /24, P=30: 8 nodes",
				of: (nodes) => flat(nodes, 30, "10.1.0.0/24"),
				budget: "subnet",
				scenario: "full",
				documented: 8,
				allocated: 8,
			},
		],
		notOurs: "240 pods are 8 x 30: the auditor counts no pods of a node subnet",
	},
	{
		number: 37,
		grade: "D",
		source: "kubenet documentation",
		outcome: "20 to 25 nodes: 27 usable, room for upgrades",
		claims: [
			{
				about: "limit",
				says: "kubenet, /27: 27 usable",
				of: kubenet("10.1.0.0/27", 20),
				budget: "subnet",
				limit: 27,
			},
			// Max surge 33 % is what is recommended, 1 the least.
			{
				about: "scenario",
				says: "kubenet, /27, 20 nodes and 33 %: 27 of 27",
				of: kubenetUpgrade("10.1.0.0/27", 20, percent(33)),
				budget: "subnet",
				scenario: "full-upgrade",
				demand: range(27),
				free: range(0),
				verdict: "fits",
			},
			{
				about: "scenario",
				says: "kubenet, /27, 25 nodes and 1: 26 of 27",
				of: kubenetUpgrade("10.1.0.0/27", 25, { kind: "nodes", nodes: 1 }),
				budget: "subnet",
				scenario: "full-upgrade",
				demand: range(26),
				free: range(1),
				verdict: "fits",
			},
		],
	},
	...(
		[
			{ number: 38, maxPods: 30, blocks: 2, usable: 31, addressesOfAll: 32 },
			{ number: 39, maxPods: 31, blocks: 2, usable: 31, addressesOfAll: 32 },
			{ number: 40, maxPods: 32, blocks: 3, usable: 47, addressesOfAll: 48 },
		] as const
	).map(
		({ number, maxPods, blocks, usable, addressesOfAll }): AssertedCase => ({
			number,
			grade: "D",
			source: "pod subnet documentation",
			outcome: `${blocks} blocks, ${usable} usable`,
			claims: [
				{
					about: "blocks",
					says: `static blocks, P=${maxPods}: ${blocks} blocks, ${usable} usable`,
					of: staticBlocks(1, maxPods, "10.1.4.0/22"),
					blocks,
					usable,
					addressesOfAll,
				},
			],
		}),
	),
	{
		number: 42,
		grade: "D",
		source: "SupportArticles-docs#2101 (2026-08)",
		outcome: "9 nodes effective; 9 x 8000 = 72,000 > 64,000 ports",
		claims: [
			tenPercentOfEight("upgrade", "8 nodes", { reportedNodes: 8 }),
			tenPercentOfEight("full-upgrade", "a maximum of 8", {
				reportedNodes: 1,
				maxNodes: 8,
			}),
		],
		notOurs:
			"72,000 of 64,000 ports: the auditor counts no ports of outbound rules, only the 9 nodes that they are for",
	},
	{
		number: 43,
		grade: "D",
		source: "kubenet dual-stack documentation (2021)",
		outcome: "200 nodes",
		claims: [
			{
				about: "most-nodes",
				says: "kubenet, dual stack: 200 nodes by 400 routes",
				of: (nodes) => kubenet("10.1.0.0/20", nodes, { dualStack: true }),
				budget: "routes",
				scenario: "full",
				documented: 200,
				allocated: 200,
			},
		],
	},
	{
		number: 44,
		grade: "D/A",
		source: "azure-docs#108215",
		outcome: "400 nodes tested in a /15; a /16 holds 256",
		claims: [
			{
				about: "most-nodes",
				says: "kubenet, pod range /15: 512 nodes by blocks",
				of: (nodes) =>
					kubenet("10.1.0.0/20", nodes, { podCidr: "10.244.0.0/15" }),
				budget: "pod-range",
				scenario: "full",
				documented: 512,
				allocated: 512,
			},
			{
				about: "most-nodes",
				says: "kubenet, pod range /15: 400 nodes by routes",
				of: (nodes) =>
					kubenet("10.1.0.0/20", nodes, { podCidr: "10.244.0.0/15" }),
				budget: "routes",
				scenario: "full",
				documented: 400,
				allocated: 400,
			},
			{
				about: "most-nodes",
				says: "kubenet, pod range /16: 256 nodes",
				of: (nodes) => kubenet("10.1.0.0/20", nodes),
				budget: "pod-range",
				scenario: "full",
				documented: 256,
				allocated: 256,
			},
		],
	},
	{
		number: 45,
		grade: "D",
		source: "upgrade options documentation",
		outcome:
			"max surge 5, max unavailable 0, capacity for 0 to 4: the upgrade fails (before Kubernetes 1.35)",
		claims: [
			...[0, 1, 2, 3, 4].map(upgradeWithoutRoom),
			{
				about: "scenario",
				says: "max surge 5, room for 5: the upgrade fits",
				of: upgradeWithRoomFor(5),
				budget: "subnet",
				scenario: "upgrade",
				demand: range(251),
				free: range(0),
				verdict: "fits",
			},
			// From 1.35 on AKS tries again with one surge node.
			{
				about: "scenario",
				says: "max surge 5, room for 4, Kubernetes 1.35: may do with 1",
				of: upgradeWithRoomFor(4, "1.35.0"),
				budget: "subnet",
				scenario: "upgrade",
				demand: range(248, 252),
				free: range(-1, 3),
				verdict: "tight",
			},
		],
	},
	{
		number: 47,
		grade: "A",
		source: "azure-container-networking, unit tests of ipammath",
		outcome:
			"pods to addresses: 0 to 16, 8 to 16, 16 to 32, 25 to 48, 32 to 48, 48 to 64, 500 to 250",
		claims: [
			held(0, 16, 17),
			held(8, 16, 17),
			held(16, 32, 33),
			held(25, 48, 49),
			held(32, 48, 49),
			held(48, 64, 65),
			held(500, 250, 251),
		],
	},
	{
		number: 48,
		grade: "A",
		source: "samples of the virtual network usages API",
		outcome: "limits 65531 and 251; -1 of -1 for a GatewaySubnet",
		claims: [
			{
				about: "limit",
				says: "a /16: 65531",
				of: flat(1, 30, "10.1.0.0/16"),
				budget: "subnet",
				limit: 65_531,
			},
			{
				about: "limit",
				says: "a /24: 251",
				of: flat(1, 30, "10.1.0.0/24"),
				budget: "subnet",
				limit: 251,
			},
		],
		notOurs:
			"-1 of -1: the auditor does not read usages, and no nodes are in a gateway's subnet",
	},
];

const before2022 =
	"Azure counted P + 1 until January 2022 and counts P - 1 on Linux since";

export const listed: readonly ListedCase[] = [
	{
		number: 1,
		grade: "H/A",
		source: "AKS#456 (2018-06)",
		outcome: "10 nodes of P=30 in a /24: 310 > 251; 1 node is accepted",
		reason: before2022,
		documented: {
			says: "10 nodes of P=30: 10 x 31 = 310",
			of: flat(10, 30, "10.1.0.0/24"),
			scenario: "full",
			high: 310,
		},
	},
	{
		number: 2,
		grade: "H/B",
		source: "terraform-provider-azurerm#5735 (2020-02)",
		outcome: "a /24: 505 > 251",
		reason: `${before2022}; 5 nodes of P=100 are inferred from the number`,
		documented: {
			says: "5 nodes of P=100, inferred: 5 x 101 = 505",
			of: flat(5, 100, "10.1.0.0/24"),
			scenario: "full",
			high: 505,
		},
	},
	{
		number: 3,
		grade: "H/A",
		source: "rancher#22616 (2019-09), rancher#20784 (2019-06)",
		outcome: "3 nodes of P=110 in a /24: 333 > 251",
		reason: before2022,
		documented: {
			says: "3 nodes of P=110: 3 x 111 = 333",
			of: flat(3, 110, "10.1.0.0/24"),
			scenario: "full",
			high: 333,
		},
	},
	{
		number: 4,
		grade: "C",
		source: "AKS#1795 (2020-08)",
		outcome: "an upgrade of 2 pools of 2 nodes in a /24: 276 > 251",
		reason:
			"P and surge are not stated; 6 x 46 would fit but is not confirmed, and the issue was closed with a fix",
	},
	{
		number: 5,
		grade: "H/A",
		source: "AKS#2119 (2021-02)",
		outcome:
			'an upgrade, P=100, surge 1, in a /24: SubnetIsFull for "101 IP addresses"',
		reason: `${before2022}; an error at runtime, not of the check before`,
		documented: {
			says: "a surge node of P=100: 101",
			of: flat(1, 100, "10.1.0.0/24"),
			scenario: null,
			high: 101,
		},
	},
	{
		number: 6,
		grade: "C",
		source: "AKS#3653 (2023-05)",
		outcome:
			"2 nodes of P=110 and a Windows pool of 2 nodes to come, in a /24: 255 > 251",
		reason:
			"P of the Windows pool is not stated: of 255 only 2 x 109 = 218 is explained, 37 are not",
	},
	{
		number: 8,
		grade: "C",
		source: "AKS-Construction#701 (2024-06)",
		outcome: "overlay, pod range /22: 1280 > 1024",
		reason:
			"the maxima of the pools are not stated: 5 x 256 gives the number, where the 5 nodes come from is not told",
	},
	{
		number: 20,
		grade: "C",
		source: "a5c-ai/hub (2025-08)",
		outcome:
			"rotation of a pool with a maximum of 10 by way of a temporary pool, in a /24: 290 > 251",
		reason:
			"10 x 29 gives the number, but both pools at their maxima would be 580: which nodes make up the 10 is not known",
	},
	{
		number: 21,
		grade: "C",
		source: "notes of cb-tumblebug#1409",
		outcome: "a /25: 218 > 123",
		reason:
			"nodes and P are not stated: 2 of P=110 are read out of the number itself, which then proves nothing",
	},
	{
		number: 22,
		grade: "C",
		source: "notes of cb-tumblebug#1409",
		outcome: "a /24: 436 > 251",
		reason:
			"nodes and P are not stated: 4 of P=110 are read out of the number itself, which then proves nothing",
	},
	{
		number: 32,
		grade: "H",
		source: "AKS#1124 (2019), aks-engine#1741",
		outcome:
			"500 and 300 ip configurations on an interface: more than 256 are refused",
		reason:
			"behaviour before 2022, of a limit on interfaces that P of at most 250 cannot reach any more",
	},
	{
		number: 46,
		grade: "H/B",
		source: "AKS#3221 (2022-09)",
		outcome:
			"an upgrade of an availability set of 8 nodes of P=30 in a /24 is refused",
		reason:
			"the numbers are in an image, and nodes from before 2022 that hold P + 1 are inferred",
		documented: {
			says: "8 nodes of P=30 and 1 more of an availability set: 248 + 31 = 279",
			of: {
				clusters: [
					cluster({
						pools: [pool({ type: "availability-set", reportedNodes: 8 })],
					}),
				],
				subnets: [subnet({ ipConfigurations: 248 })],
			},
			scenario: "upgrade",
			high: 279,
		},
	},
	{
		number: 50,
		grade: "none",
		source: "langchain-ai/terraform#99",
		outcome: "11 x 61 + 3 x 31 = 764 > 251",
		reason:
			"a third party's formula, (maximum + 1) x (P + 1): not what Azure answered",
		documented: {
			says: "maxima of 10 (P=60) and 2 (P=30), 1 surge node each: 671 + 93 = 764",
			of: clusterIn(
				"10.1.0.0/24",
				cluster({
					pools: [
						asked(10, { name: "a", maxPods: 60 }),
						asked(2, { name: "b", maxPods: 30 }),
					],
				}),
			),
			scenario: "full-upgrade",
			high: 764,
		},
	},
];

/** Where P + 1 and P - 1 do and do not differ, from the rows below the table: a number of nodes in an empty subnet. */
interface Boundary {
	readonly prefix: string;
	readonly usable: number;
	readonly maxPods: number;
	readonly nodes: number;
	readonly allocated: number;
	readonly documented: number;
	readonly verdict: Verdict;
	readonly answer: "accepts" | "refuses";
	readonly of: Partial<Inventory>;
}

export const boundaries: readonly Boundary[] = (
	[
		["/24", 251, 30, 8, 232, 248, "fits", "accepts"],
		["/24", 251, 30, 9, 261, 279, "short", "refuses"],
		["/24", 251, 110, 2, 218, 222, "fits", "accepts"],
		["/24", 251, 110, 3, 327, 333, "short", "refuses"],
		["/23", 507, 30, 16, 464, 496, "fits", "accepts"],
		["/23", 507, 30, 17, 493, 527, "tight", "accepts"],
		["/26", 59, 30, 1, 29, 31, "fits", "accepts"],
		["/26", 59, 30, 2, 58, 62, "tight", "accepts"],
		["/27", 27, 30, 1, 29, 31, "short", "refuses"],
	] as const
).map(
	([
		prefix,
		usable,
		maxPods,
		nodes,
		allocated,
		documented,
		verdict,
		answer,
	]) => ({
		prefix,
		usable,
		maxPods,
		nodes,
		allocated,
		documented,
		verdict,
		answer,
		of: flat(nodes, maxPods, `10.1.0.0${prefix}`),
	}),
);

/** The most nodes of P in an empty node subnet, by both ways of counting. */
export const mostNodes: readonly MostNodesClaim[] = (
	[
		["/24", 30, 8, 8],
		["/24", 110, 2, 2],
		["/23", 30, 16, 17],
		["/26", 30, 1, 2],
		["/27", 30, 0, 0],
	] as const
).map(([prefix, maxPods, documented, allocated]) => ({
	about: "most-nodes",
	says: `P=${maxPods} in a ${prefix}: at most ${documented} as documented, ${allocated} as allocated`,
	of: (nodes) => flat(nodes, maxPods, `10.1.0.0${prefix}`),
	budget: "subnet",
	scenario: "full",
	documented,
	allocated,
}));
