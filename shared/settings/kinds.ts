import * as v from "valibot";
import { quoted } from "./environment.ts";

/** How the text of a setting is read. */
export interface Kind<T> {
	/** What is accepted, for the README and for errors: "use a whole number from 1 to 365". */
	readonly accepted: string;
	/** Its messages continue the setting's name and end with a full stop. */
	readonly schema: v.GenericSchema<string, T>;
}

/** For what somebody else reads, such as the Functions host. */
export function anyText(accepted: string): Kind<string> {
	return { accepted, schema: v.string() };
}

export function wholeNumber(least: number, most: number): Kind<number> {
	return checked(
		`a whole number from ${least} to ${most}`,
		(given) =>
			/^\d{1,9}$/.test(given) &&
			Number(given) >= least &&
			Number(given) <= most,
		Number,
	);
}

/** Hours can be parts of one: half an hour is long enough for a small fleet. */
export function hours(most: number): Kind<number> {
	return checked(
		`a number of hours above 0 and up to ${most}`,
		(given) =>
			/^\d{1,3}(\.\d{1,6})?$/.test(given) &&
			Number(given) > 0 &&
			Number(given) <= most,
		Number,
	);
}

/** Minutes can be parts of one, so that a test fleet can hurry. */
export function minutes(least: number, most: number): Kind<number> {
	return checked(
		`a number of minutes from ${least} to ${most}`,
		(given) =>
			/^\d{1,4}(\.\d{1,6})?$/.test(given) &&
			Number(given) >= least &&
			Number(given) <= most,
		Number,
	);
}

/** One of a few words, in any case. */
export function oneOf<const T extends string>(words: readonly T[]): Kind<T> {
	const accepted = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
	return {
		accepted,
		schema: v.pipe(
			v.string(),
			v.toLowerCase(),
			v.picklist(words, ({ input }) => useInstead(String(input), accepted)),
		),
	};
}

/** Items between commas, without repeated ones. Commas alone are wrong: they must not pass for "all". */
export function listOf({
	accepted,
	item,
	accepts,
	read = (given) => given,
}: {
	readonly accepted: string;
	/** What one item is: "a subscription ID (a GUID)". */
	readonly item: string;
	readonly accepts: (given: string) => boolean;
	readonly read?: (given: string) => string;
}): Kind<string[]> {
	return {
		accepted,
		schema: v.pipe(
			v.string(),
			v.check(
				(given) => given === "" || itemsOf(given).length > 0,
				({ input }) => useInstead(input, accepted),
			),
			v.transform(itemsOf),
			v.array(
				v.pipe(
					v.string(),
					v.check(
						accepts,
						({ input }) => `has ${quoted(input)}, which is not ${item}.`,
					),
					v.transform(read),
				),
			),
			v.transform((items) => [...new Set(items)]),
		),
	};
}

export function checked<T>(
	accepted: string,
	accepts: (given: string) => boolean,
	read: (given: string) => T,
): Kind<T> {
	return {
		accepted,
		schema: v.pipe(
			v.string(),
			v.check(accepts, ({ input }) => useInstead(input, accepted)),
			v.transform(read),
		),
	};
}

/** A value that a function reads: it returns the value, or says in `wrong` what is wrong with it. */
export function readBy<T>(
	accepted: string,
	read: (given: string) => { readonly value: T } | { readonly wrong: string },
): Kind<T> {
	return {
		accepted,
		schema: v.pipe(
			v.string(),
			v.rawTransform(({ dataset, addIssue, NEVER }) => {
				const outcome = read(dataset.value);
				if ("value" in outcome) return outcome.value;
				addIssue({ message: outcome.wrong });
				return NEVER;
			}),
		),
	};
}

function itemsOf(given: string): string[] {
	return given
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

function useInstead(given: string, accepted: string): string {
	const isNumber = /^-?\d{1,20}(\.\d{1,20})?$/.test(given);
	return `is ${isNumber ? given : quoted(given)}; use ${accepted}.`;
}
