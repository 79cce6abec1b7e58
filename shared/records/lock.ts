import type { AuditInput } from "./auditRecord.ts";

/** Who may run: the newest audit that was started, of whatever kind. It stays when that audit has ended. */
export interface AuditLock {
	readonly auditId: string;
	/** ISO 8601: from then on another audit may take its place, whatever its instance does. */
	readonly until: string;
	/** What its audit was started with, so that whoever joins can write a row that is not there yet. */
	readonly input: AuditInput;
}

/** `etag`: by which it is replaced only where nobody else did. */
export interface HeldLock {
	readonly lock: AuditLock;
	readonly etag: string;
}
