import { factsOf, type RuleOutcome } from "../shared/judge/judge.ts";
import { rules } from "../shared/rules/registry.ts";

/** Rules that search for remedies, and need the cluster for nothing else: without it they say the same and search nothing. */
export const searchingRules: ReadonlySet<string> = new Set([
	"capacity-shortfall",
	"blocks-never-ready",
	"runway-short",
	"nearly-full",
]);

/** The same outcomes as those of `judgeCluster`, but for the remedies that are searched for. */
export function judgeWithoutRemedies(
	...judged: Parameters<typeof factsOf>
): RuleOutcome[] {
	const facts = factsOf(...judged);
	const bare = { ...facts, cluster: null };
	return rules.flatMap(({ id, check }) =>
		check(searchingRules.has(id) ? bare : facts).map((outcome) => ({
			rule: id,
			outcome,
			unseen: null,
		})),
	);
}
