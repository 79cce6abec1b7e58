import fc from "fast-check";
import type { Json, RawResource } from "../../local/fleet/rawResource.ts";
import type { BuiltCluster, World } from "./world.ts";

/** A pool's maximum is moved, as somebody does by hand. Cluster and pool by turns. */
interface Change {
	readonly cluster: number;
	readonly pool: number;
	readonly by: number;
}

export const changes: fc.Arbitrary<Change> = fc.record({
	cluster: fc.nat(4),
	pool: fc.nat(1),
	by: fc.constantFrom(-3, -1, 2, 5),
});

export function withChange(
	world: World,
	{ cluster, pool, by }: Change,
): RawResource[] {
	return withPool(world, cluster, pool, (profile) => {
		if (profile.enableAutoScaling !== true) return profile;
		const least = Math.max(Number(profile.count), Number(profile.minCount));
		return {
			...profile,
			maxCount: Math.max(least, Number(profile.maxCount) + by),
		};
	}).resources;
}

/** Something that this program cannot know yet, in one pool or in the cluster's own part. */
interface Mutation {
	readonly cluster: number;
	readonly pool: number;
	readonly what: (typeof kinds)[number];
}

const kinds = [
	"field-of-pool",
	"field-of-cluster",
	"mode",
	"type",
	"podIPAllocationMode",
	"upgradeStrategy",
	"networkPlugin",
	"networkPluginMode",
] as const;

export const mutations: fc.Arbitrary<Mutation> = fc.record({
	cluster: fc.nat(4),
	pool: fc.nat(1),
	what: fc.constantFrom(...kinds),
});

interface Mutated {
	readonly resources: readonly RawResource[];
	readonly cluster: BuiltCluster | null;
	/** Whether what is not understood enters the sum of a budget of the cluster, by kind and id in lower case. */
	readonly enters: (kind: string, budget: string) => boolean;
	readonly words: string;
}

export function withMutation(
	world: World,
	{ cluster, pool, what }: Mutation,
): Mutated {
	const value = "FromANextYear";
	const nowhere = () => false;
	const everywhere = () => true;
	switch (what) {
		case "field-of-pool":
			return {
				...withPool(world, cluster, pool, (one) => ({
					...one,
					nextYearProfile: { enabled: true, count: 99 },
				})),
				enters: nowhere,
				words: "a pool has a field that is not known",
			};
		case "field-of-cluster":
			return {
				...withProperties(world, cluster, (properties) => ({
					...properties,
					nextYearProfile: { enabled: true, subnetCount: 99 },
				})),
				enters: nowhere,
				words: "a cluster has a field that is not known",
			};
		case "mode":
		case "type":
		case "upgradeStrategy": {
			const {
				resources,
				cluster: one,
				profile,
			} = withPool(world, cluster, pool, (before) => ({
				...before,
				[what]: value,
			}));
			return {
				resources,
				cluster: one,
				enters: (kind, id) => entersOfPool(profile, kind, id),
				words: `${what} of pool ${profile?.name} is ${value}`,
			};
		}
		case "podIPAllocationMode": {
			const {
				resources,
				cluster: one,
				profile,
			} = withPool(world, cluster, pool, (before) =>
				before.podSubnetID === undefined
					? before
					: { ...before, podIPAllocationMode: value },
			);
			const pods = String(profile?.podSubnetID ?? "none").toLowerCase();
			return {
				resources,
				cluster: one,
				enters: (_, id) => isOrHolds(id, pods),
				words: `podIPAllocationMode of pool ${profile?.name} is ${value}`,
			};
		}
		case "networkPlugin":
		case "networkPluginMode":
			return {
				...withProperties(world, cluster, (properties) => ({
					...properties,
					networkProfile: {
						...(properties.networkProfile as Json),
						[what]: value,
					},
				})),
				enters: everywhere,
				words: `${what} of a cluster is ${value}`,
			};
	}
}

/** A pool enters its subnets, the cluster's ranges and its routes, and the numbers of nodes. No other pool's subnet. */
function entersOfPool(profile: Json | null, kind: string, id: string): boolean {
	if (profile === null) return false;
	switch (kind) {
		case "subnet":
		case "pod-subnet":
		case "pod-blocks":
			return [profile.vnetSubnetID, profile.podSubnetID].some(
				(subnet) =>
					// A pool that names none is in the cluster's own.
					(subnet === undefined && profile.vnetSubnetID === undefined) ||
					(subnet !== undefined && isOrHolds(id, String(subnet).toLowerCase())),
			);
		case "api-server-subnet":
			return false;
		case "pool-nodes":
			return id.endsWith(`/${profile.name}`);
		default:
			return true;
	}
}

function isOrHolds(budget: string, resource: string): boolean {
	return budget.startsWith(resource) || resource.startsWith(`${budget}/`);
}

interface WithPool {
	readonly resources: RawResource[];
	readonly cluster: BuiltCluster | null;
	readonly profile: Json | null;
}

function withPool(
	world: World,
	cluster: number,
	pool: number,
	change: (profile: Json) => Json,
): WithPool {
	let changed: Json | null = null;
	const after = withProperties(world, cluster, (properties) => {
		const profiles = properties.agentPoolProfiles as
			| readonly Json[]
			| undefined;
		if (profiles === undefined || profiles.length === 0) return properties;
		const at = pool % profiles.length;
		changed = profiles[at] ?? null;
		return {
			...properties,
			agentPoolProfiles: profiles.map((one, index) =>
				index === at ? change(one) : one,
			),
		};
	});
	return { ...after, profile: changed };
}

function withProperties(
	world: World,
	cluster: number,
	change: (properties: Json) => Json,
): Pick<WithPool, "resources" | "cluster"> {
	const one = world.clusters[cluster % world.clusters.length] ?? null;
	return {
		cluster: one,
		resources: world.resources.map((resource) =>
			resource.id.toLowerCase() === one?.id
				? { ...resource, properties: change(resource.properties ?? {}) }
				: resource,
		),
	};
}

/**
 * Resources, the subnets of a network, the IP configurations of a subnet and the pools of a cluster in another order.
 */
export function shuffled(
	resources: readonly RawResource[],
	seed: number,
): RawResource[] {
	return shuffle(resources, seed).map((one) => {
		const { subnets, agentPoolProfiles } = (one.properties ?? {}) as {
			readonly subnets?: readonly (Json & { readonly properties: Json })[];
			readonly agentPoolProfiles?: readonly Json[];
		};
		if (subnets && /virtualnetworks$/i.test(one.type))
			return {
				...one,
				properties: {
					...one.properties,
					subnets: shuffle(subnets, seed).map((subnet) => ({
						...subnet,
						properties: {
							...subnet.properties,
							...(Array.isArray(subnet.properties.ipConfigurations)
								? {
										ipConfigurations: shuffle(
											subnet.properties.ipConfigurations,
											seed,
										),
									}
								: {}),
						},
					})),
				},
			};
		if (agentPoolProfiles)
			return {
				...one,
				properties: {
					...one.properties,
					agentPoolProfiles: shuffle(agentPoolProfiles, seed),
				},
			};
		return one;
	});
}

export function shuffle<T>(items: readonly T[], seed: number): T[] {
	return items
		.map((item, index) => ({ item, key: Math.sin(seed + index * 7919) }))
		.sort((a, b) => a.key - b.key)
		.map(({ item }) => item);
}
