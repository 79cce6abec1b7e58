import { groupKey } from "../arm.ts";
import type { Inventory, NodePool } from "../inventory/facts.ts";
import type { Knowledge } from "../model/known.ts";
import type { ProposedChange } from "../propose/changes.ts";
import { propose } from "../propose/propose.ts";
import type { Proposal, ReplacedPool } from "./proposal.ts";

/**
 * What there is at the worst moments while pools are made anew, beside what there is before and after. A temporary pool
 * with the new settings stands beside the old pool, then beside the new one. With `create-before-delete` the new pool
 * stands beside the old one. All pools of a request are made anew at once: nobody promises an order. So what goes is
 * there until what is new has come, unless all that is new waits for it.
 */
export function momentsOf(
	now: Inventory,
	after: Inventory,
	{
		changes,
		replaced,
		waiting,
	}: Pick<Proposal, "changes" | "replaced" | "waiting">,
	before: Knowledge,
): Inventory[] {
	const isGoing = (one: ProposedChange) =>
		one.kind === "removed-pool" || one.kind === "removed";
	const comes = changes.some(
		(one) =>
			one.kind === "new-cluster" ||
			(one.kind === "new-pool" &&
				!waiting.has(`${one.cluster}/agentpools/${one.pool.name}`)),
	);
	const staying = changes.filter((one) => !isGoing(one));
	const beside = (second: (one: ReplacedPool) => NewPool | null) => {
		const more = replaced.flatMap((one) => second(one) ?? []);
		// At once, from what is seen: what is proposed twice is as uncertain as both.
		return more.length === 0
			? null
			: propose(now, [...staying, ...more], before);
	};
	return [
		comes && staying.length < changes.length
			? propose(now, staying, before)
			: null,
		beside(({ cluster, old, order }) =>
			order === "delete-before-create" ? null : again(old, now, cluster),
		),
		beside(({ cluster, next, order }) =>
			order === "temporary-pool" ? again(next, after, cluster) : null,
		),
	].filter((one) => one !== null);
}

type NewPool = Extract<ProposedChange, { readonly kind: "new-pool" }>;

/** The pool once more, with the nodes that it has there. */
function again(pool: NodePool, there: Inventory, id: string): NewPool {
	const cluster = there.clusters.find((one) => one.id === id);
	const group =
		cluster && groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const sets = there.scaleSets.filter(
		(one) => one.group === group && one.pool === pool.name,
	);
	const nodes = sets.reduce(
		(total, { capacity }) => total + (capacity ?? 0),
		0,
	);
	return {
		kind: "new-pool",
		cluster: id,
		pool: {
			...pool,
			name: `${pool.name} (second)`,
			reportedNodes: sets.length > 0 ? nodes : pool.reportedNodes,
		},
		interfaces: sets[0]?.interfaces ?? null,
	};
}
