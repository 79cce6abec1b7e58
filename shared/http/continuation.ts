import { hash } from "../keys/hash.ts";
import { badRequest } from "./problem.ts";

export const wrongContinuation =
	"continuation is not from a page of this list; use the one of the page before.";

/** A page's continuation as callers get it: with another list, or other filters, it would go on amid something else. */
export function sealed(list: string, token: string | null): string | null {
	if (token === null) return null;
	const text = JSON.stringify([hash(list), token]);
	return Buffer.from(text).toString("base64url");
}

/** The storage's own token. Throws a Problem where no page of this list gave it. */
export function unsealed(list: string, text: string): string {
	const [key, token] = parts(text);
	if (key === hash(list) && typeof token === "string") return token;
	throw badRequest("continuation", wrongContinuation);
}

function parts(text: string): unknown[] {
	try {
		const value: unknown = JSON.parse(
			Buffer.from(text, "base64url").toString("utf8"),
		);
		return Array.isArray(value) ? value : [];
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		return [];
	}
}
