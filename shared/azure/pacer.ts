/** What the quota headers of Resource Graph said last: 15 queries in 5 seconds a principal, one page is one query. */
export interface Pacer {
	/** Waits until the quota allows another request. */
	readonly ready: () => Promise<void>;
	/** Takes note of a response's headers. */
	readonly note: (headers: HeaderReader) => void;
	/** Nothing is sent for so long. */
	readonly pause: (milliseconds: number) => void;
}

export interface HeaderReader {
	get(name: string): string | undefined;
}

export type Sleep = (milliseconds: number) => Promise<void>;

export const sleep: Sleep = (milliseconds) =>
	new Promise((done) => setTimeout(done, milliseconds));

export function createPacer(
	now: () => number = Date.now,
	wait: Sleep = sleep,
): Pacer {
	let notBefore = 0;
	const pause = (milliseconds: number) => {
		notBefore = Math.max(notBefore, now() + milliseconds);
	};
	return {
		ready: async () => {
			for (let left = notBefore - now(); left > 0; left = notBefore - now())
				await wait(left);
		},
		note: (headers) => {
			if (headers.get("x-ms-user-quota-remaining") !== "0") return;
			pause(resetMilliseconds(headers) ?? 5000);
		},
		pause,
	};
}

/** `x-ms-user-quota-resets-after` is hh:mm:ss; null where it is absent or another form. */
export function resetMilliseconds(headers: HeaderReader): number | null {
	const match = /^(\d+):(\d+):(\d+)(?:\.\d+)?$/.exec(
		headers.get("x-ms-user-quota-resets-after") ?? "",
	);
	if (match === null) return null;
	const [, hours, minutes, seconds] = match.map(Number);
	return ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
}

/** `Retry-After` in seconds or as a date; null where it is absent. */
export function retryAfterMilliseconds(
	headers: HeaderReader,
	now: number,
): number | null {
	const value = headers.get("retry-after");
	if (value === undefined) return null;
	if (/^\d+$/.test(value)) return Number(value) * 1000;
	const at = Date.parse(value);
	return Number.isNaN(at) ? null : Math.max(0, at - now);
}
