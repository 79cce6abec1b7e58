import type { HeardChange } from "./heardChange.ts";

/** Properties of any resource that no sum reads. */
const neverCounts = [
	/^tags\b/,
	/^etag$/,
	/^(identity|systemdata|managedby|sku\.(name|tier)|zones|location|kind)\b/,
	/^properties\.(etag|provisioningstate|resourceguid|uniqueid|timecreated)$/,
	/\.(etag|provisioningstate)$/,
	/\.tags\b/,
];

/** Of a scale set, only these count: how many nodes there are, and what a node uses. */
const scaleSetCounts = [
	/^sku\.capacity$/,
	/^properties\.virtualmachineprofile\.networkprofile\b/,
];

/**
 * Whether a change can change what a cluster needs or has. Tags, states and the settings of machines cannot. What the feed does
 * not tell may: it counts.
 */
export function matters({ type, kind, values }: HeardChange): boolean {
	if (kind !== "update") return true;
	if (values === null || values.length === 0) return true;
	const paths = values.map(({ path }) => path.toLowerCase());
	return type === "microsoft.compute/virtualmachinescalesets"
		? paths.some((path) => scaleSetCounts.some((one) => one.test(path)))
		: paths.some((path) => !neverCounts.some((one) => one.test(path)));
}
