import { hash } from "../keys/hash.ts";

/** A short hash: IDs of changes are long, and there can be thousands. */
export function keyOf(id: string): string {
	return hash(id).slice(0, 16);
}
