import {
	internalLoadBalancer,
	outboundLoadBalancer,
} from "./builders/loadBalancer.ts";
import { managedCluster } from "./builders/managedCluster.ts";
import { privateEndpoint } from "./builders/privateEndpoint.ts";
import { type ClusterSpec, nodeResourceGroupOf } from "./clusterSpec.ts";
import { resourceId, type Scope, subnetId } from "./ids.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { managedNetwork, managedSubnets } from "./managedNetwork.ts";
import { eightDigits, hash32, hex32 } from "./naming.ts";
import { clusterNodes, type NodePlace } from "./nodes.ts";
import { frontendHolder, interfaceHolders } from "./otherResources.ts";
import type { RawResource } from "./rawResource.ts";

/**
 * All resources of one AKS cluster, consistent with each other: the cluster, its node resource group, and its own
 * network if AKS made it. The ledger then has what it uses in other networks, for whoever builds those.
 */
export function cluster(
	spec: ClusterSpec,
	ledger: Ledger = openLedger(),
): RawResource[] {
	const suffix = eightDigits(`${spec.subscription}/${spec.name}`);
	const named = { ...spec, resourceGroup: nodeResourceGroupOf(spec) };
	const place: NodePlace = {
		scope: { ...scopeOf(spec), resourceGroup: computeGroup(spec) },
		suffix,
		subnetOf: (pool) =>
			pool?.nodeSubnet ??
			spec.nodeSubnet ??
			subnetId(named, `aks-vnet-${suffix}`, managedSubnets.nodes),
	};

	const nodeResources = [
		...clusterNodes(spec, place, ledger),
		...balancers(spec, place, scopeOf(named), ledger),
		...privateApiServer(spec, place, scopeOf(named), ledger),
	];
	const network = spec.nodeSubnet
		? []
		: managedNetwork(spec, scopeOf(named), suffix, ledger);

	return spec.hiddenNodeResources
		? [managedCluster(spec)]
		: [managedCluster(spec), ...network, ...nodeResources];
}

/** The compute services write the node resource group as they please, not as the cluster has it. */
function computeGroup(spec: ClusterSpec): string {
	const group = nodeResourceGroupOf(spec);
	return [group, group.toLowerCase(), group.toUpperCase()][
		hash32(spec.name) % 3
	] as string;
}

function scopeOf({ subscription, resourceGroup }: Scope): Scope {
	return { subscription, resourceGroup };
}

function balancers(
	spec: ClusterSpec,
	place: NodePlace,
	scope: Scope,
	ledger: Ledger,
): RawResource[] {
	const { location } = spec;
	const tags = {
		"aks-managed-cluster-name": spec.name,
		"aks-managed-cluster-rg": spec.resourceGroup,
	};
	const frontend = (loadBalancer: string, name: string, subnet: string) => {
		ledger.hold(subnet, [frontendHolder(scope, loadBalancer, name)]);
		return { name, subnet, address: ledger.nextAddress(subnet) };
	};
	const services = Array.from({ length: spec.internalServices ?? 0 }, (_, at) =>
		frontend(
			"kubernetes-internal",
			`a${hex32(`${spec.name}/service/${at}`).slice(1)}`,
			place.subnetOf(spec.pools[0]),
		),
	);
	const apiServer = spec.apiServer
		? [
				frontend(
					"kube-apiserver",
					"kube-apiserver-frontend",
					spec.apiServer.subnet ??
						subnetId(
							scope,
							`aks-vnet-${place.suffix}`,
							managedSubnets.apiServer,
						),
				),
			]
		: [];

	return [
		outboundLoadBalancer({ scope, location, tags }),
		...[
			{ name: "kubernetes-internal", frontends: services },
			{ name: "kube-apiserver", frontends: apiServer },
		]
			.filter(({ frontends }) => frontends.length > 0)
			.map((one) => internalLoadBalancer({ ...one, scope, location, tags })),
	];
}

/** A private cluster's API server is reached by an endpoint in the subnet of the first pool. */
function privateApiServer(
	spec: ClusterSpec,
	place: NodePlace,
	scope: Scope,
	ledger: Ledger,
): RawResource[] {
	if (!spec.privateEndpoint) return [];
	const subnet = place.subnetOf(spec.pools[0]);
	const { endpoint, nic, configurations } = privateEndpoint({
		scope,
		name: "kube-apiserver",
		location: spec.location,
		subnet,
		addresses: [ledger.nextAddress(subnet)],
		target: resourceId(
			scope,
			"Microsoft.Network/privateLinkServices",
			"aks-api",
		),
	});

	ledger.addEndpoint(subnet, endpoint.id);
	ledger.hold(subnet, interfaceHolders(scope, nic.name, configurations));
	return [endpoint, nic];
}
