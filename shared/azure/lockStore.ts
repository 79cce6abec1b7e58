import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, type Tables } from "./tables.ts";

/** Audits of one kind run one at a time; the kind is the key of their lock and of what the watcher remembers. */
export type AuditKind = "fleet";

/** Who may run: the newest audit of its kind that was started. It stays when that audit has ended. */
export interface AuditLock {
	readonly auditId: string;
	readonly kind: AuditKind;
	/** ISO 8601: from then on another audit may take its place, whatever its instance does. */
	readonly until: string;
	/** What its audit was started with, so that whoever joins can write a row that is not there yet. */
	readonly input: unknown;
}

export interface HeldLock<L extends AuditLock> {
	readonly lock: L;
	readonly etag: string;
}

const partition = "lock";

export async function findLock<L extends AuditLock>(
	{ audits }: Tables,
	kind: AuditKind,
): Promise<HeldLock<L> | null> {
	const entity = await findEntity(audits, partition, kind);
	return entity && { lock: unpacked<L>(entity), etag: String(entity.etag) };
}

/**
 * One atomic write decides: an insert where there was no lock, otherwise a replace of the very one that was read. True:
 * it is this audit's. A refusal may be the answer to a second try of a write whose first answer was lost, so the row is
 * read back.
 */
export async function takeLock(
	tables: Tables,
	lock: AuditLock,
	instead: { readonly etag: string } | null,
): Promise<boolean> {
	const { auditId, kind, until } = lock;
	const keys = { partitionKey: partition, rowKey: kind };
	const entity = packed(keys, lock, { auditId, until });
	try {
		if (instead === null) await tables.audits.createEntity(entity);
		else
			await tables.audits.updateEntity(entity, "Replace", {
				etag: instead.etag,
			});
		return true;
	} catch (error) {
		if (![404, 409, 412].some((status) => isStatus(error, status))) throw error;
		const held = await findLock(tables, kind);
		return held?.lock.auditId === auditId;
	}
}
