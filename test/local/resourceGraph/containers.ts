import {
	type ArmResource,
	resourceGroupType,
	subscriptionType,
} from "../../../local/resourceGraph/rows.ts";

/** A subscription for the table `resourcecontainers`. The management groups run from the nearest to the root. */
export function subscription(
	id: string,
	name: string,
	{
		managementGroups = [],
		state = "Enabled",
	}: { managementGroups?: readonly string[]; state?: string } = {},
): ArmResource {
	return {
		id: `/subscriptions/${id}`,
		name,
		type: subscriptionType,
		properties: {
			state,
			managementGroupAncestorsChain: managementGroups.map((group) => ({
				name: group,
				displayName: group,
			})),
		},
	};
}

export function resourceGroup(
	subscriptionId: string,
	name: string,
	location = "westeurope",
): ArmResource {
	return {
		id: `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
		name,
		type: resourceGroupType,
		location,
		properties: { provisioningState: "Succeeded" },
	};
}
