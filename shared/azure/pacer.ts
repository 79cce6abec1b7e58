import { type Sleep, sleep } from "../time.ts";

/** What the quota headers of Resource Graph say: 15 queries in 5 seconds a principal, one page is one query. */
export interface Pacer {
	/**
	 * Waits until the quota allows another request, those in flight counted. The caller says by what it gets when the
	 * request is over, however it ended.
	 */
	readonly ready: () => Promise<() => void>;
	/** Takes note of a response's headers. */
	readonly note: (headers: HeaderReader) => void;
	/** Nothing is sent for this long. */
	readonly pause: (milliseconds: number) => void;
}

export interface HeaderReader {
	get(name: string): string | undefined;
}

/** Documented, until answers show more. */
const documentedLimit = 15;
const documentedWindow = 5000;

/**
 * A header counts the requests that had arrived when it was written. Those on their way come on top. So a window allows
 * the least of what we know: the limit without what we sent, and what each answer allowed without what was in flight
 * then. Answers overtake each other, so none of them raises it.
 */
export function createPacer(
	// Time of day can be set back, and it does not move where nights are simulated: then no pause would end.
	now: () => number = () => performance.now(),
	wait: Sleep = sleep,
): Pacer {
	let notBefore = 0;
	let inFlight = 0;
	let limit = documentedLimit;
	/** Requests that may still be sent in this window. Null: no answer has shown a quota. */
	let allowed: number | null = null;
	/** When this window is over for certain. Null: no answer of it has come. */
	let windowEnds: number | null = null;
	let hasAnswered = false;
	let waiting: (() => void)[] = [];

	const pause = (milliseconds: number) => {
		notBefore = Math.max(notBefore, now() + milliseconds);
	};
	const nextAnswer = () =>
		new Promise<void>((done) => {
			waiting.push(done);
		});
	const answered = () => {
		const woken = waiting;
		waiting = [];
		for (const wake of woken) wake();
	};
	/** What must pass before another request. Null: it may go. */
	const obstacle = (): (() => Promise<void>) | null => {
		if (windowEnds !== null && now() >= windowEnds) {
			windowEnds = null;
			// What is still on its way may be counted in the new window.
			allowed = limit - inFlight;
		}
		const pausedFor = notBefore - now();
		if (pausedFor > 0) return () => wait(pausedFor);
		// The first answer says whether there is a quota.
		if (!hasAnswered) return inFlight > 0 ? nextAnswer : null;
		if (allowed === null || allowed > 0) return null;
		if (windowEnds !== null) {
			const left = windowEnds - now();
			return () => wait(left);
		}
		return inFlight > 0 ? nextAnswer : null;
	};

	return {
		ready: async () => {
			for (let next = obstacle(); next !== null; next = obstacle())
				await next();
			inFlight++;
			if (allowed !== null) allowed--;
			let isOver = false;
			return () => {
				if (isOver) return;
				isOver = true;
				inFlight--;
				hasAnswered = true;
				answered();
			};
		},
		note: (headers) => {
			const remaining = remainingOf(headers);
			if (remaining === null) return;
			hasAnswered = true;
			limit = Math.max(limit, remaining + 1);
			// The answered request is still counted as in flight.
			const left = remaining - Math.max(0, inFlight - 1);
			allowed = allowed === null ? left : Math.min(allowed, left);
			const ends = now() + (resetMilliseconds(headers) ?? documentedWindow);
			windowEnds = windowEnds === null ? ends : Math.min(windowEnds, ends);
			answered();
		},
		pause,
	};
}

function remainingOf(headers: HeaderReader): number | null {
	const text = headers.get("x-ms-user-quota-remaining") ?? "";
	return /^\d{1,6}$/.test(text) ? Number(text) : null;
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
