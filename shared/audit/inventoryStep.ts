import { readParts } from "../azure/factsStore.ts";
import type { Tables } from "../azure/tables.ts";
import { gatheredFrom } from "../inventory/gather.ts";
import type { ReadFrom } from "../inventory/reader.ts";
import { buildFleet, type Fleet } from "../model/fleet.ts";
import { type SeenNetwork, seenNetworks } from "../model/seenNetworks.ts";
import type { AuditInput } from "../records/auditRecord.ts";
import type { AuditSettings } from "../settings/audit.ts";
import { type SeenTenant, seenOf, tenantOf } from "./gatherTenant.ts";
import { keepHistory } from "./keepHistory.ts";
import { type Inventoried, keepSnapshot } from "./keepSnapshot.ts";
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
	const { built, seen, networks } = await readFleet(
		tables,
		settings,
		readFrom,
		before,
		input,
	);
	const fleet = await keepHistory(tables, built, seen.isJudged, input);
	const written = await keepSnapshot(
		tables,
		settings.routedTags,
		{ seen, fleet, networks, before },
		input,
	);
	await keepTagAcceptances(
		tables,
		settings.acceptanceTag,
		seen.clusters,
		input.startedAt,
		log,
	);
	return written;
}

/** In a function of its own: once the fleet is built, the rows and the memory that it was built from take no space. */
async function readFleet(
	tables: Tables,
	settings: AuditSettings,
	readFrom: ReadFrom,
	before: EarlierAudits,
	{ auditId, startedAt, parts }: InventoryInput,
): Promise<{
	readonly built: Fleet;
	readonly seen: SeenTenant;
	readonly networks: readonly SeenNetwork[];
}> {
	const read = await readGathered(tables, parts);
	const tenant = await tenantOf(readFrom, settings, before.memory, read);
	const known = await readKnownBefore(tables, before);
	const seen = seenOf(tenant);
	const { answered } = seen;
	const built = buildFleet(
		tenant.inventory,
		{ auditId, at: startedAt, known, answered },
		settings,
	);
	const { isJudged } = seen;
	const networks = seenNetworks(
		tenant.inventory,
		known,
		built.clusters,
		isJudged,
	);
	return { built, seen, networks };
}

/** In a function of its own: the answers as they were kept take no space beside what they say together. */
async function readGathered(tables: Tables, parts: InventoryInput["parts"]) {
	const { subscriptions, answers } = await readParts(tables, parts);
	return { subscriptions, answers: gatheredFrom(subscriptions, answers) };
}
