import type { TableName } from "./schema.ts";
import type { Row } from "./values.ts";

/** A resource, resource group or subscription as Azure Resource Manager writes it. */
export interface ArmResource {
	readonly id: string;
	readonly name?: unknown;
	readonly type?: unknown;
	readonly kind?: unknown;
	readonly location?: unknown;
	readonly managedBy?: unknown;
	readonly sku?: unknown;
	readonly plan?: unknown;
	readonly properties?: unknown;
	readonly tags?: unknown;
	readonly identity?: unknown;
	readonly zones?: unknown;
	readonly extendedLocation?: unknown;
	readonly tenantId?: unknown;
}

/**
 * The row that Resource Graph makes of a resource: type and resource group in lower case, the id as it is, absent
 * strings as "", absent objects as null.
 */
export function argRow(resource: ArmResource, tenantId = ""): Row {
	return {
		id: resource.id,
		name: stringOr(resource.name, ""),
		type: stringOr(resource.type, "").toLowerCase(),
		tenantId: stringOr(resource.tenantId, tenantId),
		kind: stringOr(resource.kind, ""),
		location: stringOr(resource.location, ""),
		resourceGroup: segmentAfter(resource.id, "resourcegroups").toLowerCase(),
		subscriptionId: segmentAfter(resource.id, "subscriptions"),
		managedBy: stringOr(resource.managedBy, ""),
		sku: resource.sku ?? null,
		plan: resource.plan ?? null,
		properties: resource.properties ?? null,
		tags: resource.tags ?? null,
		identity: resource.identity ?? null,
		zones: resource.zones ?? null,
		extendedLocation: resource.extendedLocation ?? null,
	};
}

export function tableOf(resource: ArmResource): TableName {
	const type = stringOr(resource.type, "").toLowerCase();
	if (type === changeType) return "resourcechanges";
	return containerTypes.has(type) ? "resourcecontainers" : "resources";
}

/** Lower-cased, so that ids of any casing meet. */
export function subscriptionOf(resource: ArmResource): string {
	return segmentAfter(resource.id, "subscriptions").toLowerCase();
}

export const subscriptionType = "Microsoft.Resources/subscriptions";
export const resourceGroupType =
	"Microsoft.Resources/subscriptions/resourceGroups";

/** What somebody did to a resource is a resource, too, in a table of its own. */
export const changeType = "microsoft.resources/changes";

const containerTypes: ReadonlySet<string> = new Set(
	[subscriptionType, resourceGroupType].map((type) => type.toLowerCase()),
);

function segmentAfter(
	id: string,
	segment: "subscriptions" | "resourcegroups",
): string {
	const segments = id.split("/");
	const at = segment === "subscriptions" ? 1 : 3;
	return segments[at]?.toLowerCase() === segment
		? (segments[at + 1] ?? "")
		: "";
}

function stringOr(value: unknown, fallback: string): string {
	return typeof value === "string" ? value : fallback;
}
