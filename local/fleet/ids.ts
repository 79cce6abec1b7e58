/** The subscription and resource group of a resource. */
export interface Scope {
	/** The subscription's id. */
	readonly subscription: string;
	readonly resourceGroup: string;
}

export function resourceId(scope: Scope, type: string, name: string): string {
	return `/subscriptions/${scope.subscription}/resourceGroups/${scope.resourceGroup}/providers/${type}/${name}`;
}

/** AKS alone writes `resourcegroups` in lower case into its own ids. */
export function clusterId(scope: Scope, name: string): string {
	return `/subscriptions/${scope.subscription}/resourcegroups/${scope.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

export function networkId(scope: Scope, name: string): string {
	return resourceId(scope, "Microsoft.Network/virtualNetworks", name);
}

export function subnetId(scope: Scope, network: string, name: string): string {
	return `${networkId(scope, network)}/subnets/${name}`;
}

export function routeTableId(scope: Scope, name: string): string {
	return resourceId(scope, "Microsoft.Network/routeTables", name);
}
