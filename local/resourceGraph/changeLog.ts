import { randomUUID } from "node:crypto";
import { type ArmResource, changeType, tableOf } from "./rows.ts";

type Kind = "Create" | "Update" | "Delete";

/** `previousValue` and `newValue` of a property by its path. Absent: there was none, or there is none. */
type Values = Record<
	string,
	{ previousValue?: unknown; newValue?: unknown; propertyChangeType: string }
>;

/**
 * What the table `resourcechanges` has of the difference between two states of a tenant: a row for each resource that
 * was created, updated or deleted. Containers are not in it.
 */
export function changesBetween(
	before: readonly ArmResource[],
	after: readonly ArmResource[],
	at: Date,
): ArmResource[] {
	const old = byId(before);
	const now = byId(after);
	return [
		...[...now].flatMap(([id, resource]) => {
			const was = old.get(id);
			if (was === undefined) return changeOf("Create", resource, {}, at);
			if (was === resource) return [];
			const values = differences(was, resource);
			return Object.keys(values).length === 0
				? []
				: changeOf("Update", resource, values, at);
		}),
		...[...old].flatMap(([id, resource]) =>
			now.has(id) ? [] : changeOf("Delete", resource, {}, at),
		),
	];
}

function byId(resources: readonly ArmResource[]): Map<string, ArmResource> {
	return new Map(
		resources
			.filter((one) => tableOf(one) === "resources")
			.map((one) => [one.id.toLowerCase(), one]),
	);
}

function changeOf(
	kind: Kind,
	{ id, type }: ArmResource,
	changes: Values,
	at: Date,
): ArmResource {
	const name = randomUUID();
	const verb = kind === "Delete" ? "delete" : "write";
	return {
		id: `${id}/providers/Microsoft.Resources/changes/${name}`,
		name,
		type: changeType,
		properties: {
			targetResourceId: id,
			targetResourceType: String(type).toLowerCase(),
			changeType: kind,
			changeAttributes: {
				timestamp: at.toISOString(),
				changedBy: "ada@example.com",
				changedByType: "User",
				clientType: "Azure CLI",
				operation: `${String(type)}/${verb}`,
				correlationId: randomUUID(),
				changesCount: Object.keys(changes).length,
			},
			changes,
		},
	};
}

function differences(before: unknown, after: unknown): Values {
	const values: Values = {};
	compare("", before, after, values);
	return values;
}

function compare(
	path: string,
	before: unknown,
	after: unknown,
	into: Values,
): void {
	if (before === after) return;
	if (isBag(before) && isBag(after) && isList(before) === isList(after)) {
		const old: Record<string, unknown> = { ...before };
		const now: Record<string, unknown> = { ...after };
		for (const key of new Set([...Object.keys(old), ...Object.keys(now)]))
			compare(
				isList(after)
					? `${path}[${key}]`
					: path === ""
						? key
						: `${path}.${key}`,
				old[key],
				now[key],
				into,
			);
		return;
	}
	into[path] = {
		...(before !== undefined && { previousValue: shown(before) }),
		...(after !== undefined && { newValue: shown(after) }),
		propertyChangeType:
			before === undefined
				? "Insert"
				: after === undefined
					? "Remove"
					: "Update",
	};
}

function isBag(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}

function isList(value: object): boolean {
	return Array.isArray(value);
}

/** Resource Graph writes plain values as texts. */
function shown(value: unknown): unknown {
	return isBag(value) ? value : String(value);
}
