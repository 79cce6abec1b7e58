import { odata, type TableClient } from "@azure/data-tables";
import type { KeptFinding } from "../../findings/flapping.ts";
import type { Change } from "../../findings/lifecycle.ts";
import { type CompactPoint, pointsFrom } from "../../history/compact.ts";
import type { Series } from "../../history/series.ts";
import { auditKey } from "../../keys/auditId.ts";
import type { Budget } from "../../model/budget.ts";
import type { FleetCluster, SharedBudget } from "../../model/fleet.ts";
import type { KnownCluster } from "../../model/known.ts";
import type {
	ClusterTags,
	Overview,
	UnseenCluster,
} from "../../records/snapshot.ts";
import { unpacked } from "../entity.ts";
import { isStatus } from "../tables.ts";
import {
	type StoredChange,
	type StoredFinding,
	upToDateChange,
	upToDateFinding,
} from "./olderFindings.ts";
import { upToDateBudget, upToDateCluster } from "./olderSnapshots.ts";

/*
 * The tables of releases up to 0.2, an entity for each cluster, finding and series. They are only read: a rollback finds
 * them as they were.
 */

export type OldTables = Readonly<
	Record<"snapshots" | "findings" | "changes" | "history", TableClient>
>;

type Row = Readonly<Record<string, unknown>>;

/** Nothing where the table is not there: this release is the first. */
async function* rowsOf(
	table: TableClient,
	filter?: string,
): AsyncGenerator<Row> {
	try {
		yield* table.listEntities({
			queryOptions: filter === undefined ? {} : { filter },
		});
	} catch (error) {
		if (!isStatus(error, 404)) throw error;
	}
}

/** Open and resolved ones. One that is in both partitions was about to move: what was written last counts. */
export async function oldFindings({
	findings,
}: OldTables): Promise<KeptFinding[]> {
	const byId = new Map<string, KeptFinding>();
	const ranges = [
		odata`PartitionKey ge ${"resolved-"} and PartitionKey lt ${"resolved."}`,
		odata`PartitionKey ge ${"open-"} and PartitionKey lt ${"open."}`,
	];
	for (const filter of ranges)
		for await (const row of rowsOf(findings, filter)) {
			const finding = upToDateFinding(unpacked<StoredFinding>(row));
			const other = byId.get(finding.id);
			if (other === undefined || other.changedAt < finding.changedAt)
				byId.set(finding.id, finding);
		}
	return [...byId.values()];
}

export async function oldChanges(
	{ changes }: OldTables,
	auditId: string,
): Promise<Change[]> {
	const made: Change[] = [];
	const filter = odata`PartitionKey eq ${auditKey(auditId)}`;
	for await (const row of rowsOf(changes, filter))
		made.push(upToDateChange(unpacked<StoredChange>(row)));
	return made;
}

export async function oldSeries({ history }: OldTables): Promise<Series[]> {
	const all: Series[] = [];
	for await (const row of rowsOf(history)) {
		const kept = unpacked<
			Omit<Series, "points"> & { readonly points: readonly CompactPoint[] }
		>(row);
		all.push({ ...kept, points: pointsFrom(kept.points) });
	}
	return all;
}

/** What an old snapshot has, as far as later audits and the capacity of its clusters need it. */
export interface OldSnapshot {
	readonly overview: Overview;
	readonly clusters: readonly FleetCluster[];
	readonly neighbors: readonly FleetCluster[];
	readonly shared: readonly SharedBudget[];
	readonly unseenClusters: readonly UnseenCluster[];
	/** Empty where the release kept nothing apart. */
	readonly known: readonly KnownCluster[];
	readonly tags: readonly ClusterTags[];
}

/** Null where it is gone. */
export async function oldSnapshot(
	{ snapshots }: OldTables,
	key: string,
): Promise<OldSnapshot | null> {
	const parts = new Map<string, Row[]>();
	const filter = odata`PartitionKey ge ${`${key}|`} and PartitionKey lt ${`${key}}`}`;
	for await (const row of rowsOf(snapshots, filter)) {
		const part = String(row.partitionKey).slice(key.length + 1);
		const own = parts.get(part);
		if (own) own.push(row);
		else parts.set(part, [row]);
	}
	const of = <T>(part: string) => (parts.get(part) ?? []).map(unpacked<T>);
	const [overview] = of<Overview & { readonly slices: number }>("overview");
	if (overview === undefined) return null;
	const { slices: _, ...rest } = overview;
	const members = new Map(
		(parts.get("members") ?? []).map((row) => [
			row.rowKey,
			unpacked<string[]>(row),
		]),
	);
	return {
		overview: rest,
		clusters: [...parts]
			.filter(([part]) => part.startsWith("slice-"))
			.flatMap(([, rows]) => rows.map(unpacked<FleetCluster & Open>))
			.map(({ open: _, ...cluster }) => upToDateCluster(cluster)),
		neighbors: of<FleetCluster>("neighbours").map(upToDateCluster),
		shared: (parts.get("budgets") ?? []).map((row) => ({
			budget: upToDateBudget(unpacked<Budget>(row)),
			clusters: members.get(row.rowKey) ?? [],
		})),
		unseenClusters: of<OldUnseen>("orphans").map((one) => ({
			...one,
			findings: one.findings.map(upToDateFinding),
		})),
		known: of<KnownCluster[]>("known").flat(),
		tags: of<ClusterTags>("tags"),
	};
}

interface Open {
	readonly open: readonly StoredFinding[];
}

type OldUnseen = Omit<UnseenCluster, "findings"> & {
	readonly findings: readonly StoredFinding[];
};
