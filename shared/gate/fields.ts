/** A value that the plan does not say: it is known after the change was applied. */
export const notKnown = Symbol("known after apply");

/** Which fields the sums need: `true` for a value, a tree for an object or a list of objects. */
export interface Fields {
	readonly [name: string]: true | Fields;
}

/** Fields of a resource by name. A leaf is text, a number, a boolean, a list of texts, null, or `notKnown`. */
export type Picked = { readonly [name: string]: unknown };

/** Whether a picked value is an object of fields. */
export function isPicked(value: unknown): value is Picked {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Only these fields of a value, under the names of `fields`, whatever the case of the value's own. All else, secrets among
 * it, stays behind. `unknown` mirrors the value with `true` where it is not known. A leaf of another shape is not known.
 */
export function pick(
	fields: Fields,
	value: unknown,
	unknown: unknown = false,
): Picked | null {
	const picked = picked1(fields, value, unknown);
	return isPicked(picked) ? picked : null;
}

function picked1(
	fields: true | Fields,
	value: unknown,
	unknown: unknown,
): unknown {
	if (unknown === true) return notKnown;
	if (fields === true) return leaf(value, unknown);
	if (Array.isArray(value))
		return value.map((one, index) =>
			picked1(fields, one, inside(unknown, index)),
		);
	if (typeof value !== "object" || value === null)
		return anyTrue(unknown) ? notKnown : null;
	const own = new Map(
		Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]),
	);
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, inner]) => {
			const key = name.toLowerCase();
			const unknownInside = inside(unknown, name);
			return own.has(key) || anyTrue(unknownInside)
				? [[name, picked1(inner, own.get(key) ?? null, unknownInside)]]
				: [];
		}),
	);
}

function leaf(value: unknown, unknown: unknown): unknown {
	if (anyTrue(unknown)) return notKnown;
	if (value === null || value === undefined) return null;
	if (Array.isArray(value))
		return value.every((one) => typeof one === "string") ? value : notKnown;
	return typeof value === "object" ? notKnown : value;
}

function inside(unknown: unknown, key: string | number): unknown {
	return typeof unknown === "object" && unknown !== null
		? Reflect.get(unknown, key)
		: false;
}

function anyTrue(unknown: unknown): boolean {
	if (typeof unknown !== "object" || unknown === null) return unknown === true;
	return Object.values(unknown).some(anyTrue);
}
