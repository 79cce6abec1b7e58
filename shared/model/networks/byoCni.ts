import type { NodeDraw } from "./draw.ts";
import { nodeAddress } from "./nodeAddress.ts";

/** Bring your own CNI: AKS gives the nodes their addresses and knows nothing of the pods. */
export function byoCniDraws(): NodeDraw[] {
	return [nodeAddress];
}
