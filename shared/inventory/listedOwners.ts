import * as v from "valibot";
import { groupKey } from "../arm.ts";
import type { Gap } from "../contract.ts";
import type { ListedOwner } from "./facts.ts";
import type { Read } from "./reader.ts";
import {
	byId,
	count,
	isPlainId,
	lowerText,
	type Query,
	quotedIds,
	requiredId,
	rowParser,
} from "./rows.ts";
import { expandLimit } from "./subnets.ts";

/** A subnet whose list is to be read, with the length that its own row says. */
interface ListedSubnet {
	readonly id: string;
	readonly ipConfigurations: number | null;
}

/** Subnets that one query asks about: longer lists make queries that nobody can read, and larger answers. */
const mostSubnets = 50;

/**
 * The owners in the lists of these subnets. If rows are lost, a list whose entries do not add up to the subnet's own
 * count is omitted. If none are, nodes may have come or gone since that was read. Lists longer than one expansion are
 * read slice by slice.
 */
export async function readListedOwners(
	read: Read,
	subnets: readonly ListedSubnet[],
): Promise<{
	readonly listed: Map<string, ListedOwner[]>;
	readonly gaps: readonly Gap[];
}> {
	const asked = subnets.filter(
		({ id, ipConfigurations }) => isPlainId(id) && ipConfigurations !== null,
	);
	const answers = await Promise.all(
		queriesFor(asked).map((query) => read(query, {})),
	);
	const owners = Map.groupBy(
		answers.flatMap(({ rows }) => rows),
		({ subnet }) => subnet,
	);
	const isWhole = answers.every(({ lost }) => lost === 0);
	const listed = new Map<string, ListedOwner[]>();
	for (const { id, ipConfigurations } of asked) {
		const own = merged(owners.get(id) ?? []);
		const entries = own.reduce((total, one) => total + one.entries, 0);
		const isRead = isWhole && own.length > 0;
		if (isRead || entries === ipConfigurations) listed.set(id, own);
	}
	return { listed, gaps: answers.flatMap(({ gaps }) => gaps) };
}

/** Each slice of the lists is asked of subnets whose list reaches it, in portions. An empty list needs no question. */
function queriesFor(subnets: readonly ListedSubnet[]): Query<ListedOwner>[] {
	const queries: Query<ListedOwner>[] = [];
	for (let slice = 0; ; slice++) {
		const reaching = subnets.filter(
			({ ipConfigurations }) => (ipConfigurations ?? 0) > slice * expandLimit,
		);
		if (reaching.length === 0) return queries;
		for (let from = 0; from < reaching.length; from += mostSubnets)
			queries.push(
				listedOwnersQuery(
					reaching.slice(from, from + mostSubnets).map(({ id }) => id),
					slice,
				),
			);
	}
}

const ownerRow = rowParser(
	v.object({ id: requiredId, owner: lowerText, entries: count }),
);

/**
 * The entries of some subnets' lists by their owner: the ID before `/ipConfigurations/`. So an interface is one row,
 * however many IPs it has.
 */
export function listedOwnersQuery(
	subnets: readonly string[],
	slice: number,
): Query<ListedOwner> {
	const ids = quotedIds(subnets);
	const list = "subnet.properties.ipConfigurations";
	const from = slice * expandLimit;
	return {
		name: "listed-owners",
		of: "owners of ip configurations by subnet",
		required: false,
		kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| mv-expand subnet = properties.subnets limit ${expandLimit}
| extend subnetId = tolower(tostring(subnet.id))
| where subnetId in~ (${ids})
| mv-expand configuration = ${slice === 0 ? list : `array_slice(${list}, ${from}, ${from + expandLimit - 1})`} limit ${expandLimit}
| extend parts = split(tolower(tostring(configuration.id)), '/ipconfigurations/')
| extend owner = tostring(parts[0])
| where isnotempty(owner)
| summarize count() by subnetId, owner
| project id = subnetId, owner, entries = count_
| order by id asc, owner asc`,
		key: (row) => `${byId(row)}\n${String(row.owner).toLowerCase()}`,
		parse: (row) => {
			const { id, owner, entries } = ownerRow(row);
			return { subnet: id, ...ownerOf(owner), entries };
		},
	};
}

/** What an ID says without its resource being read, in any subscription. */
function ownerOf(
	id: string,
): Pick<ListedOwner, "group" | "type" | "name" | "instance"> {
	const [, , subscription = "", , group = "", , , type = "", name = ""] =
		id.split("/");
	const instance =
		type === "virtualmachinescalesets" ? (id.split("/")[10] ?? "") : "";
	return { group: groupKey(subscription, group), type, name, instance };
}

/** An owner that several slices or interfaces show is one. */
function merged(owners: readonly ListedOwner[]): ListedOwner[] {
	const same = Map.groupBy(owners, ({ group, type, name, instance }) =>
		[group, type, name, instance].join("\n"),
	);
	return [...same.values()].flatMap(([first, ...others]) =>
		first === undefined
			? []
			: [
					{
						...first,
						entries: others.reduce(
							(total, { entries }) => total + entries,
							first.entries,
						),
					},
				],
	);
}
