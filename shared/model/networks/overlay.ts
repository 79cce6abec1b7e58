import type { NodeDemand } from "./demand.ts";
import { nodeAddress, nodeBlock } from "./nodeAddress.ts";

/** Azure CNI Overlay, whatever the dataplane: one address and one /24 of the pod CIDR a node. */
export function overlayDemands(): NodeDemand[] {
	return [nodeAddress, nodeBlock];
}
