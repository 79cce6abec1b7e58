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

const byId: ReadonlyMap<string, Rule> = new Map(
	rules.map((rule) => [rule.id, rule]),
);

/** Undefined for one that an earlier release had. */
export function ruleOf(id: string): Rule | undefined {
	return byId.get(id);
}
