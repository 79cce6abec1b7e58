import { routeTableId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import { optional, type RawResource } from "../rawResource.ts";

export interface Route {
	readonly name: string;
	readonly prefix: string;
	/** Absent: dropped or sent to the internet, as custom routes may be. */
	readonly nextHop?: string;
}

/**
 * The route that kubenet writes for a node: named by the node and, without its dots and slash, the node's part of the
 * pod CIDR.
 */
export function nodeRoute(
	node: string,
	prefix: string,
	nextHop: string,
): Route {
	return { name: `${node}____${prefix.replace(/[./]/g, "")}`, prefix, nextHop };
}

export function customRoute(index: number): Route {
	return {
		name: `udr-onprem-${String(index + 1).padStart(2, "0")}`,
		prefix: `172.20.${index}.0/24`,
		nextHop: "10.0.0.68",
	};
}

export function routeTable(fields: {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly routes: readonly Route[];
	readonly subnets: readonly string[];
}): RawResource {
	const id = routeTableId(fields.scope, fields.name);
	const etag = `W/"${guid(id)}"`;

	return {
		id,
		name: fields.name,
		type: "Microsoft.Network/routeTables",
		location: fields.location,
		tags: {},
		properties: {
			provisioningState: "Succeeded",
			resourceGuid: guid(id),
			disableBgpRoutePropagation: false,
			routes: fields.routes.map((route) => ({
				name: route.name,
				id: `${id}/routes/${route.name}`,
				etag,
				properties: {
					provisioningState: "Succeeded",
					addressPrefix: route.prefix,
					nextHopType: route.nextHop ? "VirtualAppliance" : "None",
					...optional("nextHopIpAddress", route.nextHop),
				},
				type: "Microsoft.Network/routeTables/routes",
			})),
			subnets: fields.subnets.map((subnet) => ({ id: subnet })),
		},
	};
}
