import { beginAudit } from "../azure/auditStore.ts";
import type { Tables } from "../azure/tables.ts";
import { whoAnswered } from "../inventory/coverage.ts";
import type { ReadFrom } from "../inventory/reader.ts";
import { buildFleet, type Fleet } from "../model/fleet.ts";
import { type AuditInput, runningRecord } from "../records/auditRecord.ts";
import type { AuditSettings } from "../settings/audit.ts";
import { gatherTenant, type Tenant } from "./gatherTenant.ts";
import { keepHistory } from "./keepHistory.ts";
import { type Inventoried, keepSnapshot } from "./keepSnapshot.ts";
import { type EarlierAudits, remember } from "./remember.ts";
import { keepTagAcceptances } from "./tagAcceptances.ts";

/** Reads the fleet, adds up who uses what, and writes the audit's snapshot. Throws with a reason for people. */
export async function inventoryStep(
	tables: Tables,
	settings: AuditSettings,
	readFrom: ReadFrom,
	input: AuditInput,
	log: (message: string) => void,
): Promise<Inventoried> {
	await beginAudit(tables, runningRecord(input));
	const before = await remember(tables, input.auditId);
	const tenant = await gatherTenant(readFrom, settings, before.memory);
	const built = build(tenant, before, settings, input);
	const fleet = await keepHistory(tables, built, tenant.isJudged, input);
	const written = await keepSnapshot(
		tables,
		settings.routedTags,
		{ tenant, fleet, before },
		input,
	);
	await keepTagAcceptances(
		tables,
		settings.acceptanceTag,
		tenant.inventory.clusters,
		input.startedAt,
		log,
	);
	return written;
}

function build(
	tenant: Tenant,
	{ known }: EarlierAudits,
	settings: AuditSettings,
	{ auditId, startedAt }: AuditInput,
): Fleet {
	const answered = whoAnswered(tenant);
	return buildFleet(
		tenant.inventory,
		{ auditId, at: startedAt, known, answered },
		settings,
	);
}
