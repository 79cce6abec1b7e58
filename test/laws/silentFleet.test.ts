import { expect, it } from "vitest";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import { scenarioNames } from "../../shared/contract.ts";
import type { Morning } from "../cases/nights.ts";
import { tenantsFor } from "../cases/tenants.ts";

/*
 * A fleet of one cluster a subscription, each with a node subnet and a pod subnet in a hub network. One subscription is
 * silent from the first night: nothing of it was ever seen. Another falls silent later. Its cluster has pools in the
 * pod subnets of three neighbors. SILENT_SUBSCRIPTIONS and SILENT_NIGHTS make it larger: 200 and 30 by hand.
 */
const fleetSize = Number(process.env.SILENT_SUBSCRIPTIONS ?? 12);
const nights = Number(process.env.SILENT_NIGHTS ?? 3);

const never = 3;
const later = 7;
const guests = [8, 9, 10];

const openTenant = tenantsFor();

it(`changes nothing but what it was seen to use, in ${fleetSize} subscriptions over ${nights} nights`, async () => {
	const resources = fleet();
	const tenant = await openTenant();
	const control = await openTenant();
	const expected = await verdicts(
		await control.play({ resources: withoutClusterOf(never) }),
		[never],
	);
	for (let night = 1; night <= nights; night++) {
		const morning = await tenant.play({
			resources,
			dropSubscriptions: [subscriptionId(never)],
		});
		expect(morning.failure).toBeNull();
		expect(await verdicts(morning, [never])).toEqual(expected);
	}

	const silenced = await tenant.play({
		resources,
		dropSubscriptions: [subscriptionId(never), subscriptionId(later)],
	});
	const changed = [...(await verdicts(silenced, [never, later]))]
		.filter(([key, said]) => said !== expected.get(key))
		.map(([key, said]) => `${key}: ${said}`)
		.sort();
	expect(changed).toEqual(
		guests
			.map(
				(guest) =>
					`c${guest} pod-subnet pods-${guest}: unknown unknown unknown unknown`,
			)
			.sort(),
	);
	expect(silenced.audit.changes.resolved).toBe(0);
	expect(silenced.audit.changes.eased).toBe(0);
}, 900_000);

/** `cluster kind budget` with the verdicts of the four scenarios. */
async function verdicts(
	morning: Morning,
	silent: readonly number[],
): Promise<Map<string, string>> {
	const all = new Map<string, string>();
	for (let index = 0; index < fleetSize; index++) {
		if (silent.includes(index)) continue;
		const capacity = await morning.capacityById(clusterId(index).toLowerCase());
		for (const { id, kind, scenarios } of capacity?.budgets ?? [])
			all.set(
				`c${index} ${kind} ${id.split("/").at(-1)}`,
				scenarioNames.map((name) => scenarios[name].verdict).join(" "),
			);
	}
	return all;
}

function fleet(): ArmResource[] {
	return [
		subscription(hub),
		network(),
		...Array.from({ length: fleetSize }, (_, index) => [
			subscription(subscriptionId(index)),
			group(subscriptionId(index), "rg-aks"),
			cluster(index),
			...pools(index).map((pool) => scaleSet(index, pool)),
		]).flat(),
	];
}

/** As it looks to who cannot read the subscription. */
function withoutClusterOf(index: number): ArmResource[] {
	const own = `/subscriptions/${subscriptionId(index)}`;
	return fleet().filter(({ id }) => id === own || !id.startsWith(`${own}/`));
}

const hub = "00000000-0000-4000-8000-00000000ffff";

function subscriptionId(index: number): string {
	return `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
}

function clusterId(index: number): string {
	return `/subscriptions/${subscriptionId(index)}/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/c${index}`;
}

const networkId = `/subscriptions/${hub}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-hub`;

function subnetId(name: string): string {
	return `${networkId}/subnets/${name}`;
}

interface Pool {
	readonly name: string;
	readonly pods: number;
}

/** Two nodes a pool. The one that falls silent later has a pool in the pod subnets of three neighbors. */
function pools(index: number): Pool[] {
	const own = { name: "system", pods: index };
	return index === later
		? [own, ...guests.map((pods) => ({ name: `guest${pods}`, pods }))]
		: [own];
}

function subscription(id: string): ArmResource {
	return {
		id: `/subscriptions/${id}`,
		name: id,
		type: "Microsoft.Resources/subscriptions",
		subscriptionId: id,
	} as ArmResource;
}

function group(subscription: string, name: string): ArmResource {
	return {
		id: `/subscriptions/${subscription}/resourceGroups/${name}`,
		name,
		type: "Microsoft.Resources/subscriptions/resourceGroups",
	} as ArmResource;
}

function cluster(index: number): ArmResource {
	return {
		id: clusterId(index),
		name: `c${index}`,
		type: "Microsoft.ContainerService/ManagedClusters",
		location: "westeurope",
		properties: {
			provisioningState: "Succeeded",
			powerState: { code: "Running" },
			kubernetesVersion: "1.33.2",
			nodeResourceGroup: `MC_c${index}`,
			networkProfile: {
				networkPlugin: "azure",
				serviceCidr: "172.20.0.0/16",
			},
			agentPoolProfiles: pools(index).map(({ name, pods }) => ({
				name,
				mode: "System",
				type: "VirtualMachineScaleSets",
				count: 2,
				maxPods: 110,
				vnetSubnetID: subnetId(`nodes-${index}`),
				podSubnetID: subnetId(`pods-${pods}`),
				upgradeSettings: { maxSurge: "1" },
			})),
		},
	} as ArmResource;
}

function scaleSet(index: number, { name }: Pool): ArmResource {
	return {
		id: `/subscriptions/${subscriptionId(index)}/resourceGroups/MC_c${index}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${name}-12345678-vmss`,
		name: `aks-${name}-12345678-vmss`,
		type: "Microsoft.Compute/virtualMachineScaleSets",
		location: "westeurope",
		tags: { "aks-managed-poolName": name },
		sku: { name: "Standard_D4s_v5", capacity: 2 },
		properties: {
			virtualMachineProfile: {
				networkProfile: {
					networkInterfaceConfigurations: [
						{
							name: "nic",
							properties: {
								primary: true,
								ipConfigurations: [
									{
										name: "ipconfig1",
										properties: {
											primary: true,
											privateIPAddressVersion: "IPv4",
											subnet: { id: subnetId(`nodes-${index}`) },
										},
									},
								],
							},
						},
					],
				},
			},
		},
	} as ArmResource;
}

/** Pod subnets of /25: 123 addresses for 2 nodes and their surge, 48 to 51, or for 4 nodes where the guest is, 80 to 85. */
function network(): ArmResource {
	const subnets = Array.from({ length: fleetSize }, (_, index) => [
		{
			id: subnetId(`nodes-${index}`),
			name: `nodes-${index}`,
			properties: {
				addressPrefix: `10.${Math.floor(index / 256)}.${index % 256}.0/28`,
				ipConfigurations: pools(index).flatMap(({ name }) =>
					[0, 1].map((instance) => ({
						id: `/subscriptions/${subscriptionId(index)}/resourceGroups/MC_c${index}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${name}-12345678-vmss/virtualMachines/${instance}/networkInterfaces/aks-${name}-12345678-vmss/ipConfigurations/ipconfig1`,
					})),
				),
			},
		},
		{
			id: subnetId(`pods-${index}`),
			name: `pods-${index}`,
			properties: {
				addressPrefix: `10.${16 + Math.floor(index / 256)}.${index % 256}.0/25`,
				delegations: [
					{
						name: "aks-delegation",
						properties: {
							serviceName: "Microsoft.ContainerService/managedClusters",
						},
					},
				],
			},
		},
	]).flat();
	return {
		id: networkId,
		name: "vnet-hub",
		type: "Microsoft.Network/virtualNetworks",
		location: "westeurope",
		properties: {
			addressSpace: { addressPrefixes: ["10.0.0.0/8"] },
			subnets,
			virtualNetworkPeerings: [],
		},
	} as ArmResource;
}
