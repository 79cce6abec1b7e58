import * as v from "valibot";

/* The words of a field. The document takes them from the schema. */

/** A schema with what its value means. */
export function said<const S extends v.GenericSchema>(schema: S, text: string) {
	return v.pipe(schema, v.description<v.InferOutput<S>, string>(text));
}

/** A component with what it means here. Without the detour its fields would be repeated in place of a reference. */
export function part<const S extends v.GenericSchema>(schema: S, text: string) {
	return v.pipe(
		v.lazy(() => schema),
		v.description<v.InferOutput<S>, string>(text),
	);
}

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const whole = v.pipe(v.number(), v.integer());

export const time = said(
	v.pipe(v.string(), v.isoTimestamp()),
	"ISO 8601, in UTC.",
);

export const armId = said(v.string(), "An ARM ID in lower case.");

/** Where a list goes on. */
export const continuation = said(
	v.nullable(v.string()),
	"Pass it as the parameter `continuation`, with the same filters, for the next page. `null` is the end.",
);
