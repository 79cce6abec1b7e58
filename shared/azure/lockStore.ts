import type { AuditLock, HeldLock } from "../records/lock.ts";
import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, type Tables } from "./tables.ts";

const partition = "lock";
/** Audits of all kinds run one at a time. Releases before scoped audits named it so. */
const row = "fleet";

export async function findLock({ audits }: Tables): Promise<HeldLock | null> {
	const entity = await findEntity(audits, partition, row);
	return (
		entity && { lock: unpacked<AuditLock>(entity), etag: String(entity.etag) }
	);
}

/**
 * One atomic write decides: an insert if there was no lock, otherwise a replace of exactly the row that was read. True:
 * the lock is this audit's. A refusal can be the answer to a second try whose first answer was lost, so the row is read
 * back.
 */
export async function takeLock(
	tables: Tables,
	lock: AuditLock,
	instead: { readonly etag: string } | null,
): Promise<boolean> {
	const { auditId, until } = lock;
	const keys = { partitionKey: partition, rowKey: row };
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
		const held = await findLock(tables);
		return held?.lock.auditId === auditId;
	}
}
