import { randomBytes } from "node:crypto";

/**
 * `20261122T050000123Z-9f3a2c1d`: when it was asked for, and what tells two of one moment apart. That of a scoped audit
 * has an `s` before the last part.
 */
export function newAuditId(
	at: Date,
	kind: "fleet" | "scoped" = "fleet",
): string {
	const time = at.toISOString().replace(/[-:.]/g, "");
	const mark = kind === "scoped" ? "s" : "";
	return `${time}-${mark}${randomBytes(4).toString("hex")}`;
}

export function isScoped(auditId: string): boolean {
	return /-s[0-9a-f]{8}$/.test(auditId);
}

/** A row key that sorts the newest audit first. Null where the text is not the ID of an audit. */
export function newestFirstKey(auditId: string): string | null {
	const parts = partsOf(auditId);
	return parts && `${reversed(parts.time)}-${parts.suffix}`;
}

/** When an audit was asked for, by the id that the program made itself. */
export function startOf(auditId: string): Date {
	const parts = partsOf(auditId);
	if (parts === null) throw new Error(`${auditId} is not the ID of an audit`);
	return new Date(parts.time);
}

function partsOf(
	auditId: string,
): { readonly time: number; readonly suffix: string } | null {
	const match =
		/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(s?[0-9a-f]{8})$/.exec(
			auditId,
		);
	if (match === null) return null;
	const [, year, month, day, hour, minute, second, milli, suffix = ""] = match;
	const time = Date.parse(
		`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`,
	);
	return Number.isNaN(time) ? null : { time, suffix };
}

/** As the key of an audit, but by when it began: one that waited began later than its id says. */
export function beginKey(auditId: string, startedAt: string): string {
	const suffix = auditKey(auditId).slice(13);
	return `${reversed(Date.parse(startedAt))}${suffix}`;
}

/** Keys of audits that started before a time are greater than this. */
export function keyBefore(at: Date): string {
	return `${reversed(at.getTime())}.`;
}

function reversed(time: number): string {
	return String(9_999_999_999_999 - time).padStart(13, "0");
}

/** The key of an id that the program made itself. */
export function auditKey(auditId: string): string {
	const key = newestFirstKey(auditId);
	if (key === null) throw new Error(`${auditId} is not the ID of an audit`);
	return key;
}
