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
		targetType: lowerText,
		changeType: lowerText,
		madeAt: text,
		madeBy: text,
		operation: lowerText,
		changed: anything,
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
  targetType = tostring(properties.targetResourceType),
  changeType = tostring(properties.changeType),
  madeAt = tostring(properties.changeAttributes.timestamp),
  operation = tostring(properties.changeAttributes.correlationId),
  ${names ? "madeBy = tostring(properties.changeAttributes.changedBy),\n  " : ""}changed = properties.changes
| order by id asc`,
		key: byId,
		parse: (row) => {
			const parsed = changeRow(row);
			const kind = kinds[parsed.changeType];
			const at = new Date(parsed.madeAt);
			if (Number.isNaN(at.getTime()))
				throw new RowError("field madeAt: not a time");
			return {
				id: parsed.id,
				source: "feed",
				operation: parsed.operation === "" ? null : parsed.operation,
				resource: parsed.resource,
				type: parsed.targetType,
				kind: kind ?? "update",
				at: at.toISOString(),
				by: parsed.madeBy === "" ? null : parsed.madeBy,
				// Of a kind that is not known, nobody can say what its values mean.
				values: kind === undefined ? null : valuesOf(parsed.changed),
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
