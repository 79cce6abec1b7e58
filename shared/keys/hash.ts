import { createHash } from "node:crypto";

/** 32 hex digits that stand for a text in keys, which may hold neither slashes nor more than 1 KiB. */
export function hash(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
