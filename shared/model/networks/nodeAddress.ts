import { exactly } from "../range.ts";
import type { NodeDemand } from "./demand.ts";

/** Where pods take no address of the node's subnet, a node takes its own alone. */
export const nodeAddress: NodeDemand = {
	kind: "subnet",
	units: exactly(1),
	source: "derived",
	reason: "the node's own",
};

/** A /24 of the pod CIDR, fixed whatever the max pods. */
export const nodeBlock: NodeDemand = {
	kind: "pod-range",
	units: exactly(1),
	source: "derived",
	reason: "a /24 per node",
};
