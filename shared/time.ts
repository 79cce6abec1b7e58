export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** This many days before a time (ISO 8601). */
export function daysBefore(at: string, days: number): Date {
	return new Date(Date.parse(at) - days * dayMs);
}

/** Hours from one time to another, parts of them included. */
export function hoursBetween(from: string, to: string): number {
	return (Date.parse(to) - Date.parse(from)) / hourMs;
}

/** Whole days from one time to another. */
export function daysBetween(from: string, to: string): number {
	return Math.floor(hoursBetween(from, to) / 24);
}

/** What a promise comes to, or null where that takes longer. It goes on all the same. */
export async function within<T>(
	milliseconds: number,
	promise: Promise<T>,
): Promise<T | null> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<null>((done) => {
		timer = setTimeout(() => done(null), milliseconds);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
		// What it comes to later is nobody's business any more.
		promise.catch(() => undefined);
	}
}

export type Sleep = (milliseconds: number) => Promise<void>;

export const sleep: Sleep = (milliseconds) =>
	new Promise((done) => setTimeout(done, milliseconds));
