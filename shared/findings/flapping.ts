import type { ChangeKind, Finding } from "../contract.ts";
import { dayMs } from "../time.ts";
import { compareWeight, type Weight, weightOf } from "./weight.ts";

/*
 * Verdicts have no hysteresis: a finding that comes and goes every night really opens and resolves every night. Here
 * the channel is spared most of that.
 */

/** One return can be chance. Two within two rounds of a weekly load are a habit. */
const returnsToFlap = 2;
const windowMs = 14 * dayMs;
/** A week has every weekday: a finding without a change for a week does not follow the week's rhythm. */
const calmMs = 7 * dayMs;

/** What is remembered of a finding that moved. Absent where it never did. */
export interface FlapHistory {
	/** When it came back (ISO 8601), oldest first: the last ones that matter, `returnsToFlap` at most. */
	readonly returns: readonly string[];
	/** The worst that it has been since it was last calm. */
	readonly worst: Weight;
	/** Its last move was for the better. */
	readonly eased: boolean;
	readonly flapping: boolean;
}

/** A finding as it is kept. What is remembered of its moves is shown to nobody. */
export interface KeptFinding extends Finding {
	readonly flapHistory?: FlapHistory;
}

/** What the next move of a finding follows from. */
export type Past = Weight &
	Pick<KeptFinding, "firstSeen" | "changedAt" | "flapHistory">;

export function pastOf(past: Past): Past {
	const { firstSeen, changedAt, flapHistory } = past;
	const kept = { ...weightOf(past), firstSeen, changedAt };
	return flapHistory === undefined ? kept : { ...kept, flapHistory };
}

/** `starts`: from now on it comes and goes, said once. `goes-on`: it is known to, and counted only. */
export type Flapping = "no" | "starts" | "goes-on";

/** A move of a finding that was there before. Worse than it was known to be is never damped. */
export function flapHistoryAfter(
	kind: Exclude<ChangeKind, "opened">,
	past: Past,
	now: Weight,
	at: string,
): { readonly flapHistory: FlapHistory; readonly flapping: Flapping } {
	const before = remembered(past, at);
	const worst = compareWeight(before.worst, now) > 0;
	const isReturn =
		kind === "reopened" || (kind === "worsened" && before.eased && !worst);
	const returns = [...before.returns, ...(isReturn ? [at] : [])]
		.filter((time) => elapsed(time, at) <= windowMs)
		.slice(-returnsToFlap);
	const starts = !before.flapping && returns.length === returnsToFlap;
	return {
		flapHistory: {
			returns,
			worst: worst ? weightOf(now) : before.worst,
			eased: kind === "eased" || kind === "resolved",
			flapping: before.flapping || starts,
		},
		flapping: starts ? "starts" : before.flapping && !worst ? "goes-on" : "no",
	};
}

/** It came and went, and has now stayed as it is for this long that the channel may believe it. */
export function isSettled(finding: KeptFinding, at: string): boolean {
	return (
		finding.flapHistory?.flapping === true &&
		elapsed(finding.changedAt, at) >= calmMs
	);
}

function remembered(past: Past, at: string): FlapHistory {
	if (past.flapHistory === undefined || elapsed(past.changedAt, at) >= calmMs)
		return {
			returns: [],
			worst: weightOf(past),
			eased: false,
			flapping: false,
		};
	return past.flapHistory;
}

function elapsed(from: string, to: string): number {
	return Date.parse(to) - Date.parse(from);
}
