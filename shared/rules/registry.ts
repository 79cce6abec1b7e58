import { capacityShortfall } from "./capacityShortfall.ts";
import { kubenetRetirement } from "./kubenetRetirement.ts";
import { nearlyFull } from "./nearlyFull.ts";
import { notEvaluated } from "./notEvaluated.ts";
import type { Rule } from "./rule.ts";

/** All rules, in the order in which a report lists them. */
export const rules: readonly Rule[] = [
	capacityShortfall,
	nearlyFull,
	kubenetRetirement,
	notEvaluated,
];

/** Recorded with each audit: a later version may find more without anything having changed. */
export const rulesVersion = 1;
