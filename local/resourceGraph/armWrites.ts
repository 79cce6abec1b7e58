import { type Answer, frontDoorError } from "./answer.ts";
import type { ArmResource } from "./rows.ts";

/** What a PUT, PATCH or DELETE made of a tenant. */
export interface Written {
	readonly answer: Answer;
	/** Null: nothing has changed. */
	readonly resources: readonly ArmResource[] | null;
}

type Bag = Record<string, unknown>;

/** Where the list of a type's children is in its properties, and whether an entry is flat, without properties of its own. */
const children: Readonly<
	Record<string, { readonly list: string; readonly isFlat: boolean }>
> = {
	agentpools: { list: "agentPoolProfiles", isFlat: true },
	subnets: { list: "subnets", isFlat: false },
	routes: { list: "routes", isFlat: false },
};

/**
 * Writes one resource, or an agent pool, subnet or route in one, in ARM's shape. PATCH merges as a JSON merge patch, and
 * PUT replaces. Nothing is validated.
 */
export function written(
	resources: readonly ArmResource[],
	method: string,
	id: string,
	body: string,
): Written {
	const given = method === "DELETE" ? {} : bagIn(body);
	if (given === null)
		return refused(
			400,
			"InvalidRequestContent",
			"The body is not a JSON object.",
		);
	const segments = id.split("/");
	const parentId = segments.slice(0, 9).join("/");
	const index = resources.findIndex(
		(one) => one.id.toLowerCase() === parentId.toLowerCase(),
	);
	const found = resources[index];
	const childType = segments[9];
	if (childType !== undefined) {
		const child = children[childType.toLowerCase()];
		if (found === undefined || child === undefined) return notFound(id);
		return replaced(
			resources,
			index,
			withChild(found, child, segments[10] ?? "", method, given),
		);
	}
	if (found === undefined) {
		if (method !== "PUT") return notFound(id);
		const made: ArmResource = {
			...given,
			id,
			name: segments[8],
			type: segments.slice(6, 8).join("/"),
		};
		return {
			answer: { status: 201, body: JSON.stringify(made) },
			resources: [...resources, made],
		};
	}
	if (method === "DELETE")
		return {
			answer: { status: 200, body: "" },
			resources: resources.toSpliced(index, 1),
		};
	const { id: own, name, type } = found;
	const content = method === "PUT" ? given : merged({ ...found }, given);
	return replaced(resources, index, { ...content, id: own, name, type });
}

function replaced(
	resources: readonly ArmResource[],
	index: number,
	resource: ArmResource,
): Written {
	return {
		answer: { status: 200, body: JSON.stringify(resource) },
		resources: resources.with(index, resource),
	};
}

function withChild(
	resource: ArmResource,
	{ list, isFlat }: { readonly list: string; readonly isFlat: boolean },
	name: string,
	method: string,
	given: Bag,
): ArmResource {
	const properties = bagOf(resource.properties);
	const all = (Array.isArray(properties[list]) ? properties[list] : []).map(
		bagOf,
	);
	const at = all.findIndex(
		(one) => String(one.name).toLowerCase() === name.toLowerCase(),
	);
	const content = isFlat ? bagOf(given.properties) : given;
	const before =
		method === "PATCH" || isFlat ? (all[at] ?? {}) : { id: all[at]?.id };
	const next = merged({ ...before, name: all[at]?.name ?? name }, content);
	const changed =
		method === "DELETE"
			? all.filter((_, index) => index !== at)
			: at < 0
				? [...all, next]
				: all.with(at, next);
	return { ...resource, properties: { ...properties, [list]: changed } };
}

/** A JSON merge patch (RFC 7396): null removes, lists are replaced. */
function merged(target: Bag, patch: Bag): Bag {
	const result: Bag = { ...target };
	for (const [key, value] of Object.entries(patch))
		if (value === null) delete result[key];
		else
			result[key] =
				isBag(value) && isBag(result[key])
					? merged(bagOf(result[key]), bagOf(value))
					: value;
	return result;
}

function isBag(value: unknown): boolean {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bagOf(value: unknown): Bag {
	return isBag(value) ? { ...(value as object) } : {};
}

function bagIn(body: string): Bag | null {
	try {
		const parsed: unknown = JSON.parse(body);
		return isBag(parsed) ? bagOf(parsed) : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

function notFound(id: string): Written {
	return refused(404, "ResourceNotFound", `${id} was not found.`);
}

function refused(status: number, code: string, message: string): Written {
	return { answer: frontDoorError(status, code, message), resources: null };
}
