import type { QueryName } from "./queries.ts";

const clusters = "Microsoft.ContainerService/managedClusters/read";
const resourceGroups = "Microsoft.Resources/subscriptions/resourceGroups/read";
const scaleSets = "Microsoft.Compute/virtualMachineScaleSets/read";
const networks = [
	"Microsoft.Network/virtualNetworks/read",
	"Microsoft.Network/virtualNetworks/subnets/read",
];
const interfaces = "Microsoft.Network/networkInterfaces/read";
const routeTables = "Microsoft.Network/routeTables/read";

/**
 * What the identity must be allowed to read, by query: Resource Graph shows the rows of types that it may read, and
 * leaves the others out without a word. The custom role and docs/deploy.md are made of this table by `npm run docs`.
 */
export const readActions = {
	/** Every query goes to Resource Graph. */
	resourceGraph: ["Microsoft.ResourceGraph/resources/read"],
	subscriptions: ["Microsoft.Resources/subscriptions/read"],
	resourceGroups: [resourceGroups],
	clusters: [clusters],
	subnets: networks,
	networks,
	peerings: networks,
	scaleSets: [scaleSets],
	nodeConfigurations: [scaleSets, interfaces],
	routeTables: [routeTables],
	autoProvisionedNodes: [interfaces],
	interfaces: [interfaces],
	frontends: [
		"Microsoft.Network/loadBalancers/read",
		"Microsoft.Network/privateLinkServices/read",
	],
	otherScaleSets: [scaleSets],
	/** Of the change feed. */
	changes: ["Microsoft.Resources/changes/read"],
} as const satisfies Readonly<
	Record<
		QueryName | "resourceGraph" | "subscriptions" | "changes",
		readonly string[]
	>
>;

/** Only in a role at a management group: AUDIT_MANAGEMENT_GROUPS names it. */
export const managementGroupActions: readonly string[] = [
	"Microsoft.Management/managementGroups/read",
];

/** Every action once, in order. */
export const roleActions: readonly string[] = [
	...new Set(Object.values(readActions).flat()),
].sort();
