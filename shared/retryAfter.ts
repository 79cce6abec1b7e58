/** What a `Retry-After` header asks for, in milliseconds: it has seconds or an HTTP date. Null where it has neither. */
export function retryAfterMilliseconds(
	header: string | null | undefined,
	now: number,
): number | null {
	const text = header?.trim() ?? "";
	if (/^\d+$/.test(text)) return Number(text) * 1000;
	const at = Date.parse(text);
	return Number.isNaN(at) ? null : Math.max(0, at - now);
}
