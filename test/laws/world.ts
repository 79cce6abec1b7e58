import fc from "fast-check";
import { resourceGroup } from "../../local/fleet/builders/containers.ts";
import { internalLoadBalancer } from "../../local/fleet/builders/loadBalancer.ts";
import {
	type ClusterSpec,
	heldPerNode,
	heldPerProvisionedNode,
	liveNodes,
	type NetworkModel,
	nodeResourceGroupOf,
	type PoolSpec,
} from "../../local/fleet/clusterSpec.ts";
import {
	fleet,
	type NetworkSpec,
	type OtherResourceSpec,
	type RouteTableSpec,
	type SubnetSpec,
} from "../../local/fleet/fleet.ts";
import {
	clusterId,
	networkId,
	routeTableId,
	type Scope,
	subnetId,
} from "../../local/fleet/ids.ts";
import { frontendHolder } from "../../local/fleet/otherResources.ts";
import type {
	Json,
	RawResource,
	Reference,
} from "../../local/fleet/rawResource.ts";

/** A world in few numbers, so that a shrunk one can be read. */
interface WorldPlan {
	/** The subscription of each network, 0 to 2. */
	readonly networks: readonly number[];
	readonly clusters: readonly ClusterPlan[];
	/**
	 * By turns, how much room each subnet has beyond what is there now: 0 none, 7 for everything that may come. Pod and
	 * API server subnets are too small already at 0 to 2: Azure does not keep clusters from sharing one.
	 */
	readonly room: readonly number[];
}

const models = [
	"node-subnet",
	"overlay",
	"dynamic-pod-subnet",
	"static-pod-subnet",
	"kubenet",
	"none",
	/** The SKU with managed system pools and nodes of auto-provisioning. */
	"automatic",
	/** Overlay in a network that AKS made. */
	"managed-overlay",
] as const;

interface ClusterPlan {
	/** 0 to 2. */
	readonly subscription: number;
	/** Of the networks, by turns. */
	readonly network: number;
	readonly model: (typeof models)[number];
	/** In the subnets that several clusters use, or in those of its own. */
	readonly shares: boolean;
	/** The API server: in no subnet, in one of its own, in one that several clusters use. */
	readonly api: "none" | "own" | "shared";
	readonly pools: readonly PoolPlan[];
	/** Nodes of auto-provisioning, where the model can have them. */
	readonly provisioned: number;
	readonly services: number;
	/** A pod CIDR with blocks for the nodes of now. */
	readonly tightRange: boolean;
}

interface PoolPlan {
	readonly nodes: number;
	/** Nodes that the autoscaler may add. 0: no autoscaler. */
	readonly grows: number;
	readonly surge: string;
	readonly kind:
		| "plain"
		| "spot"
		| "stopped"
		| "upgrading"
		| "machines"
		| "windows";
}

const pool: fc.Arbitrary<PoolPlan> = fc.record({
	nodes: fc.integer({ min: 1, max: 3 }),
	grows: fc.nat(3),
	surge: fc.constantFrom("1", "0", "10%", "50%"),
	kind: fc.constantFrom(
		"plain",
		"plain",
		"plain",
		"spot",
		"stopped",
		"upgrading",
		"machines",
		"windows",
	),
});

const cluster: fc.Arbitrary<ClusterPlan> = fc.record({
	subscription: fc.nat(2),
	network: fc.nat(3),
	// Budgets that Azure does not observe are where neighbors matter most.
	model: fc.constantFrom(...models, "dynamic-pod-subnet", "static-pod-subnet"),
	shares: fc.constantFrom(true, true, false),
	api: fc.constantFrom("none", "own", "shared", "shared"),
	pools: fc.array(pool, { minLength: 1, maxLength: 2 }),
	provisioned: fc.constantFrom(0, 0, 1, 3),
	services: fc.nat(2),
	tightRange: fc.boolean(),
});

export const worldPlans: fc.Arbitrary<WorldPlan> = fc.record({
	networks: fc.oneof(
		{
			weight: 3,
			arbitrary: fc.array(fc.nat(2), { minLength: 1, maxLength: 1 }),
		},
		{
			weight: 2,
			arbitrary: fc.array(fc.nat(2), { minLength: 2, maxLength: 3 }),
		},
	),
	clusters: fc.array(cluster, { minLength: 2, maxLength: 5 }),
	room: fc.array(fc.nat(7), { minLength: 4, maxLength: 4 }),
});

const location = "westeurope";
export const subscriptionIds = ["a", "b", "c"].map(
	(letter) => `00000000-0000-4000-8000-00000000000${letter}`,
);

/** A cluster with everything that it uses, by ids in lower case. */
export interface BuiltCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	/** `subscription/resource group` of its nodes, lower case. */
	readonly nodeGroup: string;
	/** Subnets and route tables. */
	readonly uses: ReadonlySet<string>;
}

export interface World {
	readonly resources: readonly RawResource[];
	readonly clusters: readonly BuiltCluster[];
	/** Ids of the networks of the plan, lower case. */
	readonly networks: readonly string[];
}

/** The route tables' limit with which worlds are audited: it is reached by a few nodes. */
export const lawSettings = { AUDIT_ROUTE_LIMIT: "9" } as const;

/**
 * `without`: numbers of clusters that are deleted. The networks and what else is in them stay as the plan of all
 * clusters has them.
 */
export function buildWorld(
	plan: WorldPlan,
	without: readonly number[] = [],
): World {
	const planned = plan.clusters.map((one, index) =>
		plannedCluster(plan, one, index),
	);
	const left = planned.filter((_, index) => !without.includes(index));
	const subnets = sizedSubnets(plan, planned);
	const resources = fleet({
		subscriptions: subscriptionIds.map((id, index) => ({
			id,
			name: `sub-${index}`,
		})),
		networks: networksOf(plan, subnets),
		otherResources: subnets.flatMap(
			({ otherResourcesByKind }) => otherResourcesByKind,
		),
		routeTables: [
			...new Map(
				left.flatMap(({ table }) =>
					table
						? [[routeTableId(table.scope, table.name), table] as const]
						: [],
				),
			).values(),
		],
		clusters: left.map(({ spec }) => spec),
	});
	const changed = left.reduce<RawResource[]>(
		(all, one) => all.map((resource) => adapted(resource, one)),
		[
			...subscriptionIds.map((id) => resourceGroup(id, "rg-base", location)),
			...resources,
			...subnets.flatMap(({ balancer }) => (balancer ? [balancer] : [])),
		],
	);
	const seen = [
		...subnets.flatMap(({ id, holders }) =>
			holders.map((holder) => ({ id, holder })),
		),
		...left.flatMap(({ hosted }) => hosted),
	];
	return {
		resources: changed.map((one) => withHolders(one, seen)),
		clusters: left.map(built),
		networks: plan.networks.map((_, index) =>
			networkId(networkScope(plan, index), networkName(index)).toLowerCase(),
		),
	};
}

interface Planned {
	readonly plan: ClusterPlan;
	readonly spec: ClusterSpec;
	/** Names of subnets in the plan's network. Those of a managed network are not among them. */
	readonly nodes: string | null;
	readonly pods: string | null;
	readonly api: string | null;
	readonly network: number;
	readonly table: RouteTableSpec | null;
	/** Automatic: nodes of Azure's own in the system subnet. */
	readonly hosted: readonly {
		readonly id: string;
		readonly holder: Reference;
	}[];
}

function networkScope(plan: WorldPlan, network: number): Scope {
	return {
		subscription: subscriptionIds[plan.networks[network] ?? 0] ?? "",
		resourceGroup: `rg-net-${network}`,
	};
}

function networkName(network: number): string {
	return `vnet-${network}`;
}

function plannedCluster(
	world: WorldPlan,
	plan: ClusterPlan,
	index: number,
): Planned {
	const network = plan.network % world.networks.length;
	const own = `c${index}`;
	const place = plan.shares ? "shared" : own;
	const isManaged = plan.model === "managed-overlay";
	const model = networkModel(plan.model);
	const nodes = isManaged
		? null
		: model === "kubenet"
			? `kubenet-${place}`
			: `nodes-${place}`;
	const pods = /pod-subnet/.test(model)
		? `${model === "static-pod-subnet" ? "blocks" : "pods"}-${place}`
		: null;
	const api =
		plan.api === "none" || isManaged
			? null
			: `api-${plan.api === "shared" ? "shared" : own}`;
	const id = (name: string) =>
		subnetId(networkScope(world, network), networkName(network), name);
	const scope: Scope = {
		subscription: subscriptionIds[plan.subscription] ?? "",
		resourceGroup: `rg-c${index}`,
	};
	const spec: ClusterSpec = {
		...scope,
		name: own,
		location,
		model,
		pools:
			plan.model === "automatic"
				? []
				: plan.pools.map((one, at) => poolSpec(one, at, model)),
		internalServices: plan.model === "automatic" ? 0 : plan.services,
		...(nodes === null ? {} : { nodeSubnet: id(nodes) }),
		...(pods === null ? {} : { podSubnet: id(pods) }),
		...(api === null ? {} : { apiServer: { subnet: id(api) } }),
		...(plan.model === "automatic" ? { automatic: true } : {}),
		...provisionedOf(plan, model),
		...podRange(plan, model, index),
	};
	const table: RouteTableSpec | null =
		model !== "kubenet"
			? null
			: plan.shares
				? {
						scope: networkScope(world, network),
						name: "rt-shared",
						location,
						customRoutes: 1,
					}
				: {
						scope: { ...scope, resourceGroup: nodeResourceGroupOf(spec) },
						name: `aks-agentpool-1000000${index}-routetable`,
						location,
						customRoutes: 0,
					};
	const hosted =
		plan.model !== "automatic"
			? []
			: [0, 1].map((node) => ({
					id: id(`system-${own}`).toLowerCase(),
					holder: {
						id: `/subscriptions/9b6a0000-0000-4000-8000-000000000000/resourceGroups/HOSTED-${own}/providers/Microsoft.Compute/virtualMachineScaleSets/HOSTEDPOOL/virtualMachines/${node}/networkInterfaces/HOSTEDPOOL/ipConfigurations/IPCONFIG1`,
					},
				}));
	return { plan, spec, nodes, pods, api, network, table, hosted };
}

function networkModel(model: ClusterPlan["model"]): NetworkModel {
	return model === "automatic" || model === "managed-overlay"
		? "overlay"
		: model;
}

function poolSpec(
	{ nodes, grows, surge, kind }: PoolPlan,
	index: number,
	model: NetworkModel,
): PoolSpec {
	const base: PoolSpec = {
		name: `p${index}`,
		mode: index === 0 ? "System" : "User",
		nodes,
		maxSurge: surge,
		...(surge === "0" ? { maxUnavailable: "1" } : {}),
		// Flat pools are kept small, so that a subnet has few IP configurations.
		...(model === "node-subnet" ? { maxPods: 10 } : {}),
		...(grows === 0 ? {} : { minCount: 1, maxCount: nodes + grows }),
	};
	switch (kind) {
		case "plain":
		case "upgrading":
			return base;
		case "spot":
			return { ...base, spot: true };
		case "stopped":
			return { ...base, stopped: true, minCount: 1, maxCount: nodes + grows };
		case "machines":
			return { ...base, type: "VirtualMachines" };
		case "windows":
			return model === "kubenet" || model === "none"
				? base
				: { ...base, os: "Windows" };
	}
}

function provisionedOf(
	{ model: planned, provisioned }: ClusterPlan,
	model: NetworkModel,
): Pick<ClusterSpec, "provisioned"> {
	const can = model === "overlay" || model === "node-subnet";
	const nodes = planned === "automatic" ? provisioned + 1 : provisioned;
	return can && nodes > 0
		? { provisioned: [{ nodePool: "default", nodes }] }
		: {};
}

function podRange(
	{ tightRange, pools, provisioned }: ClusterPlan,
	model: NetworkModel,
	index: number,
): Pick<ClusterSpec, "podCidr"> {
	if (model !== "overlay" && model !== "kubenet") return {};
	if (!tightRange) return { podCidr: `192.${168 + index}.0.0/16` };
	const nodes = pools.reduce((sum, one) => sum + one.nodes, provisioned + 1);
	return {
		podCidr: `192.${168 + index}.0.0/${24 - Math.ceil(Math.log2(nodes))}`,
	};
}

interface Sized {
	readonly id: string;
	readonly network: number;
	readonly spec: SubnetSpec;
	readonly otherResourcesByKind: readonly OtherResourceSpec[];
	/** Frontends in subnets that Azure shows no nodes of. */
	readonly holders: readonly Reference[];
	readonly balancer: RawResource | null;
}

/** Each subnet that some cluster uses, with a prefix for what is there, and other resources for all but the planned room. */
function sizedSubnets(plan: WorldPlan, clusters: readonly Planned[]): Sized[] {
	const sized: Sized[] = [];
	for (const network of plan.networks.keys()) {
		const own = clusters.filter((one) => one.network === network);
		const names = new Set(
			own.flatMap(({ nodes, pods, api, hosted, spec }) => [
				nodes,
				pods,
				api,
				hosted.length > 0 ? `system-${spec.name}` : null,
			]),
		);
		for (const name of names) {
			if (name === null) continue;
			const room = plan.room[sized.length % plan.room.length] ?? 0;
			const at = [...names].indexOf(name);
			sized.push(sizedSubnet(plan, network, name, at, own, room));
		}
	}
	return sized;
}

function sizedSubnet(
	plan: WorldPlan,
	network: number,
	name: string,
	at: number,
	clusters: readonly Planned[],
	room: number,
): Sized {
	const scope = networkScope(plan, network);
	const id = subnetId(scope, networkName(network), name);
	const [today, most] = needOf(name, clusters);
	const isObserved = /^(nodes|kubenet|system)/.test(name);
	const target =
		today + Math.ceil(((most - today) * room) / 7) + (room === 7 ? 3 : 0);
	const wanted = Math.max(1, target);
	const tooSmall = !isObserved && room <= 2 ? 1 : 0;
	const length = Math.min(
		isObserved ? 29 : 28,
		32 - Math.ceil(Math.log2(wanted + 5)) + tooSmall,
	);
	const usable = 2 ** (32 - length) - 5;
	const pad = Math.max(0, usable - wanted);
	const base = {
		name,
		prefixes: [`10.${32 + network}.${at * 8}.0/${length}`],
	};
	const table = clusters.find(({ nodes }) => nodes === name)?.table;
	const spec: SubnetSpec = {
		...base,
		...(isObserved ? {} : { delegatedToAks: true }),
		...(table ? { routeTable: routeTableId(table.scope, table.name) } : {}),
	};
	if (!isObserved) {
		// A few frontends are in pod subnets now and then. API server subnets take nothing else.
		const frontends =
			name.startsWith("api") || room % 2 === 0 ? 0 : Math.min(pad, 3);
		return {
			id,
			network,
			spec,
			otherResourcesByKind: [],
			...frontendsIn(scope, id, name, frontends),
		};
	}
	const resources = (
		kind: OtherResourceSpec["kind"],
		more: Partial<OtherResourceSpec>,
	): OtherResourceSpec => ({
		kind,
		scope,
		name: `${kind}-${network}-${name}`,
		location,
		subnet: id,
		...more,
	});
	const otherResourcesByKind = [
		...(pad > 0 ? [resources("private-endpoint", {})] : []),
		...(pad > 1 ? [resources("machine", {})] : []),
		...(pad > 2 ? [resources("scale-set", { instances: pad - 2 })] : []),
	];
	return {
		id,
		network,
		spec,
		otherResourcesByKind,
		holders: [],
		balancer: null,
	};
}

function frontendsIn(
	scope: Scope,
	subnet: string,
	name: string,
	count: number,
): Pick<Sized, "holders" | "balancer"> {
	if (count === 0) return { holders: [], balancer: null };
	const names = Array.from({ length: count }, (_, index) => `front-${index}`);
	const balancer = `lb-${name}`;
	return {
		holders: names.map((one) => frontendHolder(scope, balancer, one)),
		balancer: internalLoadBalancer({
			scope,
			name: balancer,
			location,
			frontends: names.map((one, index) => ({
				name: one,
				subnet,
				address: `10.250.0.${index + 4}`,
			})),
		}),
	};
}

/** What clusters take of a subnet now, and at most. */
function needOf(
	name: string,
	clusters: readonly Planned[],
): [today: number, most: number] {
	let today = 0;
	let most = 0;
	for (const { plan, spec, nodes, pods, api } of clusters) {
		if (api === name) {
			today += 9;
			most += 9;
		}
		if (name === `system-${spec.name}`) {
			today += 2;
			most += 6;
		}
		if (nodes === name) {
			const provisioned =
				(spec.provisioned?.[0]?.nodes ?? 0) *
				heldPerProvisionedNode(spec.model);
			today += (spec.internalServices ?? 0) + provisioned;
			most +=
				(spec.internalServices ?? 0) + provisioned + (provisioned > 0 ? 4 : 0);
		}
		for (const [index, one] of spec.pools.entries()) {
			const perNode =
				nodes === name
					? heldPerNode(spec.model, one)
					: pods === name
						? podAddresses(spec.model)
						: 0;
			const live = liveNodes(spec, one);
			const full = one.maxCount ?? live;
			const surge = surgeOf(plan.pools[index]?.surge ?? "0", full);
			today += live * perNode;
			most += (Math.max(full, live) + surge) * perNode;
		}
	}
	return [today, most];
}

/** The first batch and the node's own, or 7 blocks for 110 pods. */
function podAddresses(model: NetworkModel): number {
	return model === "static-pod-subnet" ? 112 : 17;
}

function surgeOf(surge: string, nodes: number): number {
	const amount = Number.parseInt(surge, 10);
	return surge.endsWith("%") ? Math.ceil((amount * nodes) / 100) : amount;
}

function networksOf(plan: WorldPlan, subnets: readonly Sized[]): NetworkSpec[] {
	return plan.networks.map((_, network) => ({
		scope: networkScope(plan, network),
		name: networkName(network),
		location,
		addressSpace: [`10.${32 + network}.0.0/16`],
		subnets: subnets
			.filter((one) => one.network === network)
			.map(({ spec }) => spec),
	}));
}

/** What the builders cannot say of a cluster: pools that upgrade, and managed system pools. */
function adapted(
	resource: RawResource,
	{ plan, spec, nodes, hosted }: Planned,
): RawResource {
	if (resource.id !== clusterId(spec, spec.name)) return resource;
	const { agentPoolProfiles, ...properties } = resource.properties as {
		readonly agentPoolProfiles: readonly Json[];
	} & Json;
	const [system] = hosted;
	if (system !== undefined)
		return {
			...resource,
			properties: {
				...properties,
				hostedSystemProfile: {
					enabled: true,
					systemNodeSubnetID: system.id,
					...(nodes === null ? {} : { nodeSubnetID: spec.nodeSubnet }),
				},
			},
		};
	return {
		...resource,
		properties: {
			...properties,
			agentPoolProfiles: agentPoolProfiles.map((one, index) =>
				plan.pools[index]?.kind === "upgrading"
					? { ...one, provisioningState: "Upgrading" }
					: one,
			),
		},
	};
}

function withHolders(
	resource: RawResource,
	seen: readonly { readonly id: string; readonly holder: Reference }[],
): RawResource {
	if (!/virtualnetworks$/i.test(resource.type)) return resource;
	const properties = resource.properties as {
		readonly subnets: readonly (Json & { id: string; properties: Json })[];
	} & Json;
	return {
		...resource,
		properties: {
			...properties,
			subnets: properties.subnets.map((subnet) => {
				const own = seen
					.filter(({ id }) => id.toLowerCase() === subnet.id.toLowerCase())
					.map(({ holder }) => holder);
				if (own.length === 0) return subnet;
				const before = (subnet.properties.ipConfigurations ??
					[]) as readonly Reference[];
				return {
					...subnet,
					properties: {
						...subnet.properties,
						ipConfigurations: [...before, ...own],
					},
				};
			}),
		},
	};
}

function built({ spec, table, hosted }: Planned): BuiltCluster {
	const managed = `/subscriptions/${spec.subscription}/resourceGroups/${nodeResourceGroupOf(spec)}/`;
	const uses = [
		spec.nodeSubnet ?? managed,
		spec.podSubnet,
		spec.apiServer?.subnet,
		hosted[0]?.id,
		table ? routeTableId(table.scope, table.name) : undefined,
	].flatMap((id) => (id === undefined ? [] : [id.toLowerCase()]));
	return {
		id: clusterId(spec, spec.name).toLowerCase(),
		name: spec.name,
		subscription: spec.subscription,
		nodeGroup:
			`${spec.subscription}/${nodeResourceGroupOf(spec)}`.toLowerCase(),
		uses: new Set(uses),
	};
}

/** Whether a cluster uses a budget: by its own id, by a subnet or route table, or by the network of one. */
export function usesBudget(
	{ id, uses }: BuiltCluster,
	budget: string,
): boolean {
	const wanted = budget.toLowerCase();
	return (
		wanted.startsWith(`${id}/`) ||
		wanted === id ||
		[...uses].some(
			(used) => wanted.startsWith(used) || used.startsWith(`${wanted}/`),
		)
	);
}
