import { blocksNeverReady } from "./blocksNeverReady.ts";
import { capacityShortfall } from "./capacityShortfall.ts";
import { kubenetRetirement } from "./kubenetRetirement.ts";
import { kubenetSharedNetwork } from "./kubenetSharedNetwork.ts";
import { maxPodsOversized } from "./maxPodsOversized.ts";
import { nearlyFull } from "./nearlyFull.ts";
import { notEvaluated } from "./notEvaluated.ts";
import { oversizedSubnet } from "./oversizedSubnet.ts";
import { podsPerNodeLow } from "./podsPerNodeLow.ts";
import { rangeOverlap } from "./rangeOverlap.ts";
import type { Rule } from "./rule.ts";
import { runwayShort } from "./runwayShort.ts";
import { unboundedGrowth } from "./unboundedGrowth.ts";
import { wastedBlock } from "./wastedBlock.ts";

/** All rules, in the order in which a report lists them. */
export const rules: readonly Rule[] = [
	capacityShortfall,
	blocksNeverReady,
	kubenetSharedNetwork,
	rangeOverlap,
	unboundedGrowth,
	runwayShort,
	nearlyFull,
	maxPodsOversized,
	kubenetRetirement,
	podsPerNodeLow,
	wastedBlock,
	oversizedSubnet,
	notEvaluated,
];

/** Recorded with each audit: a later version may find more without anything having changed. */
export const rulesVersion = 4;

/** The version in which each rule appeared: what it finds in a fleet that was audited without it is not a new problem. */
export const ruleSince: Readonly<Record<string, number>> = {
	"capacity-shortfall": 1,
	"nearly-full": 1,
	"kubenet-retirement": 1,
	"not-evaluated": 1,
	"blocks-never-ready": 2,
	"kubenet-shared-network": 2,
	"unbounded-growth": 2,
	"max-pods-oversized": 2,
	"pods-per-node-low": 2,
	"wasted-block": 2,
	"oversized-subnet": 2,
	"range-overlap": 3,
	"runway-short": 3,
};

/** The version in which each rule last began to add up otherwise: what moved in its first audit may be the sums alone. */
export const arithmeticSince: Readonly<Record<string, number>> = {
	"capacity-shortfall": 4,
	"blocks-never-ready": 4,
	"kubenet-shared-network": 4,
	"nearly-full": 4,
	"not-evaluated": 4,
	"oversized-subnet": 4,
	"pods-per-node-low": 4,
	"range-overlap": 4,
	"runway-short": 4,
	"unbounded-growth": 4,
};
