import type { NodeDemand } from "./demand.ts";
import { nodeAddress } from "./nodeAddress.ts";

/** Bring your own CNI: AKS gives the nodes their addresses and knows nothing of the pods. */
export function byoCniDemands(): NodeDemand[] {
	return [nodeAddress];
}
