import { odata } from "@azure/data-tables";
import type { Finding } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { Change } from "../findings/lifecycle.ts";
import type { FindingFilter } from "../findings/query.ts";
import { auditKey, keyBefore } from "../keys/auditId.ts";
import { hash } from "../keys/hash.ts";
import { type Keys, packed, unpacked } from "./entity.ts";
import {
	type StoredChange,
	type StoredFinding,
	upToDateChange,
	upToDateFinding,
} from "./olderRows.ts";
import {
	deleteEntities,
	findEntity,
	inParallel,
	removeRows,
	type Tables,
	writeEntities,
} from "./tables.ts";

/**
 * Open and resolved findings lie in partitions of their own, `open-{cluster}` and `resolved-{cluster}`, so that asking
 * what is open never reads what was ever resolved.
 */
type Shelf = Finding["state"];

function partitionOf(shelf: Shelf, cluster: string): string {
	return `${shelf}-${hash(cluster)}`;
}

/** Every open finding of the fleet, by cluster. */
export async function openFindings({
	findings,
}: Tables): Promise<Map<string, KeptFinding[]>> {
	const byCluster = new Map<string, KeptFinding[]>();
	const rows = findings.listEntities({
		queryOptions: { filter: shelfFilter("open") },
	});
	for await (const entity of rows) {
		const finding = findingIn(entity);
		const own = byCluster.get(finding.cluster);
		if (own) own.push(finding);
		else byCluster.set(finding.cluster, [finding]);
	}
	return byCluster;
}

export async function resolvedFindings(
	{ findings }: Tables,
	cluster: string,
): Promise<Map<string, KeptFinding>> {
	const rows = findings.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partitionOf("resolved", cluster)}`,
		},
	});
	const byId = new Map<string, KeptFinding>();
	for await (const entity of rows) {
		const finding = findingIn(entity);
		byId.set(finding.id, finding);
	}
	return byId;
}

/** The order in which a finding is looked for that an audit may move meanwhile: one that is reopened is not missed. */
const everyShelf: readonly Shelf[] = ["open", "resolved", "open"];

/** A finding by its id, open or resolved, or null. Reads past every cluster: for what people ask now and then. */
export async function findFinding(
	{ findings }: Tables,
	id: string,
): Promise<KeptFinding | null> {
	for (const shelf of everyShelf) {
		const rows = findings.listEntities({
			queryOptions: {
				filter: `${shelfFilter(shelf)} and ${odata`RowKey eq ${id}`}`,
			},
		});
		for await (const entity of rows) return findingIn(entity);
	}
	return null;
}

/** The id of a budget that some finding names, as it is written there; null where none does. */
export async function findBudget(
	{ findings }: Tables,
	id: string,
): Promise<string | null> {
	for (const shelf of everyShelf) {
		const rows = findings.listEntities({
			queryOptions: { filter: shelfFilter(shelf) },
		});
		for await (const entity of rows) {
			const { budget } = findingIn(entity);
			if (budget?.id.toLowerCase() === id) return budget.id;
		}
	}
	return null;
}

/** Writes findings to their shelf, then takes them off the other: in between one stands on both, never on none. */
export async function writeFindings(
	{ findings }: Tables,
	changed: readonly KeptFinding[],
	moved: readonly KeptFinding[],
): Promise<void> {
	const ended = changed.filter(({ state }) => state === "resolved");
	await writeEntities(findings, [
		...changed.map(entityOf),
		...ended.map(endedRow),
	]);
	if (moved.length > 0)
		await deleteEntities(
			findings,
			moved.map(({ id, cluster, state }) => ({
				partitionKey: partitionOf(
					state === "open" ? "resolved" : "open",
					cluster,
				),
				rowKey: id,
			})),
		);
}

type Row = Readonly<Record<string, unknown>>;

function findingIn(row: Row): KeptFinding {
	return upToDateFinding(unpacked<StoredFinding>(row));
}

function changeIn(row: Row): Change {
	return upToDateChange(unpacked<StoredChange>(row));
}

function entityOf(finding: KeptFinding) {
	const { id, cluster, severity, rule, subscription, state } = finding;
	return packed(
		{ partitionKey: partitionOf(state, cluster), rowKey: id },
		finding,
		{ severity, rule, subscription, cluster },
	);
}

/**
 * What was resolved, oldest first, in a partition of its own: findings that are old enough to go are found without
 * looking at all that was ever resolved. A row of a finding that is back says nothing any more.
 */
const endedPartition = "ended";

interface Ended {
	readonly id: string;
	readonly cluster: string;
	readonly at: string;
}

function endedRow({ id, cluster, changedAt }: KeptFinding) {
	const ended: Ended = { id, cluster, at: changedAt };
	return packed(endedKeys(ended), ended);
}

function endedKeys({ id, cluster, at }: Ended): Keys {
	return {
		partitionKey: endedPartition,
		rowKey: `${at}|${hash(cluster)}|${id}`,
	};
}

/** Removes findings that resolved before a time and have stayed so; so many are looked at, the rest the next time. */
export async function removeResolvedBefore(
	{ findings }: Tables,
	at: Date,
	most: number,
): Promise<number> {
	const old: Ended[] = [];
	const rows = findings.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${endedPartition} and RowKey lt ${at.toISOString()}`,
		},
	});
	for await (const entity of rows) {
		old.push(unpacked<Ended>(entity));
		if (old.length === most) break;
	}
	const gone: Keys[] = [];
	await inParallel(old, 8, async (ended) => {
		const keys = {
			partitionKey: partitionOf("resolved", ended.cluster),
			rowKey: ended.id,
		};
		const entity = await findEntity(findings, keys.partitionKey, keys.rowKey);
		const finding = entity && findingIn(entity);
		if (finding?.changedAt === ended.at) gone.push(keys);
	});
	if (gone.length > 0) await deleteEntities(findings, gone);
	if (old.length > 0) await deleteEntities(findings, old.map(endedKeys));
	return gone.length;
}

/** A page of findings. Filters may leave single pages of the service empty; those are passed over. */
export async function listFindings(
	{ findings }: Tables,
	filter: FindingFilter,
	pageSize: number,
	continuation: string | undefined,
): Promise<{ findings: KeptFinding[]; continuation: string | null }> {
	const pages = findings
		.listEntities({ queryOptions: { filter: filterText(filter) } })
		.byPage({
			maxPageSize: pageSize,
			...(continuation === undefined
				? {}
				: { continuationToken: continuation }),
		});
	for await (const page of pages) {
		if (page.length === 0 && page.continuationToken) continue;
		return {
			findings: page.map(findingIn),
			continuation: page.continuationToken ?? null,
		};
	}
	return { findings: [], continuation: null };
}

function filterText(filter: FindingFilter): string {
	const { severity, rule, subscription } = filter;
	const terms = [shelvesFilter(filter)];
	if (severity !== undefined) terms.push(odata`severity eq ${severity}`);
	if (rule !== undefined) terms.push(odata`rule eq ${rule}`);
	if (subscription !== undefined)
		terms.push(odata`subscription eq ${subscription}`);
	return terms.join(" and ");
}

function shelvesFilter({ state, cluster }: FindingFilter): string {
	const shelves: Shelf[] = state === "all" ? ["open", "resolved"] : [state];
	if (cluster === undefined)
		return shelvesBetween(shelves[0] ?? "open", shelves.at(-1) ?? "open");
	const partitions = shelves.map(
		(shelf) => odata`PartitionKey eq ${partitionOf(shelf, cluster)}`,
	);
	return `(${partitions.join(" or ")})`;
}

function shelfFilter(shelf: Shelf): string {
	return shelvesBetween(shelf, shelf);
}

function shelvesBetween(first: Shelf, last: Shelf): string {
	return odata`PartitionKey ge ${`${first}-`} and PartitionKey lt ${`${last}.`}`;
}

/** Changes of an audit, keyed by the finding: writing them twice changes nothing. */
export async function writeChanges(
	{ changes }: Tables,
	auditId: string,
	made: readonly Change[],
): Promise<void> {
	await writeEntities(
		changes,
		made.map((change) =>
			packed(
				{ partitionKey: auditKey(auditId), rowKey: change.finding.id },
				change,
				{ kind: change.kind, severity: change.finding.severity },
			),
		),
	);
}

export async function findChange(
	{ changes }: Tables,
	auditId: string,
	finding: string,
): Promise<Change | null> {
	const entity = await findEntity(changes, auditKey(auditId), finding);
	return entity && changeIn(entity);
}

/** Takes changes of an audit back: they did not come about. */
export async function deleteChanges(
	{ changes }: Tables,
	auditId: string,
	made: readonly Change[],
): Promise<void> {
	await deleteEntities(
		changes,
		made.map(({ finding }) => ({
			partitionKey: auditKey(auditId),
			rowKey: finding.id,
		})),
	);
}

export async function* changesOf(
	{ changes }: Tables,
	auditId: string,
): AsyncGenerator<Change> {
	const rows = changes.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${auditKey(auditId)}` },
	});
	for await (const entity of rows) yield changeIn(entity);
}

/** Removes what audits that started before a time have changed. */
export function removeChangesBefore(
	{ changes }: Tables,
	at: Date,
	most: number,
): Promise<number> {
	return removeRows(changes, odata`PartitionKey gt ${keyBefore(at)}`, most);
}
