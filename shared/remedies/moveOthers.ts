import { scenarioNames } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { otherResourcesText } from "../model/otherResourcesText.ts";
import { exactly, subtract, words } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { grouped } from "../text.ts";
import { leftovers } from "./deleteLeftovers.ts";
import type { Offer } from "./offer.ts";
import { fixing, isViolated, outcomeText, viewAfter } from "./whatIf.ts";

/** Other resources must free as many IPs as are missing. Leftover interfaces are deleted instead. */
export function moveOthers(cluster: ResolvedCluster, view: View): Offer[] {
	const { budget, now } = view;
	const missing = missingIn(view);
	if (budget.observed === null || missing <= 0) return [];
	if (missing > (now.otherResources.low ?? 0)) return [];
	if (leftovers(view) > 0 || mayBeNodes(cluster, view)) return [];
	const observed = subtract(budget.observed, exactly(missing));
	const changed = { budget: { ...budget, observed }, entries: view.entries };
	if (!fixing(view)(changed)) return [];
	const after = viewAfter(changed);
	const of = `${grouped(missing)} of the ${words(now.otherResources)}`;
	const kinds = otherResourcesText(view);
	return [
		{
			effect: "fixes",
			after,
			changes: [
				{ kind: "fewer-other-resources", id: budget.id, fewer: missing },
			],
			remedy: {
				kind: "move-others",
				title:
					budget.kind === "routes"
						? `Remove ${of} routes of the table that no node needs.`
						: `Move ${of} IPs of other resources to another subnet.`,
				detail: [
					...(kinds === null ? [] : [`They are used by: ${kinds}.`]),
					...outcomeText(after),
					...balancerText(view),
				],
				command: [],
			},
		},
	];
}

/** In the worst scenario that is violated. */
function missingIn(view: View): number {
	const free = scenarioNames
		.filter((name) => isViolated(view, name))
		.map((name) => view.scenarios[name].free.low ?? -Infinity);
	return -Math.min(0, ...free);
}

/** Stopped nodes keep their addresses, and only a scale set counts them (Azure/AKS#5211). */
function mayBeNodes({ pools }: ResolvedCluster, { entries }: View): boolean {
	const here = new Set(entries.map(({ pool }) => pool));
	return pools.some((pool) => here.has(pool.name) && hasUncounted(pool));
}

function hasUncounted({ deallocates, nodesSource }: ResolvedPool): boolean {
	return deallocates === true && nodesSource !== "measured";
}

/** Frontends move by what their service says. */
function balancerText({ budget }: View): string[] {
	if (budget.kind === "routes") return [];
	const some = budget.otherResourcesByKind?.some(
		({ kind }) => kind === "load-balancer-frontend",
	);
	return some === false
		? []
		: [
				"Move an internal load balancer with the annotation azure-load-balancer-internal-subnet.",
			];
}
