import { beginAudit } from "../azure/auditStore.ts";
import { keepPart, readPartSubscriptions } from "../azure/factsStore.ts";
import { auditSnapshotKey } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { type GatherPart, readPart } from "../inventory/gather.ts";
import type { ReadFrom } from "../inventory/reader.ts";
import { type AuditInput, runningRecord } from "../records/auditRecord.ts";
import { type Scope, subscriptionsOf } from "./gatherTenant.ts";

export interface GatherInput extends AuditInput {
	readonly part: GatherPart;
	/** The names of the parts that were read before. */
	readonly parts: readonly string[];
}

/** What was read, in numbers. */
interface GatheredPart {
	readonly name: string;
	readonly rows: number;
	readonly lacking: number;
}

/** Reads a part of the tenant and keeps it until all of it is added up. Throws with a reason for people. */
export async function gatherStep(
	tables: Tables,
	settings: Pick<Scope, "managementGroups">,
	readFrom: ReadFrom,
	input: GatherInput,
): Promise<GatheredPart> {
	await beginAudit(tables, runningRecord(input));
	const [first] = input.parts;
	const subscriptions =
		first === undefined
			? await subscriptionsOf(readFrom, settings)
			: await readPartSubscriptions(tables, first);
	const keeper = keepPart(
		tables,
		auditSnapshotKey(input),
		input.part,
		subscriptions,
	);
	let rows = 0;
	let lacking = 0;
	await readPart(readFrom(subscriptions.ids), input.part, (name, answer) => {
		rows += answer.rows.length;
		lacking += answer.gaps.length;
		return keeper.keep(name, answer);
	});
	return { name: await keeper.end(), rows, lacking };
}
