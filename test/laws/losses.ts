import fc from "fast-check";
import type { FaultPlan } from "../../local/resourceGraph/faults.ts";
import type { Night, Row } from "../cases/nights.ts";
import { type BuiltCluster, subscriptionIds, type World } from "./world.ts";

/** What one night loses. Queries, pages, rows and columns are meant by turns: of those that the first night had. */
type Loss =
	| { readonly kind: "silent"; readonly subscription: number }
	| { readonly kind: "unlisted"; readonly subscription: number }
	| { readonly kind: "denied-network"; readonly network: number }
	| {
			readonly kind: "page";
			readonly query: number;
			readonly page: number;
			readonly pageSize: number;
	  }
	| {
			readonly kind: "row";
			readonly query: number;
			readonly row: number;
			readonly column: number;
	  }
	| { readonly kind: "query"; readonly query: number };

export const losses: fc.Arbitrary<Loss> = fc.oneof(
	fc.record({
		kind: fc.constant("silent" as const),
		subscription: fc.nat(2),
	}),
	fc.record({
		kind: fc.constant("unlisted" as const),
		subscription: fc.nat(2),
	}),
	fc.record({
		kind: fc.constant("denied-network" as const),
		network: fc.nat(2),
	}),
	fc.record({
		kind: fc.constant("page" as const),
		query: fc.nat(11),
		page: fc.nat(5),
		pageSize: fc.integer({ min: 1, max: 3 }),
	}),
	fc.record({
		kind: fc.constant("row" as const),
		query: fc.nat(11),
		row: fc.nat(20),
		column: fc.nat(15),
	}),
	fc.record({ kind: fc.constant("query" as const), query: fc.nat(11) }),
);

/** The rows of each query of a night, in the order in which they arrived. */
type Seen = Map<string, Row[]>;

export function recording(night: Night): { night: Night; seen: Seen } {
	const seen: Seen = new Map();
	return {
		seen,
		night: {
			...night,
			onRows: (kql, rows) => {
				seen.set(kql, [...(seen.get(kql) ?? []), ...rows]);
			},
		},
	};
}

/** A night with the loss, what it lost in few words, and whom that concerns. */
export interface LostNight {
	readonly night: Night;
	readonly words: string;
	readonly touched: Touched;
	/** Clusters or subscriptions cannot be read at all: the audit may fail. */
	readonly mayFail: boolean;
}

/** Clusters that the loss concerns, with all that they use, and other resources by id. */
export interface Touched {
	readonly clusters: ReadonlySet<BuiltCluster>;
	readonly resources: ReadonlySet<string>;
}

export function lostNight(
	world: World,
	resources: Night["resources"],
	loss: Loss,
	seen: Seen,
): LostNight {
	switch (loss.kind) {
		case "silent":
		case "unlisted":
			return lostSubscription(world, resources, loss);
		case "denied-network":
			return deniedNetwork(world, resources, loss.network);
		case "page":
			return lostPage(world, resources, loss, seen);
		case "row":
			return brokenRow(world, resources, loss, seen);
		case "query":
			return failedQuery(world, resources, loss.query, seen);
	}
}

function lostSubscription(
	world: World,
	resources: Night["resources"],
	loss: Extract<Loss, { kind: "silent" | "unlisted" }>,
): LostNight {
	const lost = subscriptionIds[loss.subscription] ?? "";
	const of = (id: string) => id.toLowerCase().split("/")[2] === lost;
	return {
		night:
			loss.kind === "silent"
				? { resources, dropSubscriptions: [lost] }
				: { resources: resources.filter(({ id }) => !of(id)) },
		words: `subscription ${loss.subscription} is ${loss.kind}`,
		touched: touchedBy(
			world,
			resources.filter(({ id }) => of(id)).map((one) => ({ ...one })),
		),
		// If every cluster was in it, nothing remains to audit.
		mayFail: world.clusters.every(({ subscription }) => subscription === lost),
	};
}

function deniedNetwork(
	world: World,
	resources: Night["resources"],
	network: number,
): LostNight {
	const lost = world.networks[network % world.networks.length] ?? "";
	return {
		night: {
			resources: resources.filter(({ id }) => id.toLowerCase() !== lost),
		},
		words: `network ${lost.split("/").at(-1)} is not visible`,
		touched: touchedBy(world, [{ id: lost }]),
		mayFail: false,
	};
}

function lostPage(
	world: World,
	resources: Night["resources"],
	{ query, page, pageSize }: Extract<Loss, { kind: "page" }>,
	seen: Seen,
): LostNight {
	const { kql, rows } = queryIn(seen, query);
	const pages = Math.max(1, Math.ceil(rows.length / pageSize));
	const lost = page % pages;
	return {
		night: {
			resources,
			pageSize,
			faults: faultsOf(kql, lost, { kind: "losePage" }),
		},
		words: `page ${lost} of ${pages} (${pageSize} rows) of ${nameOf(kql)} is lost`,
		touched: touchedBy(
			world,
			rows.slice(lost * pageSize, (lost + 1) * pageSize),
		),
		mayFail: isVital(kql),
	};
}

function brokenRow(
	world: World,
	resources: Night["resources"],
	loss: Extract<Loss, { kind: "row" }>,
	seen: Seen,
): LostNight {
	const { kql, rows } = queryIn(seen, loss.query);
	const index = loss.row % Math.max(1, rows.length);
	const row = rows[index] ?? {};
	// Without its own id a row is nobody's: Resource Graph never sends one.
	const columns = Object.keys(row).filter((name) => name !== "id");
	const field = columns[loss.column % Math.max(1, columns.length)] ?? "name";
	const value = typeof row[field] === "string" ? { broken: true } : "broken";
	return {
		night: {
			resources,
			faults: faultsOf(kql, 0, {
				kind: "breakField",
				row: index,
				field,
				value,
			}),
		},
		words: `field ${field} of row ${index} of ${nameOf(kql)} is broken (${String(row.id).split("/").at(-1)})`,
		touched: touchedBy(world, [row]),
		mayFail: false,
	};
}

function failedQuery(
	world: World,
	resources: Night["resources"],
	query: number,
	seen: Seen,
): LostNight {
	const { kql, rows } = queryIn(seen, query);
	return {
		night: {
			resources,
			faults: (request) =>
				request.query === kql ? [{ kind: "unavailable" }] : [],
		},
		words: `query ${nameOf(kql)} fails`,
		touched: touchedBy(world, rows),
		mayFail: isVital(kql),
	};
}

function queryIn(seen: Seen, index: number): { kql: string; rows: Row[] } {
	// Small numbers come most often: those of subscriptions and groups, of which little depends, are last.
	const rank = (kql: string) => `${/resourcecontainers/i.test(kql)} ${kql}`;
	const queries = [...seen]
		.filter(([, rows]) => rows.length > 0)
		.sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
	const [kql, rows] = queries[index % queries.length] ?? ["", []];
	return { kql, rows };
}

/** Where a reader asks in smaller parts, it finds what was lost. */
function faultsOf(
	kql: string,
	page: number,
	fault:
		| { kind: "losePage" }
		| { kind: "breakField"; row: number; field: string; value: unknown },
): FaultPlan {
	return (request) =>
		request.query === kql &&
		request.page === page &&
		request.scope.subscriptions.length === 0
			? [fault]
			: [];
}

/** The type that a query asks for, and the first names that it projects. */
function nameOf(kql: string): string {
	const type = /=~ '([^']+)'/.exec(kql)?.[1] ?? "";
	const columns = /project ([^|]*)/.exec(kql)?.[1]?.replace(/\s+/g, " ") ?? "";
	return `${type.split("/").at(-1)} (${columns.slice(0, 60)})`;
}

function isVital(kql: string): boolean {
	return (
		/managedclusters'/i.test(kql) ||
		(/resourcecontainers/i.test(kql) && !/resourcegroups/i.test(kql))
	);
}

/** Whom rows concern: the cluster itself, the cluster whose node group a row is in, or whoever uses what it names. */
function touchedBy(world: World, rows: readonly Row[]): Touched {
	const clusters = new Set<BuiltCluster>();
	const resources = new Set<string>();
	for (const row of rows) {
		const id = String(row.id).toLowerCase();
		const [, , subscription = "", , group = ""] = id.split("/");
		const owner = world.clusters.find(
			(one) => one.id === id || one.nodeGroup === `${subscription}/${group}`,
		);
		if (owner) {
			clusters.add(owner);
			continue;
		}
		const isSubscription = id.split("/").length === 3;
		const named = isSubscription
			? [`/subscriptions/${subscription}/`]
			: namedIn(world, id, row);
		for (const one of named) resources.add(one);
		for (const one of world.clusters)
			if (
				isSubscription
					? one.subscription === subscription
					: /virtualnetworks|routetables/.test(id) &&
						[...one.uses].some((used) => named.includes(used))
			)
				clusters.add(one);
	}
	return { clusters, resources };
}

/** A network's row is of all of its subnets, unless it is a row of one. */
function namedIn(world: World, id: string, row: Row): string[] {
	const text = JSON.stringify(row).toLowerCase();
	const used = new Set(world.clusters.flatMap(({ uses }) => [...uses]));
	const named = [...used].filter(
		(one) => one === id || text.includes(`"${one}"`),
	);
	if (!world.networks.includes(id) || row.subnetId !== undefined) return named;
	return [...used].filter((one) => one.startsWith(`${id}/`));
}
