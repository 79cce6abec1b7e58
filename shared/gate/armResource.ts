import type { CheckedResource } from "../checks/contract.ts";
import { typeOfId } from "./armFields.ts";
import { isPicked, notKnown, type Picked } from "./fields.ts";

/** What a resource in ARM's shape is read with. */
export interface Reading {
	/** As it was, where the plan says it. */
	readonly before: Picked | null;
	readonly isNew: boolean;
	/** The subnet behind an ID that is not known yet. Null where it cannot be told. */
	readonly idBehind: () => string | null;
}

/**
 * The partial resource that a check takes, of the picked fields of a template's resource. A field that is not known, and
 * an expression that a what-if left as text, is left out and named in `unknown`.
 */
export function armResource(
	id: string,
	after: Picked,
	reading: Reading,
): {
	readonly resource: CheckedResource;
	readonly unknown: readonly string[];
	readonly notes: readonly string[];
} {
	const unknown: string[] = [];
	const notes: string[] = [];
	const known = knownFields(after, "", reading, unknown);
	const properties = isPicked(known.properties) ? known.properties : {};
	const former = reading.before?.properties;
	const before = isPicked(former) ? former : {};
	const type = typeOfId(id) ?? "";
	const resource: CheckedResource = {
		id,
		type,
		...(isPicked(known.sku) ? { sku: known.sku } : {}),
		properties:
			type === "microsoft.containerservice/managedclusters"
				? withPools(properties, before, reading.isNew, notes)
				: type === "microsoft.containerservice/managedclusters/agentpools"
					? withCount(properties, before, reading.isNew)
					: properties,
	};
	return { resource, unknown, notes };
}

function withPools(
	properties: Picked,
	before: Picked,
	isNew: boolean,
	notes: string[],
): Picked {
	const pools = poolsOf(properties);
	if (pools === null) return properties;
	const former = poolsOf(before) ?? [];
	const left = former.filter(
		(one) => !pools.some((other) => sameName(one, other)),
	);
	if (left.length > 0)
		notes.push(
			"The template leaves out pools that the cluster has. AKS keeps them, so they still count.",
		);
	return {
		...properties,
		agentPoolProfiles: pools.map((pool) => {
			const earlier = former.find((one) => sameName(one, pool));
			return withCount(pool, earlier ?? {}, isNew || earlier === undefined);
		}),
	};
}

function poolsOf(properties: Picked): readonly Picked[] | null {
	const pools = properties.agentPoolProfiles;
	return Array.isArray(pools) ? pools.filter(isPicked) : null;
}

function sameName(one: Picked, other: Picked): boolean {
	return String(one.name).toLowerCase() === String(other.name).toLowerCase();
}

/** The count of an autoscaled pool that exists is Azure's own: a template's count is where the pool once began. */
function withCount(pool: Picked, before: Picked, isNew: boolean): Picked {
	const autoscaled =
		(pool.enableAutoScaling ?? before.enableAutoScaling) === true;
	if (isNew || !autoscaled) return pool;
	const { count: _, ...rest } = pool;
	return rest;
}

const lists = new Set(["agentPoolProfiles", "subnets", "routes"]);

function knownFields(
	fields: Picked,
	path: string,
	reading: Reading,
	unknown: string[],
): Picked {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, value]) => {
			// No list is no change of it. The check refuses to take a whole list away.
			if (value === null && lists.has(name)) return [];
			const at = path === "" ? name : `${path}.${name}`;
			if (value === notKnown || isExpression(value)) {
				const behind = /subnetid$/i.test(name) ? reading.idBehind() : null;
				if (behind !== null) return [[name, behind]];
				unknown.push(at);
				return [];
			}
			if (isPicked(value))
				return [[name, knownFields(value, at, reading, unknown)]];
			if (!Array.isArray(value)) return [[name, value]];
			return [
				[
					name,
					value.flatMap((one, index) => {
						const place = `${at}[${index}]`;
						if (isPicked(one))
							return [knownFields(one, place, reading, unknown)];
						if (one !== notKnown && !isExpression(one)) return [one];
						unknown.push(place);
						return [];
					}),
				],
			];
		}),
	);
}

/** `[reference(...)]`: ARM writes a text that begins with `[[` for one bracket. */
function isExpression(value: unknown): boolean {
	return (
		typeof value === "string" &&
		value.startsWith("[") &&
		!value.startsWith("[[") &&
		value.endsWith("]")
	);
}
