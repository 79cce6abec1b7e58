import { createHash } from "node:crypto";

/** A finding's id: the first 32 hex digits of SHA-256 over rule, cluster and budget id, joined by a line feed. */
export function findingId(
	rule: string,
	cluster: string,
	budget: string | null,
): string {
	return hash([rule, cluster, budget ?? ""].join("\n"));
}

/** 32 hex digits that stand for a text in keys, which may hold neither slashes nor more than 1 KiB. */
export function hash(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
