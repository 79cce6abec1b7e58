import type { NodeDraw } from "./draw.ts";
import { nodeAddress, nodeBlock } from "./nodeAddress.ts";

/** Azure CNI Overlay, whatever the dataplane: one address and one /24 of the pod range a node. */
export function overlayDraws(): NodeDraw[] {
	return [nodeAddress, nodeBlock];
}
