import { lastName, networkOfSubnet } from "../arm.ts";
import { covering, freeBlocks, ipv4Of, overlap } from "../cidr.ts";
import type { Network, Subnet } from "../inventory/facts.ts";

/** Refused to pods, services and networks of AKS (AKS networking prerequisites; pods since the changelog of 2026-05-29). */
export const reservedRanges = [
	"169.254.0.0/16",
	"192.0.2.0/24",
	"172.30.0.0/16",
	"172.31.0.0/16",
] as const;

/** A range of the cluster: where its pods and services get addresses, its own subnets, all of its network. */
export type OwnRange = "pods" | "services" | "own-subnet" | "network";

/** What a range of the cluster may meet. Free space: of the cluster's network, with no subnet in it. */
export type Met =
	| "services"
	| "own-subnet"
	| "other-subnet"
	| "free-space"
	| "peer"
	| "reserved";

export interface NamedRange {
	readonly name: string;
	/** IPv4. */
	readonly prefixes: readonly string[];
}

/** Address ranges that have addresses in common. */
export interface Overlap {
	readonly range: OwnRange;
	readonly prefixes: readonly string[];
	readonly met: Met;
	/** What is met, at most `mostNamed` of it. */
	readonly places: readonly NamedRange[];
	/** How many more there are. */
	readonly more: number;
}

/** The address space around a cluster, as little as judging it and mending it needs. */
export interface Surroundings {
	/** IPv4. Empty where Azure reports none. */
	readonly services: readonly string[];
	readonly overlaps: readonly Overlap[];
	/** What could not be read, in words: then that nothing overlaps is not certain. */
	readonly unread: readonly string[];
	/** All that its networks and the peered ones cover. Null where a part of it is not known. */
	readonly reached: readonly string[] | null;
	/** By network, where a subnet may be put: free blocks as of `freeBlocks`, null where not all of it was read. Not for networks that AKS made. */
	readonly free: Readonly<Record<string, readonly string[] | null>>;
	/** By subnet of the cluster, a name for one of its own in its place that no subnet of the network has. */
	readonly successors: Readonly<Record<string, string>>;
	/**
	 * Other subnets on the route table of a kubenet cluster's subnets, as `network/subnet`. Absent where there are none.
	 */
	readonly onRouteTable?: readonly string[];
}

/** A network with its subnets, worked out once for all the clusters in it. */
export interface NetworkAround {
	readonly id: string;
	/** IPv4 address space. Null where the network's row was not read. */
	readonly space: readonly string[] | null;
	/** By id. */
	readonly subnets: ReadonlyMap<string, Subnet>;
	/** Every peered network whose addresses are known, connected or not. */
	readonly reached: readonly NamedRange[];
	/** Those that traffic flows to. */
	readonly peers: readonly NamedRange[];
	readonly unread: readonly string[];
	/** All of its subnets were read. */
	readonly isWhole: boolean;
	/** Free blocks of the space, as of `freeBlocks`. Null where space or subnets are not known whole. */
	readonly free: readonly string[] | null;
}

/** A hub is peered with hundreds, and a range may meet all of them. */
const mostNamed = 5;

/** Prefixes that a snapshot has room for. */
const mostReached = 32;

/** `ranges`: of the pods and services of all clusters in the network, where no subnet should be put either. */
export function networkAround(
	id: string,
	networks: ReadonlyMap<string, Network>,
	own: readonly Subnet[],
	ranges: readonly string[],
): NetworkAround {
	const subnets = new Map(own.map((subnet) => [subnet.id, subnet]));
	const network = networks.get(id);
	if (network === undefined) return unseenNetwork(id, subnets);
	const space = ipv4Of(network.prefixes);
	const isWhole = own.length >= network.subnets && space.length > 0;
	const peers = peersOf(network, networks);
	const known = peers.filter(({ prefixes }) => prefixes.length > 0);
	const taken = own.flatMap(({ prefixes }) => prefixes);
	return {
		id,
		space: space.length > 0 ? space : null,
		subnets,
		reached: known,
		peers: known.filter(({ connected }) => connected),
		unread: unreadOf(network, isWhole, peers),
		isWhole,
		free: isWhole
			? freeBlocks(space, [...taken, ...ranges, ...reservedRanges])
			: null,
	};
}

/** A network whose row was not read: what overlaps there is not known. */
export function unseenNetwork(
	id: string,
	subnets: ReadonlyMap<string, Subnet> = new Map(),
): NetworkAround {
	return {
		id,
		space: null,
		subnets,
		reached: [],
		peers: [],
		unread: [`The address space of network ${lastName(id)} could not be read`],
		isWhole: false,
		free: null,
	};
}

interface Peer extends NamedRange {
	readonly connected: boolean;
}

/** Where a peering does not show the remote addresses, the remote network's own row does, if it can be read. */
function peersOf(
	{ peerings }: Network,
	networks: ReadonlyMap<string, Network>,
): Peer[] {
	return (peerings ?? []).map(({ remote, connected, prefixes }) => ({
		name: lastName(remote),
		connected,
		prefixes: ipv4Of(
			prefixes.length > 0 ? prefixes : (networks.get(remote)?.prefixes ?? []),
		),
	}));
}

function unreadOf(
	{ id, peerings }: Network,
	isWhole: boolean,
	peers: readonly Peer[],
): string[] {
	const unknown = peers.filter(
		({ connected, prefixes }) => connected && prefixes.length === 0,
	);
	return [
		...(isWhole ? [] : [`Only a part of network ${lastName(id)} was read`]),
		...(peerings === null
			? [`Only a part of the peerings of network ${lastName(id)} was read`]
			: []),
		...(unknown.length > 0
			? [`The address space of ${peersText(unknown)} is not known`]
			: []),
	];
}

/** What a cluster is, as far as its addresses go. */
interface Ranges {
	/** The cluster's name. */
	readonly name: string;
	/** Null where the model has no pod CIDR. "" where it should and Azure reports none. */
	readonly podCidr: string | null;
	readonly services: readonly string[];
	/** Ids of the subnets that its nodes, pods and API server use. */
	readonly subnets: readonly string[];
	/** The networks that these are in. */
	readonly networks: readonly NetworkAround[];
	/** AKS made the network: nobody else puts anything into it. */
	readonly isManaged: (network: string) => boolean;
}

export function surroundingsOf(ranges: Ranges): Surroundings {
	const { name, podCidr, services, subnets, networks, isManaged } = ranges;
	const reached = networks.flatMap(({ space, reached }) => [
		...(space ?? []),
		...reached.flatMap(({ prefixes }) => prefixes),
	]);
	const unread = networks.flatMap(({ unread }) => unread);
	return {
		services,
		overlaps: [
			...(podCidr ? overlapsOf("pods", [podCidr], ranges) : []),
			...overlapsOf("services", services, ranges),
			...reservedInNetwork(ranges),
		],
		unread: [
			...(podCidr === "" ? ["Azure reports no pod CIDR"] : []),
			...(services.length === 0 ? ["Azure reports no service CIDR"] : []),
			...unread,
		],
		reached: unread.length > 0 ? null : covering(reached, mostReached),
		free: Object.fromEntries(
			networks
				.filter(({ id }) => !isManaged(id))
				.map(({ id, free }) => [id, free]),
		),
		successors: Object.fromEntries(
			networks.flatMap((network) =>
				ownSubnets(network, subnets).map(({ id }) => [
					id,
					successor(id, name, network.subnets),
				]),
			),
		),
	};
}

/** Where pods or services meet each other, the networks, the peers, and what AKS keeps for itself. */
function overlapsOf(
	range: "pods" | "services",
	prefixes: readonly string[],
	{ services, subnets, networks, isManaged }: Ranges,
): Overlap[] {
	const met = (met: Met, places: readonly NamedRange[]) =>
		overlapWith(range, prefixes, met, places);
	const near = networks
		.filter(({ space }) => space === null || overlap(prefixes, space))
		.flatMap((network) => [...network.subnets.values()]);
	const own = near.filter(({ id }) => subnets.includes(id));
	const others = near.filter(({ id }) => !subnets.includes(id));
	const inSubnets = [
		...met("own-subnet", own.map(namedSubnet)),
		...met("other-subnet", others.map(namedSubnet)),
	];
	const spaces = networks
		.filter(({ id }) => !isManaged(id))
		.map(({ id, space }) => ({ name: lastName(id), prefixes: space ?? [] }));
	return [
		...(range === "pods"
			? met("services", [{ name: "", prefixes: services }])
			: []),
		...inSubnets,
		...(inSubnets.length === 0 ? met("free-space", spaces) : []),
		...met(
			"peer",
			networks.flatMap(({ peers }) => peers),
		),
		...met("reserved", reserved),
	];
}

const reserved: readonly NamedRange[] = reservedRanges.map((prefix) => ({
	name: "",
	prefixes: [prefix],
}));

/** The network's own addresses in a reserved range: of the cluster's subnets, else of the rest of the space. */
function reservedInNetwork({ subnets, networks }: Ranges): Overlap[] {
	return networks.flatMap((network) => {
		const own = ownSubnets(network, subnets).flatMap(
			({ prefixes }) => prefixes,
		);
		const inSubnets = overlapWith(
			"own-subnet",
			ipv4Of(own),
			"reserved",
			reserved,
		);
		return inSubnets.length > 0
			? inSubnets
			: overlapWith("network", network.space ?? [], "reserved", reserved);
	});
}

function overlapWith(
	range: OwnRange,
	prefixes: readonly string[],
	met: Met,
	candidates: readonly NamedRange[],
): Overlap[] {
	const places = candidates.flatMap(({ name, prefixes: others }) => {
		const common = others.filter((other) => overlap(prefixes, [other]));
		return common.length > 0
			? [{ name, prefixes: common.slice(0, mostNamed) }]
			: [];
	});
	if (places.length === 0) return [];
	const all = places.flatMap((place) => place.prefixes);
	return [
		{
			range,
			prefixes: prefixes
				.filter((prefix) => overlap([prefix], all))
				.slice(0, mostNamed),
			met,
			places: places.slice(0, mostNamed),
			more: Math.max(0, places.length - mostNamed),
		},
	];
}

function ownSubnets(
	{ subnets }: NetworkAround,
	own: readonly string[],
): readonly Subnet[] {
	return own.flatMap((id) => subnets.get(id) ?? []);
}

/**
 * Named after the cluster: neighbors read the same free range, and must not share one new subnet that is sized for one
 * of them. Subnet names take 80 characters, cluster names 63.
 */
function successor(
	subnet: string,
	cluster: string,
	used: ReadonlyMap<string, Subnet>,
): string {
	const [network, name] = [networkOfSubnet(subnet), lastName(subnet)];
	for (let number = 1; ; number++) {
		const suffix = `-${cluster}${number === 1 ? "" : `-${number}`}`;
		const next = `${name.slice(0, 80 - suffix.length)}${suffix}`.toLowerCase();
		if (!used.has(`${network}/subnets/${next}`)) return next;
	}
}

function namedSubnet({ id, prefixes }: Subnet): NamedRange {
	return { name: lastName(id), prefixes: ipv4Of(prefixes) };
}

function peersText(places: readonly { readonly name: string }[]): string {
	const names = places.slice(0, mostNamed).map(({ name }) => name);
	const more = places.length - names.length;
	return `${places.length === 1 ? "peered network" : "peered networks"} ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
