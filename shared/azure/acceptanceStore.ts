import type { Acceptance, GivenAcceptance } from "../contract.ts";
import { hash } from "../keys/hash.ts";
import { packed, unpacked } from "./entity.ts";
import {
	deleteEntities,
	isStatus,
	type Tables,
	writeEntities,
} from "./tables.ts";

/*
 * Acceptances lie in a table of their own and meet the findings when these are read: an audit that writes a finding
 * can neither lose nor bring back what somebody says about it meanwhile. Those by a finding or a budget are people's
 * alone; those by a tag are the audits'.
 */

type By = Acceptance["by"];

/** All there are, in force or not: by finding, by budget and by tag. */
export async function readAcceptances({
	acceptances,
}: Tables): Promise<GivenAcceptance[]> {
	const given: GivenAcceptance[] = [];
	for await (const entity of acceptances.listEntities())
		given.push(unpacked(entity));
	return given;
}

/** Replaces what was said before. */
export async function putAcceptance(
	{ acceptances }: Tables,
	given: GivenAcceptance,
): Promise<void> {
	await acceptances.upsertEntity(entityOf(given), "Replace");
}

/** Answers whether there was one. */
export async function withdrawAcceptance(
	{ acceptances }: Tables,
	by: By,
	id: string,
): Promise<boolean> {
	try {
		await acceptances.deleteEntity(by, hash(id));
		return true;
	} catch (error) {
		if (isStatus(error, 404)) return false;
		throw error;
	}
}

/** What the tags of these clusters say now; a cluster that is not among them keeps what its tag said. */
export async function writeTagAcceptances(
	tables: Tables,
	tags: ReadonlyMap<string, GivenAcceptance | null>,
): Promise<void> {
	const known = await knownTags(tables);
	const given = [...tags.values()].filter((one) => one !== null);
	const changed = given.filter(
		(one) => known.get(keyOf(one)) !== JSON.stringify(one),
	);
	const gone = [...tags].filter(([id, one]) => one === null && known.has(id));
	await writeEntities(tables.acceptances, changed.map(entityOf));
	await deleteTags(
		tables,
		gone.map(([id]) => id),
	);
}

/** Tags accept nothing any more, whoever's they are. */
export async function forgetTagAcceptances(tables: Tables): Promise<void> {
	const known = await knownTags(tables);
	await deleteTags(tables, [...known.keys()]);
}

/** Removes what ended before a time; answers how many. */
export async function removeAcceptancesBefore(
	tables: Tables,
	at: Date,
): Promise<number> {
	const over = (await readAcceptances(tables)).filter(
		({ expiry }) => Date.parse(expiry) < at.getTime(),
	);
	await deleteEntities(
		tables.acceptances,
		over.map((one) => ({ partitionKey: one.by, rowKey: hash(keyOf(one)) })),
	);
	return over.length;
}

/** What is kept of each tag, as text, by its cluster. */
async function knownTags(tables: Tables): Promise<Map<string, string>> {
	return new Map(
		(await readAcceptances(tables))
			.filter(({ by }) => by === "tag")
			.map((one) => [keyOf(one), JSON.stringify(one)]),
	);
}

async function deleteTags(
	{ acceptances }: Tables,
	clusters: readonly string[],
): Promise<void> {
	await deleteEntities(
		acceptances,
		clusters.map((id) => ({ partitionKey: "tag", rowKey: hash(id) })),
	);
}

function entityOf(given: GivenAcceptance) {
	return packed({ partitionKey: given.by, rowKey: hash(keyOf(given)) }, given);
}

function keyOf({ by, covers }: GivenAcceptance): string {
	switch (by) {
		case "finding":
			return covers.finding ?? "";
		case "budget":
			return covers.budget?.toLowerCase() ?? "";
		case "tag":
			return covers.cluster ?? "";
	}
}
