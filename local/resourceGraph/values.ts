/*
 * Values of Kusto in JavaScript: null is the null of every type but string, which has none (its missing value is "").
 *
 * Documented at learn.microsoft.com/kusto/query (scalar-data-types/null-values, scalar-data-types/dynamic,
 * isempty-function, coalesce-function, sort-operator, mv-expand-operator):
 * - null == null is null, null == value is false; `where` drops a row whose predicate is null.
 * - isempty is true for "" and null, false for [] and {}.
 * - order by: nulls first ascending, last descending; descending is the default.
 * - a missing property, an index out of range and a property of a scalar are null; names are case-sensitive.
 * Seen in public queries that work against Resource Graph (dolevshor/azure-orphan-resources):
 * - a dynamic value compared with a string is compared as tostring() of it: `properties.ipConfiguration == ""`
 *   holds where the property is missing, `properties.virtualMachines == "[]"` where the array is empty.
 * Assumed: a dynamic value compared with a number or bool literal is not converted ("1" == 1 is false); toint of a
 * bool is 1 or 0 and of a fraction is truncated; strings sort by code unit.
 */

export type Row = Readonly<Record<string, unknown>>;

/** Kusto's bool, whose null is neither true nor false. */
export type Truth = boolean | null;

/** `tostring`: null is "", arrays and bags are compact JSON. */
export function toText(value: unknown): string {
	if (typeof value === "string") return value;
	if (value === null || value === undefined) return "";
	return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `toint`: 32 bits, null for a value that is not an integer. */
export function toInteger(value: unknown): number | null {
	switch (typeof value) {
		case "number":
			return within32Bits(Math.trunc(value));
		case "boolean":
			return value ? 1 : 0;
		case "string":
			return /^\s*[+-]?\d+\s*$/.test(value)
				? within32Bits(Number(value))
				: null;
		default:
			return null;
	}
}

function within32Bits(value: number): number | null {
	return value >= -(2 ** 31) && value < 2 ** 31 ? value : null;
}

/** `todatetime`: milliseconds since 1970, null for a text that is not a time. */
export function toTime(value: unknown): number | null {
	const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
	return Number.isNaN(time) ? null : time;
}

/** `array_length`: null for everything but an array. */
export function arrayLength(value: unknown): number | null {
	return Array.isArray(value) ? value.length : null;
}

export function propertyOf(value: unknown, name: string): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return null;
	return Object.hasOwn(value, name) ? Reflect.get(value, name) : null;
}

export function elementOf(value: unknown, index: number): unknown {
	return Array.isArray(value) ? (value[index] ?? null) : null;
}

/**
 * What `mv-expand` makes of one value: one null for null, nothing for an empty array or bag, a bag of one entry for
 * each entry of a bag. A scalar stays itself (assumed).
 */
export function expanded(value: unknown): readonly unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== "object" || value === null) return [value ?? null];
	return Object.entries(value).map(([name, entry]) => ({ [name]: entry }));
}

export function equal(left: unknown, right: unknown): Truth {
	if (left === null && right === null) return null;
	return left === right;
}

/** Ascending order of one scalar type, null below everything. */
export function ascending(left: unknown, right: unknown): number {
	if (left === right) return 0;
	if (left === null) return -1;
	if (right === null) return 1;
	return (left as string | number | boolean) <
		(right as string | number | boolean)
		? -1
		: 1;
}
