import type { NodeDemand } from "./demand.ts";
import { nodeAddress } from "./nodeAddress.ts";

/** Bring your own CNI: AKS allocates the nodes' IPs and knows nothing of the pods. */
export function byoCniDemands(): NodeDemand[] {
	return [nodeAddress];
}
