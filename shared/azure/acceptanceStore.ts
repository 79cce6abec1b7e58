import type {
	Acceptance,
	GivenAcceptance,
	WithdrawnAcceptance,
} from "../contract.ts";
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
 * audits write those by a tag. A row that was withdrawn stays, and counts as none.
 */

type By = Acceptance["by"];

type Kept = GivenAcceptance | WithdrawnAcceptance;

function isWithdrawn(one: Kept): one is WithdrawnAcceptance {
	return "withdrawnAt" in one;
}

/** All there are, in force or not: by finding, by budget and by tag. */
export async function readAcceptances(
	tables: Tables,
): Promise<GivenAcceptance[]> {
	return (await readKept(tables)).filter((one) => !isWithdrawn(one));
}

export async function readWithdrawn(
	tables: Tables,
): Promise<WithdrawnAcceptance[]> {
	return (await readKept(tables)).filter(isWithdrawn);
}

async function readKept({ acceptances }: Tables): Promise<Kept[]> {
	const kept: Kept[] = [];
	for await (const entity of acceptances.listEntities())
		kept.push(keptIn(entity));
	return kept;
}

/** Earlier releases did not keep who accepted. */
function keptIn(entity: Readonly<Record<string, unknown>>): Kept {
	const kept = unpacked<Kept>(entity);
	const { acceptedBy = null, acceptedAt = null }: Partial<Kept> = kept;
	return { ...kept, acceptedBy, acceptedAt };
}

/** Of all that it says, whatever the order of its fields. */
export function etagOf({
	reason,
	owner,
	expiry,
	by,
	acceptedBy,
	acceptedAt,
	covers: { finding, rule, cluster, budget },
}: GivenAcceptance): string {
	const said = [reason, owner, expiry, by, acceptedBy, acceptedAt];
	const covered = [finding, rule, cluster, budget];
	return `"${hash(JSON.stringify([said, covered]))}"`;
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
	return undisturbed(acceptances, entity, precondition, async (known) => {
		if (known === null) await acceptances.createEntity(entity);
		else
			await acceptances.updateEntity(entity, "Replace", { etag: known.etag });
	});
}

type Withdrawn = "withdrawn" | "not-there" | "precondition-failed";

/** The row stays, and says who withdrew it and when. */
export async function withdrawAcceptance(
	{ acceptances }: Tables,
	by: By,
	id: string,
	precondition: Precondition | null,
	done: Pick<WithdrawnAcceptance, "withdrawnBy" | "withdrawnAt">,
): Promise<Withdrawn> {
	const keys = { partitionKey: by, rowKey: hash(id) };
	let outcome: Withdrawn = "not-there";
	const met = await undisturbed(
		acceptances,
		keys,
		precondition ?? (() => true),
		async (known) => {
			outcome = "not-there";
			if (known === null || isWithdrawn(known.kept)) return;
			const entity = entityOf({ ...known.kept, ...done });
			await acceptances.updateEntity(entity, "Replace", { etag: known.etag });
			outcome = "withdrawn";
		},
	);
	return met ? outcome : "precondition-failed";
}

const tries = 5;

/** Looks, and writes only what was looked at. Where somebody else wrote in between, it looks again. */
async function undisturbed(
	acceptances: Tables["acceptances"],
	{ partitionKey, rowKey }: Keys,
	precondition: Precondition,
	write: (
		known: { readonly kept: Kept; readonly etag: string } | null,
	) => Promise<void>,
): Promise<boolean> {
	for (let attempt = 1; ; attempt++) {
		const entity = await findEntity(acceptances, partitionKey, rowKey);
		const kept = entity && keptIn(entity);
		if (!precondition(kept && !isWithdrawn(kept) ? etagOf(kept) : null))
			return false;
		try {
			await write(kept && { kept, etag: String(entity?.etag) });
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
	const changed = given.filter((one) => known.get(keyOf(one)) !== etagOf(one));
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
	const over = (await readKept(tables)).filter(
		({ expiry }) => Date.parse(expiry) < at.getTime(),
	);
	await deleteEntities(
		tables.acceptances,
		over.map((one) => ({ partitionKey: one.by, rowKey: hash(keyOf(one)) })),
	);
	return over.length;
}

/** The ETag of what is kept of each tag, by its cluster. */
async function knownTags(tables: Tables): Promise<Map<string, string>> {
	return new Map(
		(await readAcceptances(tables))
			.filter(({ by }) => by === "tag")
			.map((one) => [keyOf(one), etagOf(one)]),
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

function entityOf(given: Kept) {
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
