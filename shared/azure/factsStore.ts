import {
	type GatherPart,
	gatherParts,
	type WholeAnswers,
} from "../inventory/gather.ts";
import type { QueryName } from "../inventory/queries.ts";
import type { Answer } from "../inventory/reader.ts";
import type { Subscriptions } from "../inventory/subscriptions.ts";
import { arrayOf, type Content, compressed, contentOf } from "./pack.ts";
import { readPack, writePacks } from "./packStore.ts";
import type { Tables } from "./tables.ts";

/*
 * What the activities that read the tenant pass on to the one that adds it up: packs, which the clean-up of the audit
 * removes, since no snapshot names them.
 */

/** Rows of a pack: those of clusters are the largest, some 2 KiB each. */
const rowsInPack = 1000;

/** An answer without its rows, which are in packs. */
interface StoredAnswer extends Omit<Answer<unknown>, "rows"> {
	readonly rows: number;
	readonly packs: readonly string[];
}

type StoredAnswers = Partial<Record<QueryName, StoredAnswer>>;

interface StoredSubscriptions
	extends Omit<Subscriptions, "inManagementGroups"> {
	readonly inManagementGroups: readonly string[] | null;
}

/** A part of the tenant as it was read. */
interface StoredPart {
	readonly part: GatherPart;
	readonly subscriptions: StoredSubscriptions;
	readonly answers: StoredAnswers;
}

/** Keeps the answers of a part one by one, so that none needs to wait in memory for the others. */
interface PartKeeper {
	readonly keep: (name: QueryName, answer: Answer<string>) => Promise<void>;
	/** The name of the part, when all of its answers are kept. */
	readonly end: () => Promise<string>;
}

/** `audit`: the key of the audit that reads. */
export function keepPart(
	tables: Tables,
	audit: string,
	part: GatherPart,
	subscriptions: Subscriptions,
): PartKeeper {
	const answers: StoredAnswers = {};
	const write = async (content: Content): Promise<string> => {
		await writePacks(tables, [await compressed(content)], audit);
		return content.hash;
	};
	return {
		keep: async (name, { rows, ...rest }) => {
			const packs: string[] = [];
			for (let at = 0; at < rows.length; at += rowsInPack)
				packs.push(await write(arrayOf(rows.slice(at, at + rowsInPack))));
			answers[name] = { ...rest, rows: rows.length, packs };
		},
		end: () => {
			const stored: StoredPart = {
				part,
				subscriptions: storedSubscriptions(subscriptions),
				answers,
			};
			return write(contentOf(stored));
		},
	};
}

function storedSubscriptions(all: Subscriptions): StoredSubscriptions {
	const { inManagementGroups } = all;
	return {
		...all,
		inManagementGroups: inManagementGroups && [...inManagementGroups],
	};
}

/** The subscriptions that the first part was asked of. Throws where the part is gone. */
export async function readPartSubscriptions(
	tables: Tables,
	name: string,
): Promise<Subscriptions> {
	const { subscriptions } = await readPack<StoredPart>(tables, name);
	return subscriptionsFrom(subscriptions);
}

function subscriptionsFrom(stored: StoredSubscriptions): Subscriptions {
	const { inManagementGroups } = stored;
	return {
		...stored,
		inManagementGroups: inManagementGroups && new Set(inManagementGroups),
	};
}

/** All parts together. Throws where anything of them is gone: what is missing would look like nothing. */
export async function readParts(
	tables: Tables,
	names: readonly string[],
): Promise<{
	readonly subscriptions: Subscriptions;
	readonly answers: WholeAnswers;
}> {
	const parts: StoredPart[] = [];
	for (const name of names) parts.push(await readPack(tables, name));
	const [first] = parts;
	if (
		first === undefined ||
		gatherParts.some((part, index) => parts[index]?.part !== part)
	)
		throw new Error("the audit did not pass on all parts that it read");
	const answers: Partial<Record<QueryName, Answer<unknown>>> = {};
	for (const part of parts)
		for (const [name, { packs, rows, ...rest }] of Object.entries(
			part.answers,
		)) {
			const read: unknown[] = [];
			for (const pack of packs)
				for (const row of await readPack<unknown[]>(tables, pack))
					read.push(row);
			if (read.length !== rows)
				throw new Error(`${name}: ${read.length} of ${rows} rows were kept`);
			answers[name as QueryName] = { ...rest, rows: read };
		}
	return {
		subscriptions: subscriptionsFrom(first.subscriptions),
		// Every query has an answer: each part was passed on only when all of its answers were kept.
		answers: answers as WholeAnswers,
	};
}
