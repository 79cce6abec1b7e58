import { readParts } from "../azure/factsStore.ts";
import { beginSnapshot, type SnapshotWriter } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { gatheredFrom } from "../inventory/gather.ts";
import type { ReadFrom } from "../inventory/reader.ts";
import { type AddedUp, addUpFleet } from "../model/fleet.ts";
import { type SeenNetwork, seenNetworks } from "../model/seenNetworks.ts";
import type { HistoryOutlooks } from "../model/told.ts";
import type { AuditInput } from "../records/auditRecord.ts";
import type { AuditSettings } from "../settings/audit.ts";
import { type SeenTenant, seenOf, tenantOf } from "./gatherTenant.ts";
import { fillingOfMembers, keepHistory } from "./keepHistory.ts";
import {
	endSnapshot,
	type Inventoried,
	newSnapshotKey,
	readableSnapshot,
	type WrittenFleet,
	writeSlices,
} from "./keepSnapshot.ts";
import { type EarlierAudits, readKnownBefore, remember } from "./remember.ts";
import { keepTagAcceptances } from "./tagAcceptances.ts";

export interface InventoryInput extends AuditInput {
	/** The names of the parts of the tenant that were read. */
	readonly parts: readonly string[];
}

/** Adds up who uses what in the tenant that was read, and writes the audit's snapshot. Throws with a reason for people. */
export async function inventoryStep(
	tables: Tables,
	settings: AuditSettings,
	readFrom: ReadFrom,
	input: InventoryInput,
	log: (message: string) => void,
): Promise<Inventoried> {
	const before = await remember(tables, input.auditId);
	// A key of this attempt's own: another one may still write.
	const key = newSnapshotKey(input);
	const writer = await beginSnapshot(
		tables,
		key,
		readableSnapshot(before.last),
	);
	const fleet = await writeFleet(tables, settings, readFrom, {
		before,
		input,
		writer,
	});
	const inventoried = await endSnapshot(
		tables,
		settings.routedTags,
		{ key, writer, fleet, before },
		input,
	);
	await keepTagAcceptances(
		tables,
		settings.acceptanceTag,
		fleet.seen.clusters,
		input.startedAt,
		log,
	);
	return inventoried;
}

/** All that needs the rows, in a function of its own: they take no space any more when the rest is written. */
async function writeFleet(
	tables: Tables,
	settings: AuditSettings,
	readFrom: ReadFrom,
	{
		before,
		input,
		writer,
	}: {
		readonly before: EarlierAudits;
		readonly input: InventoryInput;
		readonly writer: SnapshotWriter;
	},
): Promise<WrittenFleet> {
	const { added, outlooks, seen, networks } = await addUpTenant(
		tables,
		settings,
		readFrom,
		before,
		input,
	);
	const written = await writeSlices(writer, added, seen.isJudged, outlooks);
	return { ...written, seen, networks };
}

/** In a function of its own, too: the rows as the queries answered them are needed no more when all are added up. */
async function addUpTenant(
	tables: Tables,
	settings: AuditSettings,
	readFrom: ReadFrom,
	before: EarlierAudits,
	input: InventoryInput,
): Promise<{
	readonly added: Omit<AddedUp, "own">;
	readonly outlooks: HistoryOutlooks;
	readonly seen: SeenTenant;
	readonly networks: readonly SeenNetwork[];
}> {
	const { auditId, startedAt, parts } = input;
	const read = await readGathered(tables, parts);
	// The lists of subnets may wait for the quota.
	const [tenant, known] = await Promise.all([
		tenantOf(readFrom, settings, before.memory, read),
		readKnownBefore(tables, before),
	]);
	const seen = seenOf(tenant);
	const { own, ...added } = addUpFleet(
		tenant.inventory,
		{ auditId, at: startedAt, known, answered: seen.answered },
		settings,
	);
	const networks = seenNetworks(
		tenant.inventory,
		known,
		added.members,
		seen.isJudged,
	);
	const judged = added.members.filter(seen.isJudged);
	const filling = fillingOfMembers(judged, { budgets: added.budgets, own });
	const outlooks = await keepHistory(tables, filling, input);
	return { added, outlooks, seen, networks };
}

/** In a function of its own: the answers as they were kept take no space beside what they say together. */
async function readGathered(tables: Tables, parts: InventoryInput["parts"]) {
	const { subscriptions, answers } = await readParts(tables, parts);
	return { subscriptions, answers: gatheredFrom(subscriptions, answers) };
}
