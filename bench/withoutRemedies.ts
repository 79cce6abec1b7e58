import { budgetsOf, type RuleOutcome } from "../shared/judge/judge.ts";
import type { Budget } from "../shared/model/budget.ts";
import type { FleetCluster } from "../shared/model/fleet.ts";
import { rules } from "../shared/rules/registry.ts";
import type { ClusterFacts, Thresholds } from "../shared/rules/rule.ts";

/** Rules that search for remedies, and need the cluster for nothing else: without it they say the same and search nothing. */
export const searchingRules: ReadonlySet<string> = new Set([
	"capacity-shortfall",
	"blocks-never-ready",
	"nearly-full",
]);

/** The same outcomes as those of `judgeCluster`, but for the remedies that are searched for. */
export function judgeWithoutRemedies(
	cluster: FleetCluster,
	shared: ReadonlyMap<string, Budget>,
	openBefore: ReadonlySet<string>,
	thresholds: Thresholds,
): RuleOutcome[] {
	const facts: ClusterFacts = {
		cluster: cluster.cluster,
		kubenet: cluster.kubenet,
		notEvaluated: cluster.notEvaluated,
		budgets: budgetsOf(cluster, shared),
		openBefore,
		thresholds,
	};
	const bare = { ...facts, cluster: null };
	return rules.flatMap(({ id, check }) =>
		check(searchingRules.has(id) ? bare : facts).map((outcome) => ({
			rule: id,
			outcome,
		})),
	);
}
