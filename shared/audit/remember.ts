import { memoryBefore, newestEnded } from "../azure/auditStore.ts";
import { newestReading } from "../azure/newestReading.ts";
import { readKnown, readKnownOf } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { fleetIndex, wantedIn } from "../model/fleetIndex.ts";
import type { KnownCluster } from "../model/known.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { type Memory, nothingTold } from "../records/memory.ts";
import type { LookUpKnown } from "./readNeighborhood.ts";

/** What an audit knows of those before it. */
export interface EarlierAudits {
	readonly memory: Memory;
	/** No audit has ended before: all that is found is new. */
	readonly isFirst: boolean;
	/** The last audit that ended. Null where there is none. */
	readonly last: AuditRecord | null;
}

export const nothingRemembered: Memory = {
	withClusters: [],
	missing: {},
	vanished: {},
	told: nothingTold,
};

export async function remember(
	tables: Tables,
	auditId: string,
): Promise<EarlierAudits> {
	const memory = await memoryBefore(tables, auditId);
	const last = await newestEnded(tables);
	return {
		memory: memory ?? nothingRemembered,
		isFirst: memory === null,
		last,
	};
}

/** What the last audit knew of each cluster, by ID. Nothing before the first. */
export async function readKnownBefore(
	tables: Tables,
	{ last }: Pick<EarlierAudits, "last">,
): Promise<ReadonlyMap<string, KnownCluster>> {
	return last === null || last.snapshot === null
		? new Map()
		: readKnown(tables, last.snapshot);
}

/** Which clusters use what, by the key of a snapshot. One process reads it once a night. */
export const readFleetIndex = newestReading(async (tables, snapshot) =>
	fleetIndex((await readKnown(tables, snapshot)).values()),
);

/** Finds some clusters in what the last audit knew. Nobody before the first. */
export function knownBefore(
	tables: Tables,
	{ last }: Pick<EarlierAudits, "last">,
): LookUpKnown {
	const snapshot = last?.snapshot ?? null;
	return async (wanted) =>
		snapshot === null
			? new Map()
			: readKnownOf(tables, snapshot, [
					...wantedIn(await readFleetIndex(tables, snapshot), wanted),
				]);
}
