import { armId, parseArmId } from "../arm.ts";
import { typeOfArmId } from "../inventory/namedResources.ts";
import type { CheckRequest, ReplacementOrder } from "./contract.ts";
import { listOf, merged, nameOf } from "./merged.ts";
import { valueFaults } from "./values.ts";
import { type Fault, WrongRequest } from "./wrongRequest.ts";

/** What a request says of one resource of its own: partial, with where in the body it says so. */
export interface Wanted {
	readonly id: string;
	readonly over: Readonly<Record<string, unknown>>;
	/** Places in the body, for errors: `resources[0]`. */
	readonly at: readonly string[];
	/** Names of pools, subnets or routes in it that go, in lower case. What the request has as well is made again. */
	readonly without: ReadonlySet<string>;
	readonly isRemoved: boolean;
	/** By name of its pool, subnet or route: where in the body that is. */
	readonly parts: ReadonlyMap<string, string>;
	/** By name of its pool: how it is made anew, and where in the body that is. */
	readonly replaced: ReadonlyMap<string, Replaced>;
}

interface Replaced {
	readonly order: ReplacementOrder;
	readonly at: string;
}

/** What a request is about, by what can be read of Azure. */
export interface Subject {
	/** Clusters that are changed, by ID. */
	readonly clusters: ReadonlyMap<string, Wanted>;
	readonly networks: ReadonlyMap<string, Wanted>;
	readonly routeTables: ReadonlyMap<string, Wanted>;
	/** Clusters that are named without a change, and those with one. */
	readonly asked: readonly string[];
	readonly ignored: readonly { readonly id: string; readonly reason: string }[];
}

const agentPools = "microsoft.containerservice/managedclusters/agentpools";

const types = {
	"microsoft.containerservice/managedclusters": "clusters",
	[agentPools]: "clusters",
	"microsoft.network/virtualnetworks": "networks",
	"microsoft.network/virtualnetworks/subnets": "networks",
	"microsoft.network/routetables": "routeTables",
	"microsoft.network/routetables/routes": "routeTables",
} as const;

type Group = (typeof types)[keyof typeof types];

function groupOf(type: string): Group | null {
	return Object.hasOwn(types, type) ? types[type as keyof typeof types] : null;
}

/** Sorts a request by the resources that Azure can be asked for. Throws `WrongRequest` where an ID is none. */
export function subjectOf(request: CheckRequest): Subject {
	const faults: Fault[] = [];
	const found: Record<Group, Map<string, Wanted>> = {
		clusters: new Map(),
		networks: new Map(),
		routeTables: new Map(),
	};
	const ignored: { id: string; reason: string }[] = [];
	const take = (
		id: string,
		field: string,
		change: (before: Wanted, part: string | null) => Wanted,
	) => {
		const type = typeOfArmId(id);
		if (parseArmId(id) === null || type === null || leadsElsewhere(id)) {
			faults.push({
				field,
				detail: `${field} is ${JSON.stringify(id)}, which is not the ARM ID of a resource.`,
			});
			return;
		}
		const group = groupOf(type);
		if (group === null) {
			ignored.push({
				id,
				reason: `Checks do not judge the type ${type}. IPs that it uses are not counted.`,
			});
			return;
		}
		const { owner, part } = ownerOf(id);
		const before = found[group].get(owner) ?? nothingWanted(owner);
		found[group].set(owner, change(before, part));
	};
	request.resources.forEach(({ id: given, sku, properties }, index) => {
		const field = `resources[${index}]`;
		faults.push(...valueFaults(properties, `${field}.properties`));
		const id = armId(given);
		take(id, `${field}.id`, (before, part) => {
			const own = part === null ? { ...(sku ? { sku } : {}), properties } : {};
			const over =
				part === null ? own : { properties: partOf(id, part, properties) };
			return {
				...before,
				over: merged(before.over, over) as Wanted["over"],
				at: [...before.at, field],
				parts: new Map([
					...before.parts,
					...(part === null
						? partsIn(properties, `${field}.properties`)
						: [[part, field] as const]),
				]),
			};
		});
	});
	request.removed.forEach((given, index) => {
		const field = `removed[${index}]`;
		take(armId(given), field, (before, part) => ({
			...before,
			at: [...before.at, field],
			without:
				part === null || before.parts.has(part)
					? before.without
					: new Set([...before.without, part]),
			isRemoved: before.isRemoved || (part === null && !isWanted(before)),
		}));
	});
	request.replacements.forEach(({ pool, order }, index) => {
		const at = `replacements[${index}].pool`;
		const id = armId(pool);
		if (typeOfArmId(id) !== agentPools) {
			faults.push({
				field: at,
				detail: `${at} is ${JSON.stringify(pool)}, which is not the ARM ID of an agent pool.`,
			});
			return;
		}
		take(id, at, (before, part) => ({
			...before,
			replaced: new Map([...before.replaced, [part ?? "", { order, at }]]),
		}));
	});
	request.clusters.forEach((given, index) => {
		const id = armId(given);
		if (
			typeOfArmId(id) !== "microsoft.containerservice/managedclusters" ||
			leadsElsewhere(id)
		)
			faults.push({
				field: `clusters[${index}]`,
				detail: `clusters[${index}] is ${JSON.stringify(given)}, which is not the ARM ID of a managed cluster.`,
			});
	});
	if (faults.length > 0) throw new WrongRequest(faults);
	return {
		...found,
		asked: [
			...new Set([...request.clusters.map(armId), ...found.clusters.keys()]),
		],
		ignored,
	};
}

function nothingWanted(id: string): Wanted {
	return {
		id,
		over: {},
		at: [],
		without: new Set(),
		isRemoved: false,
		parts: new Map(),
		replaced: new Map(),
	};
}

function isWanted({ over }: Wanted): boolean {
	return Object.keys(over).length > 0;
}

/** A URL with such a part is the URL of something else. */
function leadsElsewhere(id: string): boolean {
	return id.split("/").some((part) => part === "." || part === "..");
}

/** Pools are parts of clusters, subnets of networks, routes of route tables: the resource that is read whole. */
function ownerOf(id: string): { owner: string; part: string | null } {
	const parts = id.split("/");
	return parts.length > 9
		? { owner: parts.slice(0, 9).join("/"), part: parts[10] ?? "" }
		: { owner: id, part: null };
}

function partOf(
	id: string,
	name: string,
	properties: Readonly<Record<string, unknown>>,
) {
	switch (typeOfArmId(id)) {
		case agentPools:
			return { agentPoolProfiles: [{ ...properties, name }] };
		case "microsoft.network/routetables/routes":
			return { routes: [{ name, id, properties }] };
		default:
			return { subnets: [{ name, id, properties }] };
	}
}

function partsIn(
	properties: Readonly<Record<string, unknown>>,
	at: string,
): [string, string][] {
	return Object.entries(properties).flatMap(([key, value]) =>
		["agentpoolprofiles", "subnets", "routes"].includes(key.toLowerCase())
			? listOf(value).map((one, index): [string, string] => [
					nameOf(one) ?? "",
					`${at}.${key}[${index}]`,
				])
			: [],
	);
}
