import type {
	FleetSpec,
	NetworkSpec,
	OtherResourceSpec,
	RouteTableSpec,
	SubnetSpec,
	SubscriptionSpec,
} from "../fleet.ts";
import { routeTableId, type Scope, subnetId } from "../ids.ts";
import { guid } from "../naming.ts";
import { addressPlan } from "./addressPlan.ts";
import type { Dice } from "./dice.ts";
import { regions } from "./shares.ts";

/** A subscription with one network, into which subnets are put as clusters need them. */
export interface Estate {
	readonly subscription: SubscriptionSpec;
	readonly location: keyof typeof regions;
	/** Returns the subnet's id. */
	readonly addSubnet: (
		name: string,
		length: number,
		more?: Partial<SubnetSpec>,
	) => string;
	readonly addRouteTable: (name: string, customRoutes: number) => string;
	readonly addOtherResources: (subnet: string, count: number) => void;
	readonly parts: () => Pick<
		FleetSpec,
		"networks" | "routeTables" | "otherResources"
	>;
}

export function planEstate(index: number, dice: Dice): Estate {
	const name = `lz-${String(index + 1).padStart(4, "0")}`;
	const subscription = { id: guid(`subscription/${name}`), name };
	const location = dice.pick(Object.keys(regions) as [keyof typeof regions]);
	const scope: Scope = {
		subscription: subscription.id,
		resourceGroup: `rg-${name}-network`,
	};
	const network = `vnet-${name}-${regions[location]}`;
	// Neither the service CIDR (10.0.0.0/16) nor managed networks (10.224.0.0/12) nor the pods' range (10.244.0.0/16) are
	// in it.
	const space = `10.${16 + (index % 13) * 16}.0.0/12`;
	const cut = addressPlan(space);

	const subnets: SubnetSpec[] = [];
	const routeTables: RouteTableSpec[] = [];
	const otherResources: OtherResourceSpec[] = [];
	const networks = (): NetworkSpec[] =>
		subnets.length === 0
			? []
			: [{ scope, name: network, location, addressSpace: [space], subnets }];

	return {
		subscription,
		location,
		addSubnet: (subnet, length, more = {}) => {
			const listForm = dice.chance(0.2);
			subnets.push({
				name: subnet,
				prefixes: [cut(length)],
				listForm,
				...more,
			});
			return subnetId(scope, network, subnet);
		},
		addRouteTable: (table, customRoutes) => {
			routeTables.push({ scope, name: table, location, customRoutes });
			return routeTableId(scope, table);
		},
		addOtherResources: (subnet, count) => {
			for (let at = 0; at < count; at++)
				otherResources.push({
					kind: dice.chance(0.6) ? "private-endpoint" : "machine",
					scope,
					name: `${subnet.split("/").at(-1)}-guest-${at + 1}`,
					location,
					subnet,
				});
		},
		parts: () => ({ networks: networks(), routeTables, otherResources }),
	};
}
