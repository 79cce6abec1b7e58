import { guid } from "../naming.ts";
import type { RawResource } from "../rawResource.ts";

/** A subscription by its name, as the table `resourcecontainers` has it. */
export function subscription(id: string, name: string): RawResource {
	return {
		id: `/subscriptions/${id}`,
		name,
		type: "microsoft.resources/subscriptions",
		tags: { owner: "cloud-platform" },
		properties: {
			state: "Enabled",
			subscriptionPolicies: {
				spendingLimit: "Off",
				quotaId: "EnterpriseAgreement_2014-09-01",
				locationPlacementId: "Public_2014-09-01",
			},
			managementGroupAncestorsChain: [
				{ name: "mg-landing-zones", displayName: "Landing zones" },
				{ name: guid("tenant"), displayName: "Tenant Root Group" },
			],
			managedByTenants: [],
		},
	};
}

export function resourceGroup(
	subscriptionId: string,
	name: string,
	location: string,
	managedBy?: string,
): RawResource {
	return {
		id: `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
		name,
		type: "microsoft.resources/subscriptions/resourcegroups",
		location,
		...(managedBy === undefined ? {} : { managedBy }),
		tags: {},
		properties: { provisioningState: "Succeeded" },
	};
}
