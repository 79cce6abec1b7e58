import { groupKey, parseArmId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import { allSubnets } from "./allSubnets.ts";
import { withInterface } from "./autoProvisionedNodes.ts";
import { unreadableCluster } from "./clusters.ts";
import type { Inventory, LostRows, Subnet } from "./facts.ts";
import { withPeerings } from "./networks.ts";
import { allOtherResources } from "./otherResources.ts";
import { type Answers, type QueryName, queries } from "./queries.ts";
import type { Answer, Read } from "./reader.ts";
import type { Query } from "./rows.ts";
import { withInterfaces } from "./scaleSets.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What was read of the tenant, with what is missing from it. */
export interface Gathered {
	readonly inventory: Inventory;
	/** Subscriptions that show resource groups: they have answered, with clusters or without. */
	readonly withResourceGroups: ReadonlySet<string>;
	readonly gaps: readonly Gap[];
}

/**
 * The queries in parts, in the order in which they are read: all of them would take longer than an activity may, where
 * the fleet is large.
 */
export const gatherParts = ["clusters", "nodes"] as const;
export type GatherPart = (typeof gatherParts)[number];

const partOf = {
	resourceGroups: "clusters",
	clusters: "clusters",
	subnets: "clusters",
	networks: "clusters",
	peerings: "clusters",
	routeTables: "clusters",
	scaleSets: "nodes",
	nodeConfigurations: "nodes",
	autoProvisionedNodes: "nodes",
	interfaces: "nodes",
	frontends: "nodes",
	otherScaleSets: "nodes",
} as const satisfies Record<QueryName, GatherPart>;

const queryNames = Object.keys(queries) as QueryName[];

/** The answer to each query, with the subnets of large networks. */
export type WholeAnswers = Omit<Answers, "subnets"> & {
	readonly subnets: Answer<Subnet>;
};

/**
 * Reads the queries of a part at once, and passes each answer on as soon as it is there. Rows are JSON: as objects,
 * those of a large fleet take three times the memory.
 */
export async function readPart(
	read: Read,
	part: GatherPart,
	keep: (name: QueryName, answer: Answer<string>) => Promise<void>,
): Promise<void> {
	await Promise.all(
		queryNames
			.filter((name) => partOf[name] === part)
			.map(async (name) => keep(name, await readAsJson(read, name))),
	);
}

async function readAsJson(
	read: Read,
	name: QueryName,
): Promise<Answer<string>> {
	if (name !== "subnets") return read(asJson<unknown>(queries[name]), {});
	const subnets = await allSubnets(read, await read(queries.subnets, {}));
	return { ...subnets, rows: subnets.rows.map((row) => JSON.stringify(row)) };
}

function asJson<T>(query: Query<T>): Query<string> {
	return { ...query, parse: (row) => JSON.stringify(query.parse(row)) };
}

/** The fixed, small number of fleet-wide queries. Nothing is asked per cluster. */
export async function gather(
	read: Read,
	subscriptions: Subscriptions,
): Promise<Gathered> {
	const answers: Partial<Record<QueryName, Answer<unknown>>> = {};
	for (const part of gatherParts)
		await readPart(read, part, async (name, answer) => {
			const rows = answer.rows.map((row): unknown => JSON.parse(row));
			answers[name] = { ...answer, rows };
		});
	return gatheredFrom(subscriptions, answers as WholeAnswers);
}

/** What the answers say together. */
export function gatheredFrom(
	subscriptions: Subscriptions,
	answers: WholeAnswers,
): Gathered {
	const { subnets } = answers;
	const networks = withPeerings(answers.networks.rows, answers.peerings);
	const checked = { ...answers, peerings: networks };
	return {
		inventory: {
			lost: lostRows(subscriptions, checked),
			subscriptions: new Set(subscriptions.ids),
			clusters: answers.clusters.rows,
			unreadableClusters: answers.clusters.unreadable.map(unreadableCluster),
			subnets: subnets.rows,
			networks: networks.rows,
			scaleSets: withInterfaces(
				answers.scaleSets.rows,
				answers.nodeConfigurations,
			),
			unreadableGroups: unreadableGroups(answers),
			routeTables: answers.routeTables.rows,
			autoProvisionedNodes: withInterface(
				answers.autoProvisionedNodes.rows,
				answers.nodeConfigurations.rows,
			),
			otherResources: allOtherResources(answers),
			listed: new Map(),
			listedRoutes: new Map(),
			unlisted: new Set(),
		},
		withResourceGroups: new Set(answers.resourceGroups.rows),
		gaps: [subscriptions, ...queryNames.map((name) => checked[name])].flatMap(
			({ gaps }) => gaps,
		),
	};
}

function lostRows(
	subscriptions: Subscriptions,
	answers: Readonly<Record<QueryName, Answer<unknown>>>,
): LostRows {
	const lost = Object.entries(answers).map(([name, { lost }]) => [name, lost]);
	return {
		...(Object.fromEntries(lost) as Record<QueryName, number | null>),
		subscriptions: subscriptions.lost,
	};
}

/** Resource groups of rows that could not be read: the cluster that needs them is not evaluated. */
export function unreadableGroups({
	scaleSets,
	autoProvisionedNodes,
}: {
	readonly scaleSets: Pick<Answers["scaleSets"], "unreadable">;
	readonly autoProvisionedNodes: Pick<
		Answers["autoProvisionedNodes"],
		"unreadable"
	>;
}): Map<string, string> {
	const rows = [...scaleSets.unreadable, ...autoProvisionedNodes.unreadable];
	return new Map(
		rows.flatMap(({ id, reason }) => {
			const parts = parseArmId(id);
			return parts === null
				? []
				: [
						[
							groupKey(parts.subscription, parts.resourceGroup),
							`row of ${parts.name} could not be read: ${reason}`,
						] as const,
					];
		}),
	);
}
