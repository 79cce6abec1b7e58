import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, accessDenied, throttled, unavailable } from "./answer.ts";
import type { AskedQuery } from "./askedQuery.ts";
import { type Fault, type FaultBox, isFault } from "./faults.ts";
import type { QueryService } from "./queryService.ts";
import { type Quota, quotaHeaders } from "./quota.ts";

/** An answer, or its lack: `none` leaves the caller waiting, `reset` closes the connection. */
type Outcome = Answer | "none" | "reset";

export interface QueryGate {
	readonly service: QueryService;
	readonly faults: FaultBox;
	readonly quota: Quota;
}

/** Every request counts against the quota, a refused query too. Faults see only what the quota lets through. */
export async function outcomeOf(
	{ service, faults, quota }: QueryGate,
	{ seen, query }: AskedQuery,
	index: number,
): Promise<Outcome> {
	const { exceeded, remaining, resetsAfter, retryAfter } = quota();
	const headers = quotaHeaders(remaining, resetsAfter);
	if (exceeded) {
		const options = retryAfter ? { retryAfterSeconds: resetsAfter } : {};
		return withHeaders(throttled(options), headers);
	}
	if (query.kind === "refused") return withHeaders(query.answer, headers);

	const applied = faults.next({ ...seen, index });
	const faulty = await faultyOutcome(applied);
	if (faulty === "none" || faulty === "reset") return faulty;

	const answer =
		faulty ?? service.answer(query.request, query.position, applied);
	return withHeaders(answer, headers);
}

/** The outcome of faults that leave no page to answer. A delay is waited for here. */
async function faultyOutcome(
	faults: readonly Fault[],
): Promise<Outcome | undefined> {
	for (const { ms } of faults.filter(isFault("delay"))) {
		await sleep(ms, undefined, { ref: false });
	}
	if (faults.some(isFault("hang"))) return "none";
	if (faults.some(isFault("reset"))) return "reset";

	const throttle = faults.find(isFault("throttle"));
	if (throttle) {
		const { resetsAfterSeconds = 1 } = throttle;
		return withHeaders(
			throttled(throttle),
			quotaHeaders(0, resetsAfterSeconds),
		);
	}
	if (faults.some(isFault("unavailable"))) return unavailable();
	if (faults.some(isFault("deny"))) return accessDenied();
	return undefined;
}

/** The answer's own headers win. */
function withHeaders(
	answer: Answer,
	headers: Readonly<Record<string, string>>,
): Answer {
	return { ...answer, headers: { ...headers, ...answer.headers } };
}
