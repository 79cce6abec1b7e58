import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { changeablePools, withSurge } from "./changedPool.ts";
import { poolsInDetail, poolsInTitle, updatePool } from "./commands.ts";
import { effectOf, type Offer, titleOf } from "./offer.ts";
import {
	type BudgetAfter,
	fixing,
	improves,
	isViolated,
	outcomeText,
	viewAfter,
	withGrowth,
} from "./whatIf.ts";

/** Fewer surge nodes, where nothing but an upgrade fails: one, or none on pools that may do without a node meanwhile. */
export function lowerSurge(cluster: ResolvedCluster, view: View): Offer[] {
	if (isViolated(view, "today") || isViolated(view, "full")) return [];
	const pools = changeablePools(cluster.pools, view.entries).filter(canSurge);
	const apart = [...one(pools), ...none(pools)];
	const steps = [
		...one(pools).map((setting) => [setting]),
		one(pools),
		...none(pools).map((setting) => [setting]),
		best(apart),
	].filter((settings) => settings.length > 0);
	const found =
		firstOf(view, steps, fixing(view)) ??
		firstOf(view, [one(pools), best(apart)], (after) =>
			improves(view, viewAfter(after)),
		);
	return found === null ? [] : [offer(cluster, view, found)];
}

interface Setting {
	readonly pool: ResolvedPool;
	readonly nodes: 0 | 1;
}

interface Found {
	readonly settings: readonly Setting[];
	readonly after: View;
}

function firstOf(
	view: View,
	steps: readonly (readonly Setting[])[],
	goal: (after: BudgetAfter) => boolean,
): Found | null {
	for (const settings of steps) {
		if (settings.length === 0) continue;
		const changed = settings.map(({ pool, nodes }) => withSurge(pool, nodes));
		const after = withGrowth(view, changed);
		if (goal(after)) return { settings, after: viewAfter(after) };
	}
	return null;
}

/** A blue-green upgrade has no surge to set, an upgrade that runs keeps its own. */
function canSurge({ surgeRule }: ResolvedPool): boolean {
	const { surge, spot, type, upgrading } = surgeRule;
	return (
		!spot &&
		!upgrading &&
		type !== "availability-set" &&
		surge.kind !== "blue-green"
	);
}

function one(pools: readonly ResolvedPool[]): Setting[] {
	return pools
		.filter(({ surgeAtFull: { high } }) => high === null || high > 1)
		.map((pool) => ({ pool, nodes: 1 }));
}

/** Max unavailable cannot be set on system pools (rolling upgrades, May 2026). */
function none(pools: readonly ResolvedPool[]): Setting[] {
	return pools
		.filter(
			({ system, surgeAtFull: { high } }) =>
				!system && (high === null || high > 0),
		)
		.map((pool) => ({ pool, nodes: 0 }));
}

/** Of several settings of a pool the last. */
function best(settings: readonly Setting[]): Setting[] {
	return [
		...new Map(
			settings.map((setting) => [setting.pool.name, setting]),
		).values(),
	];
}

function offer(
	cluster: ResolvedCluster,
	view: View,
	{ settings, after }: Found,
): Offer {
	const toOne = settings.filter(({ nodes }) => nodes === 1);
	const toNone = settings.filter(({ nodes }) => nodes === 0);
	const names = (some: readonly Setting[]) =>
		poolsInTitle(some.map(({ pool }) => pool));
	const title =
		toNone.length === 0
			? `Set max surge 1 on ${names(toOne)}.`
			: toOne.length === 0
				? `Set max surge 0 and max unavailable 1 on ${names(toNone)}.`
				: `Set max surge 1 on ${names(toOne)}; max surge 0 and max unavailable 1 on ${names(toNone)}.`;
	return {
		effect: effectOf(view, after),
		after,
		changes: settings.map(({ pool, nodes }) => ({
			kind: "pool",
			cluster: cluster.id,
			pool: pool.name,
			set: { surge: { kind: "nodes", nodes } },
		})),
		remedy: {
			kind: "lower-surge",
			title: titleOf(() => title),
			detail: [
				...poolsInDetail(toOne.map(({ pool }) => pool)),
				...poolsInDetail(toNone.map(({ pool }) => pool)),
				...outcomeText(after),
				...(toNone.length === 0
					? ["Upgrades take longer."]
					: [
							"Workloads have one node fewer during an upgrade.",
							"Max unavailable cannot be set on system pools.",
						]),
			],
			command: settings.map(({ pool, nodes }) =>
				nodes === 1
					? updatePool(cluster, pool, "--max-surge 1")
					: updatePool(cluster, pool, "--max-surge 0", "--max-unavailable 1"),
			),
		},
	};
}
