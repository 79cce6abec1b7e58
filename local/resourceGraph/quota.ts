/** Queries that a principal may send in a window. `retryAfter` says whether a 429 has that header. */
export interface QuotaOptions {
	readonly requests: number;
	readonly seconds: number;
	readonly retryAfter?: boolean;
}

/** Documented for Resource Graph. Whether it sends `Retry-After` is not, so none is sent. */
export const documentedQuota: QuotaOptions = { requests: 15, seconds: 5 };

interface QuotaState {
	readonly exceeded: boolean;
	readonly remaining: number;
	/** Until the window ends, in seconds. */
	readonly resetsAfter: number;
	readonly retryAfter: boolean;
}

/** Counts one request. */
export type Quota = () => QuotaState;

/** Far above what an audit sends: the auditor waits for the end of a window that allows fifteen. */
const plentyLeft = 999_999;

/** A window opens with its first request and is not prolonged by refused ones. `off` always answers plenty. */
export function createQuota(
	options: QuotaOptions | "off",
	now: () => number,
): Quota {
	if (options === "off") {
		const plenty = {
			exceeded: false,
			remaining: plentyLeft,
			resetsAfter: documentedQuota.seconds,
			retryAfter: false,
		};
		return () => plenty;
	}

	const { requests, seconds, retryAfter = false } = options;
	let windowEnds = Number.NEGATIVE_INFINITY;
	let used = 0;
	return () => {
		if (now() >= windowEnds) {
			windowEnds = now() + seconds * 1000;
			used = 0;
		}
		const exceeded = used >= requests;
		if (!exceeded) used++;
		return {
			exceeded,
			remaining: requests - used,
			resetsAfter: Math.ceil((windowEnds - now()) / 1000),
			retryAfter,
		};
	};
}

export function quotaHeaders(
	remaining: number,
	resetsAfter: number,
): Record<string, string> {
	return {
		"x-ms-user-quota-remaining": String(remaining),
		"x-ms-user-quota-resets-after": hoursMinutesSeconds(resetsAfter),
	};
}

function hoursMinutesSeconds(seconds: number): string {
	const parts = [
		Math.floor(seconds / 3600),
		Math.floor(seconds / 60) % 60,
		seconds % 60,
	];
	return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
