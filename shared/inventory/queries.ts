import { autoProvisionedNodesQuery } from "./autoProvisionedNodes.ts";
import { clustersQuery } from "./clusters.ts";
import { networksQuery, peeringsQuery } from "./networks.ts";
import { nodeConfigurationsQuery } from "./nodeConfigurations.ts";
import {
	frontendsQuery,
	interfacesQuery,
	otherScaleSetsQuery,
} from "./otherResources.ts";
import type { Answer } from "./reader.ts";
import { routeTablesQuery } from "./routeTables.ts";
import type { Query } from "./rows.ts";
import { scaleSetsQuery } from "./scaleSets.ts";
import { subnetsQuery } from "./subnets.ts";
import { resourceGroupsQuery } from "./subscriptions.ts";

/**
 * Every query that an audit asks of the whole fleet. A new one is its file and its line here: it is asked, and its gaps and
 * lost rows are kept by its name. Gaps are listed in this order.
 */
export const queries = {
	resourceGroups: resourceGroupsQuery,
	clusters: clustersQuery,
	subnets: subnetsQuery,
	networks: networksQuery,
	peerings: peeringsQuery,
	scaleSets: scaleSetsQuery,
	nodeConfigurations: nodeConfigurationsQuery,
	routeTables: routeTablesQuery,
	autoProvisionedNodes: autoProvisionedNodesQuery,
	interfaces: interfacesQuery,
	frontends: frontendsQuery,
	otherScaleSets: otherScaleSetsQuery,
} as const satisfies Record<string, Query<unknown>>;

type Queries = typeof queries;
export type QueryName = keyof Queries;

type RowOf<Q> = Q extends Query<infer Row> ? Row : never;

/** The answer to each query, with rows of the type that it parses them to. */
export type Answers = {
	readonly [Name in QueryName]: Answer<RowOf<Queries[Name]>>;
};
