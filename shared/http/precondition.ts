import { badRequest, Problem } from "./problem.ts";

/** Whether a write may go on, by the ETag of what is there. Null: nothing is there. */
export type Precondition = (etag: string | null) => boolean;

const tag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/**
 * `If-Match` and `If-None-Match` of a write (RFC 9110). Null where the caller asks for neither. A weak tag matches
 * nothing, since a write needs the very same.
 */
export function preconditionOf(headers: {
	get(name: string): string | null;
}): Precondition | null {
	const match = tagsOf(headers, "if-match");
	const noneMatch = tagsOf(headers, "if-none-match");
	if (match === null && noneMatch === null) return null;
	return (etag) =>
		(match === null || holds(match, etag)) &&
		(noneMatch === null || !holds(noneMatch, etag));
}

function tagsOf(
	headers: { get(name: string): string | null },
	name: string,
): readonly string[] | null {
	const text = headers.get(name)?.trim();
	if (text === undefined) return null;
	const tags = text.split(",").map((one) => one.trim());
	if (text !== "*" && !tags.every((one) => tag.test(one)))
		throw badRequest(
			name,
			`${name} is ${JSON.stringify(text)}; use * or ETags in quotation marks, as in "0123456789abcdef".`,
		);
	return tags;
}

function holds(tags: readonly string[], etag: string | null): boolean {
	return etag !== null && (tags.includes("*") || tags.includes(etag));
}

export function preconditionFailed(): Problem {
	return new Problem(
		412,
		"Precondition failed",
		"The acceptance has changed or is gone since you read it. Read it again, then decide.",
		"if-match",
	);
}
