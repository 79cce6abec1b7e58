import type { PoolSpec } from "../clusterSpec.ts";
import type { Dice } from "./dice.ts";
import type { FleetModel } from "./shares.ts";

/** One to five pools, three on average: a system pool and what the teams run beside it. */
export function planPools(model: FleetModel, dice: Dice): PoolSpec[] {
	const users =
		model === "auto-provisioned"
			? 0
			: Number(dice.weighted({ 0: 15, 1: 20, 2: 28, 3: 24, 4: 13 }));
	const maxPods = maxPodsFor(model, dice);
	const names = dice.shuffled(poolNames).slice(0, users);

	return [
		systemPool(maxPods, dice),
		...names.map((name) => userPool(name, model, maxPods, dice)),
	];
}

const poolNames = [
	"apps",
	"web",
	"jobs",
	"batch",
	"gpu",
	"memory",
	"backend",
	"ingress",
] as const;

function systemPool(maxPods: Partial<PoolSpec>, dice: Dice): PoolSpec {
	const nodes = dice.between(2, 3);
	return {
		name: "system",
		mode: "System",
		nodes,
		...maxPods,
		...(dice.chance(0.3) ? { minCount: 2, maxCount: nodes + 2 } : {}),
	};
}

function userPool(
	name: string,
	model: FleetModel,
	maxPods: Partial<PoolSpec>,
	dice: Dice,
): PoolSpec {
	const nodes = Math.ceil(1 + 14 * dice.roll() ** 3);
	const growth = dice.between(1, 4 + nodes);
	const pool = {
		name,
		nodes,
		...maxPods,
		...(dice.chance(0.6) ? { minCount: 1, maxCount: nodes + growth } : {}),
	};

	switch (dice.weighted(kinds)) {
		case "linux":
			return pool;
		case "windows":
			return model === "kubenet" || model === "none"
				? pool
				: { ...pool, name: `w${name.slice(0, 5)}`, os: "Windows" };
		case "spot":
			return { ...pool, spot: true };
		case "stopped":
			return { ...pool, minCount: 1, maxCount: nodes + growth, stopped: true };
		case "machines":
			return { ...pool, nodes: Math.min(nodes, 4), type: "VirtualMachines" };
		case "one-surge-node":
			return { ...pool, maxSurge: "1" };
		case "a-third":
			return { ...pool, maxSurge: "33%" };
		case "in-place":
			return { ...pool, maxSurge: "0", maxUnavailable: "1" };
	}
}

const kinds = {
	linux: 62,
	windows: 5,
	spot: 6,
	stopped: 2,
	machines: 2,
	"one-surge-node": 6,
	"a-third": 14,
	"in-place": 3,
} as const;

/** Flat networks keep to few pods a node, for every pod slot costs an address. */
function maxPodsFor(model: FleetModel, dice: Dice): Partial<PoolSpec> {
	switch (model) {
		case "node-subnet":
			return {
				maxPods: Number(dice.weighted({ 30: 75, 50: 13, 60: 8, 110: 4 })),
			};
		case "static-pod-subnet":
			return { maxPods: dice.pick([30, 31, 47, 110]) };
		case "kubenet":
		case "overlay":
		case "dynamic-pod-subnet":
		case "none":
		case "auto-provisioned":
			return {};
	}
}
