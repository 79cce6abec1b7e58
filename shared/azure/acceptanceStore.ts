import type { Acceptance, GivenAcceptance } from "../contract.ts";
import type { Precondition } from "../http/precondition.ts";
import { hash } from "../keys/hash.ts";
import { type Keys, packed, unpacked } from "./entity.ts";
import {
	deleteEntities,
	findEntity,
	isStatus,
	type Tables,
	writeEntities,
} from "./tables.ts";

/*
 * Acceptances are in a table of their own and are added to the findings on reading. So an audit that writes a finding
 * can neither lose nor bring back what somebody says about it meanwhile. People write those by a finding or a budget,
 * audits write those by a tag.
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

/** Of what it says: whoever says the same again finds the same. */
export function etagOf(given: GivenAcceptance): string {
	return `"${hash(JSON.stringify(given))}"`;
}

/** Replaces what was said before. False: the precondition was not met. */
export async function putAcceptance(
	{ acceptances }: Tables,
	given: GivenAcceptance,
	precondition: Precondition | null = null,
): Promise<boolean> {
	const entity = entityOf(given);
	if (precondition === null) {
		await acceptances.upsertEntity(entity, "Replace");
		return true;
	}
	return undisturbed(acceptances, entity, precondition, async (etag) => {
		if (etag === null) await acceptances.createEntity(entity);
		else await acceptances.updateEntity(entity, "Replace", { etag });
	});
}

type Withdrawn = "withdrawn" | "not-there" | "precondition-failed";

export async function withdrawAcceptance(
	{ acceptances }: Tables,
	by: By,
	id: string,
	precondition: Precondition | null,
): Promise<Withdrawn> {
	const keys = { partitionKey: by, rowKey: hash(id) };
	const remove = async (etag: string | null) => {
		if (etag === null) return;
		await acceptances.deleteEntity(by, keys.rowKey, { etag });
	};
	if (precondition !== null)
		return (await undisturbed(acceptances, keys, precondition, remove))
			? "withdrawn"
			: "precondition-failed";
	try {
		await acceptances.deleteEntity(by, keys.rowKey);
		return "withdrawn";
	} catch (error) {
		if (isStatus(error, 404)) return "not-there";
		throw error;
	}
}

const tries = 5;

/** Looks, and writes only what was looked at. Where somebody else wrote in between, it looks again. */
async function undisturbed(
	acceptances: Tables["acceptances"],
	{ partitionKey, rowKey }: Keys,
	precondition: Precondition,
	write: (etag: string | null) => Promise<void>,
): Promise<boolean> {
	for (let attempt = 1; ; attempt++) {
		const entity = await findEntity(acceptances, partitionKey, rowKey);
		const known = entity && etagOf(unpacked<GivenAcceptance>(entity));
		if (!precondition(known)) return false;
		try {
			await write(entity && String(entity.etag));
			return true;
		} catch (error) {
			const lost = [404, 409, 412].some((status) => isStatus(error, status));
			if (!lost || attempt === tries) throw error;
		}
	}
}

/** What the tags of these clusters say now. A cluster that is not among them keeps what its tag said. */
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

/** Removes what ended before a time. Answers how many. */
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
	const keys = { partitionKey: given.by, rowKey: hash(keyOf(given)) };
	return { ...packed(keys, given), ...keys };
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
