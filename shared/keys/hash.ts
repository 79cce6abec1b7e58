import { createHash } from "node:crypto";

/** 32 hex digits that replace a text in keys, which allow neither slashes nor more than 1 KiB. */
export function hash(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
