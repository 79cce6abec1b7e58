import type { ClusterSpec } from "./clusterSpec.ts";
import { fleet } from "./fleet.ts";
import { type Dice, dice } from "./generate/dice.ts";
import { type Estate, planEstate } from "./generate/estate.ts";
import { planGroup, type Seat } from "./generate/group.ts";
import {
	type FleetModel,
	modelShares,
	sharedGroupShare,
	sharing,
} from "./generate/shares.ts";
import type { RawResource } from "./rawResource.ts";

interface FleetSize {
	readonly clusters: number;
	readonly seed?: number;
}

/**
 * A fleet of any size, the same for the same seed: all network models in plausible shares, shared subnets, and a problem
 * in about every eighth cluster.
 */
export function generateFleet({
	clusters: count,
	seed = 1,
}: FleetSize): RawResource[] {
	const chance = dice(seed);
	const estates = Array.from({ length: subscriptionsFor(count) }, (_, index) =>
		planEstate(index, chance),
	);
	const clusters = planClusters(count, estates, chance);
	const parts = estates.map((estate) => estate.parts());

	return fleet({
		subscriptions: estates.map(({ subscription }) => subscription),
		networks: parts.flatMap(({ networks }) => networks),
		routeTables: parts.flatMap(({ routeTables = [] }) => routeTables),
		otherResources: parts.flatMap(({ otherResources = [] }) => otherResources),
		clusters,
	});
}

/** Five to ten clusters each, and never more than a large tenant has. */
function subscriptionsFor(clusters: number): number {
	return Math.max(1, Math.min(2000, Math.ceil(clusters / 7)));
}

function planClusters(
	count: number,
	estates: readonly Estate[],
	chance: Dice,
): ClusterSpec[] {
	const groups = chance.shuffled(planGroups(count, chance));
	let index = 0;

	return groups.flatMap(({ model, size }) => {
		const seats = Array.from({ length: size }, (): Seat => {
			const estate = estates[Math.floor((index / count) * estates.length)];
			return { index: index++, estate: estate as Estate };
		});
		return planGroup(model, seats as [Seat, ...Seat[]], chance);
	});
}

interface Group {
	readonly model: FleetModel;
	readonly size: number;
}

/** Chooses a model for each cluster, then puts clusters of one model together. */
function planGroups(count: number, chance: Dice): Group[] {
	const left = new Map<FleetModel, number>();
	for (let at = 0; at < count; at++) {
		const model = chance.weighted(modelShares);
		left.set(model, (left.get(model) ?? 0) + 1);
	}

	const groups: Group[] = [];
	for (const [model, clusters] of left)
		for (let rest = clusters; rest > 0; ) {
			const size = Math.min(rest, groupSize(model, chance));
			groups.push({ model, size });
			rest -= size;
		}
	return groups;
}

/** 2 to 30, small ones far more often. */
function groupSize(model: FleetModel, chance: Dice): number {
	if (!sharing.has(model) || !chance.chance(sharedGroupShare)) return 1;
	return 2 + Math.floor(29 * chance.roll() ** 4);
}
