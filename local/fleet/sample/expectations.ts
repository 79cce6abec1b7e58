import type {
	BudgetKind,
	ScenarioName,
	Severity,
} from "../../../shared/contract.ts";

/** A finding that the sample fleet must cause. Any other finding fails the tests. */
export interface Expectation {
	readonly cluster: string;
	readonly rule: RuleId;
	readonly severity: Severity;
	readonly scenario: ScenarioName | null;
	readonly budgetKind: BudgetKind | null;
}

type RuleId =
	| "capacity-shortfall"
	| "blocks-never-ready"
	| "kubenet-shared-network"
	| "range-overlap"
	| "unbounded-growth"
	| "nearly-full"
	| "max-pods-oversized"
	| "kubenet-retirement"
	| "pods-per-node-low"
	| "wasted-block"
	| "oversized-subnet"
	| "not-evaluated";

/**
 * Worked out by hand. P is max pods, 29 what a Linux node uses at P 30 (P - 1), 31 a Windows one (P + 1); a prefix has
 * 2^(32 - length) - 5 usable addresses; surge is 10 %, rounded up, unless something else is said.
 *
 * platform-prod
 *   ingress        node subnet /24 = 251: (2 + 6) x 29 + 1 frontend + 1 endpoint = 234; one surge node: 263.
 *   identity       overlay /25 = 123, podCidr /16 = 256: 7 nodes, at most 13 + 2. Healthy.
 *   observability  overlay, podCidr /20 = 16 nodes: 3 + 7 today, 12 while upgrading, 3 + 17 = 20 at autoscaler max.
 *                  Its podCidr ends at 10.10.143.255, in the 10.10.0.0/16 of its own network, whose subnets end at
 *                  10.10.5.255: free space.
 *   edge           BYO CNI /26 = 59: 9 nodes, at most 23 + 3. Healthy.
 *   automatic      NAP, managed network: nobody knows how many nodes Karpenter will add. 3 + 14 = 17 today; the pod range
 *                  has 256 blocks for the 5,000 nodes that AKS supports: no bound. The /16 = 65,531 fits 5,000, the
 *                  cluster's own limit is those 5,000. API server 9 of 11 in a /28. A /16 for 17 nodes is AKS's own making.
 *   intranet       node subnet, Cilium, /23 = 507: 7 x 29 + 1 frontend + 1 machine + 3 x 2 of a scale set + 2 of a
 *                  Private Link Service = 213; 11 x 29 + 10 = 329 at autoscaler max, 387 with both pools' surge. Healthy.
 *
 * retail-prod
 *   checkout, catalog, basket, pricing, loyalty share a /22 = 1,019: 8 + 6 + 6 + 5 + 5 = 30 nodes x 29 + 5 frontends
 *                  = 875, 144 free; they may grow by 6, 2, 2, 2, 1 = 13 nodes = 377, all of them: 1,252.
 *     checkout     875 + 6 x 29 = 1,049: short alone. An upgrade: 875 + 2 x 29 = 933.
 *     the others   875 + 2 x 29 = 933 (loyalty 904) fits, 1,252 does not: tight by the neighbors alone.
 *   pos            /24 = 251: 3 x 29 + 2 x 31 = 149; 3 x 29 + 4 x 31 = 211 at autoscaler max; with one pool's surge 242,
 *                  with both 271: tight only if all pools upgrade at once.
 *   search         /24 = 251: 5 x 29 = 145; 8 x 29 = 232 at autoscaler max; 261 with one surge node.
 *   campaigns      workers in a /25 = 123: 4 x 29 = 116, 7 free: no room for one more of four that may come, and
 *                  8 x 29 = 232 at autoscaler max; they upgrade in place. The system pool's /25: 58, 87 while upgrading.
 *   partner        its network is in a subscription that cannot be read.
 *
 * data-prod
 *   spark, kafka   share a pod subnet /25 = 123: (2 + 3) + (2 + 2) = 9 nodes x 16 to 17 = 144 to 153, already today.
 *   flink          static blocks, /22 = 62 to 64: 3 x ceil(33 / 16) + 4 x ceil(251 / 16) = 9 + 64 = 73, already today.
 *                  Azure counts 7 x 16 = 112 of 1,019 addresses and accepts: nodes
 *                  that never become ready. At P 32 the third block is for one pod; at P 250 the last is for 11, at
 *                  P 31 (warehouse) none is wasted.
 *   warehouse      static blocks, /23 = 30 to 32: 6 x 2 = 12, 16 at autoscaler max, 20 with both pools' surge. Healthy.
 *   events         a pool of at most 1,000 (the limit of a pool): 1,000 at autoscaler max, 1,100 with surge. podCidr /13 =
 *                  2,048 and a /20 = 4,091 fit 1,003 + 101.
 *
 * nonprod
 *   legacy-a, -b   kubenet, share a /24 and a route table (5 node routes + 3 of people), which AKS does not support:
 *                  a finding of each on both.
 *   render         kubenet, 400 routes: 3 + 359 + 12 of people = 374; surge 5 (and 1): 380 while upgrading;
 *                  3 + 390 + 12 = 405 at autoscaler max. podCidr /15 = 512, /22 = 1,019. The /15 ends at 10.143.255.255: the
 *                  peered 10.143.0.0/24 lies in it.
 *   crm            kubenet in a managed network, 3 nodes in a /16.
 *   perf           node resource group not readable, so a node may take 29 to 31. load in a /26 = 59: 29 today, 58 to
 *                  60 at autoscaler max, no surge: tight by documentation; 59 / 31 = 1 node as documented, never three. system in a /25 = 123: 58, at most 89.
 *   integration    P 250: 2 x 249 = 498 for certain, but Azure shows null in the /22: at most unknown.
 *   apps-dev       stopped: 0 today, 8 + 2 of 59 when it is back. Healthy.
 *   tools, portal  share an API server subnet /28 = 11: 2 x 9 = 18. portal: pod subnet /24 = 251, 11 nodes x 16 to 17 =
 *                  187, with surge 221: fits. 251 - 11 = 240 = 15 batches, 240 / 11 = 21 addresses a node, 8 of them
 *                  unused: 13 pods of 30 wanted. tools: a /22 = 1,019 for at most 2 + 6 + 2 = 10 addresses (1 %).
 *                  Its service range is the prefix of snet-spare.
 *   ci             overlay, a spot, a stopped and a VirtualMachines pool: at most 3 + 20 + 6 + 8 = 37, + 3 of 123. Healthy.
 *
 * sandbox
 *   dualstack      overlay, two ip configurations a node (one IPv6), /25 = 123: at most 8 + 2. Healthy.
 *   training       overlay, /26 = 59: 3 + 2 gateways x 2 (one static gateway configuration) + 47 = 54 at autoscaler max
 *                  (91.5 %), 54 + 1 + 2 + 1 = 58 with all surge: fits.
 *   lab            pod subnet /22 = 1,019: 10 x 17 = 170 at autoscaler max, P 50. 1,019 - 10 = 1,009: 63 batches, 100 a node:
 *                  all 50 pods. Healthy.
 */
export const expectations: readonly Expectation[] = [
	shortfall("aks-ingress-prod-weu", "critical", "upgrade", "subnet"),
	shortfall("aks-observability-prod-weu", "high", "full", "pod-range"),
	plain("aks-observability-prod-weu", "range-overlap", "low", null),
	{
		cluster: "aks-automatic-prod-sdc",
		rule: "unbounded-growth",
		severity: "medium",
		scenario: "full",
		budgetKind: "pod-range",
	},
	shortfall("aks-checkout-prod-weu", "high", "full", "subnet"),
	shortfall("aks-catalog-prod-weu", "low", "full", "subnet"),
	shortfall("aks-basket-prod-weu", "low", "full", "subnet"),
	shortfall("aks-pricing-prod-weu", "low", "full", "subnet"),
	shortfall("aks-loyalty-prod-weu", "low", "full", "subnet"),
	shortfall("aks-pos-prod-weu", "low", "full-upgrade", "subnet"),
	shortfall("aks-search-prod-weu", "medium", "full-upgrade", "subnet"),
	shortfall("aks-campaigns-prod-weu", "critical", "full", "subnet"),
	unknown("aks-partner-prod-weu", null, null),
	shortfall("aks-spark-prod-weu", "critical", "today", "pod-subnet"),
	shortfall("aks-kafka-prod-weu", "critical", "today", "pod-subnet"),
	shortfall("aks-flink-prod-weu", "critical", "today", "pod-blocks"),
	{
		cluster: "aks-flink-prod-weu",
		rule: "blocks-never-ready",
		severity: "critical",
		scenario: "today",
		budgetKind: "pod-blocks",
	},
	plain("aks-flink-prod-weu", "wasted-block", "info", "pod-blocks"),
	shortfall("aks-events-prod-neu", "medium", "full-upgrade", "pool-nodes"),
	kubenet("aks-legacy-a-test-weu"),
	kubenet("aks-legacy-b-test-weu"),
	plain("aks-legacy-a-test-weu", "kubenet-shared-network", "high", "subnet"),
	plain("aks-legacy-a-test-weu", "kubenet-shared-network", "high", "routes"),
	plain("aks-legacy-b-test-weu", "kubenet-shared-network", "high", "subnet"),
	plain("aks-legacy-b-test-weu", "kubenet-shared-network", "high", "routes"),
	kubenet("aks-render-nonprod-weu"),
	shortfall("aks-render-nonprod-weu", "high", "full", "routes"),
	plain("aks-render-nonprod-weu", "range-overlap", "medium", null),
	kubenet("aks-crm-test-weu"),
	shortfall("aks-perf-nonprod-weu", "medium", "full", "subnet"),
	plain("aks-perf-nonprod-weu", "max-pods-oversized", "low", "subnet"),
	unknown("aks-integration-nonprod-weu", "today", "subnet"),
	shortfall("aks-tools-nonprod-weu", "high", "today", "api-server-subnet"),
	plain("aks-tools-nonprod-weu", "range-overlap", "high", null),
	shortfall("aks-portal-nonprod-weu", "high", "today", "api-server-subnet"),
	{
		cluster: "aks-tools-nonprod-weu",
		rule: "oversized-subnet",
		severity: "info",
		scenario: "full-upgrade",
		budgetKind: "subnet",
	},
	{
		cluster: "aks-portal-nonprod-weu",
		rule: "pods-per-node-low",
		severity: "info",
		scenario: "full",
		budgetKind: "pod-subnet",
	},
	{
		cluster: "aks-training-sandbox-weu",
		rule: "nearly-full",
		severity: "low",
		scenario: "full",
		budgetKind: "subnet",
	},
];

/** Rules that a first audit cannot occur in: they speak of what many nights have seen. */
export const afterNights: readonly string[] = ["runway-short"];

/** Clusters in which no rule finds anything. */
export const healthy: readonly string[] = [
	"aks-identity-prod-weu",
	"aks-edge-prod-neu",
	"aks-intranet-prod-weu",
	"aks-warehouse-prod-weu",
	"aks-apps-dev-weu",
	"aks-ci-nonprod-weu",
	"aks-dualstack-sandbox-weu",
	"aks-lab-sandbox-weu",
];

function shortfall(
	cluster: string,
	severity: Severity,
	scenario: ScenarioName,
	budgetKind: BudgetKind,
): Expectation {
	return {
		cluster,
		rule: "capacity-shortfall",
		severity,
		scenario,
		budgetKind,
	};
}

function unknown(
	cluster: string,
	scenario: ScenarioName | null,
	budgetKind: BudgetKind | null,
): Expectation {
	return {
		cluster,
		rule: "not-evaluated",
		severity: "medium",
		scenario,
		budgetKind,
	};
}

function kubenet(cluster: string): Expectation {
	return plain(cluster, "kubenet-retirement", "low", null);
}

/** A finding without amounts. */
function plain(
	cluster: string,
	rule: RuleId,
	severity: Severity,
	budgetKind: BudgetKind | null,
): Expectation {
	return { cluster, rule, severity, scenario: null, budgetKind };
}
