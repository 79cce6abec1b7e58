import { hash } from "../keys/hash.ts";

/** A finding's id: the first 32 hex digits of SHA-256 over rule, cluster and budget id, joined by a line feed. */
export function findingId(
	rule: string,
	cluster: string,
	budget: string | null,
): string {
	return hash([rule, cluster, budget ?? ""].join("\n"));
}
