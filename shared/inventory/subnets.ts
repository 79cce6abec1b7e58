import * as v from "valibot";
import type { Subnet } from "./facts.ts";
import {
	anything,
	byId,
	checkedPrefix,
	count,
	countOrNull,
	idOrNull,
	type Query,
	quotedIds,
	requiredId,
	rowParser,
	text,
} from "./rows.ts";

/** A subnet as its network's row shows it, or a network without any. */
export interface SubnetRow {
	readonly network: string;
	/** How many subnets the network says it has. */
	readonly ofNetwork: number;
	readonly subnet: Subnet | null;
}

/** The most rows that one network is expanded to. A network with more is read again whole. */
export const expandLimit = 1024;

const subnetRow = rowParser(
	v.object({
		id: requiredId,
		subnetId: idOrNull,
		subnetCount: v.nullish(count, 0),
		prefix: text,
		prefixes: v.nullish(v.array(v.string()), []),
		ipConfigurations: countOrNull,
		routeTable: idOrNull,
		links: anything,
	}),
);

/**
 * `addressPrefix` and `addressPrefixes` are mixed within one network. IP configurations are counted, since 250 a row
 * would break a page.
 */
export const subnetsQuery: Query<SubnetRow> = {
	name: "subnets",
	of: "subnets",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| extend subnetCount = array_length(properties.subnets)
| mv-expand subnet = properties.subnets limit ${expandLimit}
| project id,
  subnetId = tostring(subnet.id),
  subnetCount,
  prefix = tostring(subnet.properties.addressPrefix),
  prefixes = subnet.properties.addressPrefixes,
  ipConfigurations = array_length(subnet.properties.ipConfigurations),
  routeTable = tostring(subnet.properties.routeTable.id),
  links = subnet.properties.serviceAssociationLinks
| order by id asc, subnetId asc`,
	key: (row) => `${byId(row)}\n${String(row.subnetId).toLowerCase()}`,
	parse: (row) => {
		const parsed = subnetRow(row);
		return {
			network: parsed.id,
			ofNetwork: parsed.subnetCount,
			subnet: parsed.subnetId === null ? null : subnet(parsed, parsed.subnetId),
		};
	},
};

const wholeNetworkRow = rowParser(
	v.object({
		id: requiredId,
		subnets: v.array(
			v.object({
				id: requiredId,
				properties: v.object({
					addressPrefix: text,
					addressPrefixes: v.nullish(v.array(v.string()), []),
					ipConfigurations: v.nullish(v.array(v.unknown())),
					routeTable: v.nullish(v.object({ id: idOrNull })),
					serviceAssociationLinks: anything,
				}),
			}),
		),
	}),
);

/** One network's subnets unexpanded, for the few with more than `expandLimit`. */
export function wholeNetworkQuery(network: string): Query<readonly Subnet[]> {
	return {
		name: "network-subnets",
		of: `subnets of ${network}`,
		required: false,
		kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| where id =~ ${quotedIds([network])}
| project id, subnets = properties.subnets
| order by id asc`,
		key: byId,
		parse: (row) =>
			wholeNetworkRow(row).subnets.map(({ id, properties }) =>
				subnet(
					{
						prefix: properties.addressPrefix,
						prefixes: properties.addressPrefixes,
						ipConfigurations: properties.ipConfigurations?.length ?? null,
						routeTable: properties.routeTable?.id ?? null,
						links: properties.serviceAssociationLinks,
					},
					id,
				),
			),
	};
}

function subnet(
	row: {
		readonly prefix: string;
		readonly prefixes: readonly string[];
		readonly ipConfigurations: number | null;
		readonly routeTable: string | null;
		readonly links?: unknown;
	},
	id: string,
): Subnet {
	const listed = present(row.prefixes);
	const prefixes = listed.length > 0 ? listed : present([row.prefix]);
	return {
		id,
		prefixes: prefixes.map((prefix) => checkedPrefix("addressPrefix", prefix)),
		ipConfigurations: row.ipConfigurations,
		routeTable: row.routeTable,
		linkedClusters: linkedClusters(row.links),
	};
}

/** A subnet that still waits for its prefix from IPAM has an empty one, or none. */
function present(prefixes: readonly string[]): string[] {
	return prefixes.map((prefix) => prefix.trim()).filter(Boolean);
}

/** A link's target is in its properties, in some crawls beside them. Other services' links are none of ours. */
function linkedClusters(links: unknown): string[] {
	if (!Array.isArray(links)) return [];
	const targets = links.flatMap((link) => {
		const target =
			field(field(link, "properties"), "link") ?? field(link, "link");
		return typeof target === "string" ? [target.trim().toLowerCase()] : [];
	});
	return [...new Set(targets.filter(isCluster))];
}

function isCluster(id: string): boolean {
	return /\/providers\/microsoft\.containerservice\/managedclusters\/[^/]+$/.test(
		id,
	);
}

function field(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null
		? Reflect.get(value, name)
		: undefined;
}
