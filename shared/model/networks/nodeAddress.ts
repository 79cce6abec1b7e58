import { exactly } from "../range.ts";
import type { NodeDraw } from "./draw.ts";

/** Where pods take no address of the node's subnet, a node takes its own alone. */
export const nodeAddress: NodeDraw = {
	kind: "subnet",
	units: exactly(1),
	source: "derived",
	reason: "the node's own",
};

/** A /24 of the pod range, fixed whatever the max pods. */
export const nodeBlock: NodeDraw = {
	kind: "pod-range",
	units: exactly(1),
	source: "derived",
	reason: "a /24 a node",
};
