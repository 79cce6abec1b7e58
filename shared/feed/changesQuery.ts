import * as v from "valibot";
import {
	anything,
	byId,
	lowerText,
	type Query,
	RowError,
	requiredId,
	rowParser,
	text,
} from "../inventory/rows.ts";
import type { ChangedValue, HeardChange } from "./heardChange.ts";

/** The types whose changes can matter for the addresses of a cluster. */
export const watchedTypes = [
	"microsoft.containerservice/managedclusters",
	"microsoft.containerservice/managedclusters/agentpools",
	"microsoft.network/virtualnetworks",
	"microsoft.network/virtualnetworks/subnets",
	"microsoft.network/routetables",
	"microsoft.compute/virtualmachinescalesets",
] as const;

const changeRow = rowParser(
	v.object({
		id: requiredId,
		resource: requiredId,
		type: lowerText,
		kind: lowerText,
		at: text,
		by: text,
		values: anything,
	}),
);

const kinds: Readonly<Record<string, HeardChange["kind"]>> = {
	create: "create",
	update: "update",
	delete: "delete",
};

/**
 * Changes since a time, of the whole tenant, from Resource Graph's `resourcechanges` (14 days back). `names`: whether who made
 * them is read at all.
 */
export function changesQuery(since: Date, names: boolean): Query<HeardChange> {
	return {
		name: "changes",
		of: "changes",
		required: true,
		kql: `resourcechanges
| where properties.targetResourceType in~ (${watchedTypes.map((type) => `'${type}'`).join(", ")})
| where todatetime(properties.changeAttributes.timestamp) >= datetime(${since.toISOString()})
| project id,
  resource = tostring(properties.targetResourceId),
  type = tostring(properties.targetResourceType),
  kind = tostring(properties.changeType),
  at = tostring(properties.changeAttributes.timestamp),
  ${names ? "by = tostring(properties.changeAttributes.changedBy),\n  " : ""}values = properties.changes
| order by id asc`,
		key: byId,
		parse: (row) => {
			const parsed = changeRow(row);
			const kind = kinds[parsed.kind];
			if (kind === undefined)
				throw new RowError("field kind: not Create, Update or Delete");
			const at = new Date(parsed.at);
			if (Number.isNaN(at.getTime()))
				throw new RowError("field at: not a time");
			return {
				id: parsed.id,
				resource: parsed.resource,
				type: parsed.type,
				kind,
				at: at.toISOString(),
				by: parsed.by === "" ? null : parsed.by,
				values: valuesOf(parsed.values),
			};
		},
	};
}

const mostValues = 50;
const longestValue = 200;

/** Only plain values, and no more than a card can use. Tags and other texts of people are not among the watched paths. */
function valuesOf(values: unknown): readonly ChangedValue[] | null {
	if (typeof values !== "object" || values === null) return null;
	return Object.entries(values)
		.slice(0, mostValues)
		.map(([path, one]) => ({
			path,
			before: plainValue(one, "previousValue"),
			after: plainValue(one, "newValue"),
		}));
}

function plainValue(one: unknown, name: string): string | null {
	const value: unknown =
		typeof one === "object" && one !== null
			? Reflect.get(one, name)
			: undefined;
	return typeof value === "string" ||
		typeof value === "number" ||
		typeof value === "boolean"
		? String(value).slice(0, longestValue)
		: null;
}
