import { groupKey, parseArmId, subscriptionOfId } from "../arm.ts";
import type { Cluster } from "../inventory/facts.ts";
import type { FleetIndex } from "../model/fleetIndex.ts";
import type { HeardChange } from "./heardChange.ts";
import type { PlacedChange } from "./pending.ts";

/** The cluster that a change was made to, or to a pool of. Null: to something else. */
export function changedCluster({
	type,
	resource,
}: Pick<HeardChange, "type" | "resource">): string | null {
	return type === clusterType || type.startsWith(`${clusterType}/`)
		? resource.split("/").slice(0, 9).join("/")
		: null;
}

const clusterType = "microsoft.containerservice/managedclusters";

/** Clusters whose subnets the index cannot know: they, or pools of theirs, were made since. */
export function madeClusters(
	changes: readonly HeardChange[],
	{ places }: Pick<FleetIndex, "places">,
): string[] {
	const made = changes.flatMap((change) => {
		const cluster = changedCluster(change);
		if (cluster === null || change.kind === "delete") return [];
		return change.kind === "create" || !places.has(cluster) ? [cluster] : [];
	});
	return [...new Set(made)];
}

/** Subnets that a cluster names. */
export function subnetsNamed({
	pools,
	unreadPools,
	apiServer,
	hostedSystem,
}: Cluster): string[] {
	return [
		...[...pools, ...unreadPools].flatMap(({ nodeSubnet, podSubnet }) => [
			nodeSubnet,
			podSubnet,
		]),
		apiServer?.subnet ?? null,
		hostedSystem?.systemSubnet ?? null,
		hostedSystem?.nodeSubnet ?? null,
	].filter((id) => id !== null);
}

/**
 * The clusters that a change concerns: its own, and those that share a subnet or route table with that. A network's
 * change concerns all clusters in it. None: no cluster uses what was changed. `made`: subnets of clusters that were just
 * made. `isJudged`: whether clusters of a subscription are.
 */
export function placed(
	change: HeardChange,
	index: FleetIndex,
	made: ReadonlyMap<string, readonly string[]>,
	isJudged: (subscription: string) => boolean,
): PlacedChange {
	const own = ownClusters(change, index);
	const isGone = change.type === clusterType && change.kind === "delete";
	const places = [
		...own.flatMap((id) => [
			...(index.places.get(id) ?? []),
			...(made.get(id) ?? []),
		]),
		...subnetsIn(change),
	];
	const clusters = new Set([
		...own,
		...places.flatMap((place) => index.byPlace.get(place) ?? []),
	]);
	// Its findings wait for the audits of the fleet, which look twice.
	if (isGone) clusters.delete(change.resource);
	return {
		change,
		clusters: [...clusters].filter((id) =>
			isJudged(subscriptionOfId(id) ?? ""),
		),
	};
}

function ownClusters(change: HeardChange, index: FleetIndex): string[] {
	const { type, resource } = change;
	const cluster = changedCluster(change);
	if (cluster !== null) return [cluster];
	switch (type) {
		case "microsoft.network/virtualnetworks":
			return [...(index.byNetwork.get(resource) ?? [])];
		case "microsoft.compute/virtualmachinescalesets": {
			const parts = parseArmId(resource);
			if (parts === null) return [];
			const group = groupKey(parts.subscription, parts.resourceGroup);
			const owner = index.byGroup.get(group);
			return owner === undefined ? [] : [owner];
		}
		default:
			return [...(index.byPlace.get(resource) ?? [])];
	}
}

/** Subnets that a value of the change names, before or after. */
export function subnetsIn({ values }: HeardChange): string[] {
	return (values ?? [])
		.flatMap(({ before, after }) => [before, after])
		.filter((value) => value !== null)
		.map((value) => value.toLowerCase())
		.filter((value) =>
			/^\/subscriptions\/.*\/virtualnetworks\/[^/]+\/subnets\/[^/]+$/.test(
				value,
			),
		);
}
