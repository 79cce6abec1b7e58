import type {
	Acceptance,
	ChangeKind,
	Finding,
	GivenAcceptance,
	Severity,
} from "../contract.ts";
import { acceptancesAt, expiryText } from "./acceptance.ts";
import { isSettled, type KeptFinding } from "./flapping.ts";
import type { Change } from "./lifecycle.ts";

/** An open finding that nothing changed about: its acceptance ended, or it stopped coming and going and stays. */
export const noticeKinds = ["unaccepted", "settled"] as const;
export type NewsKind = ChangeKind | (typeof noticeKinds)[number];

/** What a channel is told of one finding. */
export interface News {
	readonly kind: NewsKind;
	readonly finding: Finding;
	/** Its severity before, where it was open. */
	readonly severityBefore: Severity | null;
	/** Why it was resolved, or who had accepted it. Null where there is no more to say. */
	readonly reason: string | null;
	/** A new rule found it, or its sums are new, or the finding comes and goes from now on. Each is said once. */
	readonly note: "new-rule" | "new-arithmetic" | "comes-and-goes" | null;
}

/** Whether a change is told, or only counted: accepted and no worse, or of a finding known to come and go. */
type Telling = "told" | "accepted" | "damped";

export function telling(
	{ worse, flapping }: Pick<Change, "worse" | "flapping">,
	acceptance: Acceptance | null,
): Telling {
	if (acceptance !== null && !worse) return "accepted";
	return flapping === "goes-on" ? "damped" : "told";
}

interface ToTell {
	readonly news: readonly News[];
	/** Changes of findings that come and go: counted only. */
	readonly damped: readonly Change[];
}

/**
 * What an audit tells. `since`: when the audit before it ended, the last one that could tell (null: there was none).
 * What ended between the two is told once.
 */
export function newsOf(
	changes: readonly Change[],
	open: readonly KeptFinding[],
	given: readonly GivenAcceptance[],
	{ since, at }: { readonly since: string | null; readonly at: string },
): ToTell {
	const acceptance = acceptancesAt(given, at);
	const sorted = Map.groupBy(changes, (change) =>
		telling(change, acceptance(change.finding)),
	);
	const told = sorted.get("told") ?? [];
	const ids = new Set(told.map(({ finding }) => finding.id));
	const quiet = open.filter(({ id }) => !ids.has(id));
	return {
		news: [
			...told.map(asNews),
			...(since === null ? [] : notices(quiet, given, since, at)),
		],
		damped: sorted.get("damped") ?? [],
	};
}

function asNews({
	kind,
	finding,
	severityBefore,
	reason,
	newRule,
	newArithmetic,
	flapping,
}: Change): News {
	const note = newRule
		? "new-rule"
		: newArithmetic
			? "new-arithmetic"
			: flapping === "starts"
				? "comes-and-goes"
				: null;
	return { kind, finding, severityBefore, reason, note };
}

function notices(
	open: readonly KeptFinding[],
	given: readonly GivenAcceptance[],
	since: string,
	at: string,
): News[] {
	const before = acceptancesAt(given, since);
	const now = acceptancesAt(given, at);
	return open.flatMap((finding): News[] => {
		if (now(finding) !== null) return [];
		const ended = before(finding);
		if (ended !== null)
			return [notice("unaccepted", finding, endedText(ended))];
		return isSettled(finding, at) && !isSettled(finding, since)
			? [notice("settled", finding, null)]
			: [];
	});
}

function endedText({ owner, expiry, reason }: Acceptance): string {
	return `accepted by ${owner} until ${expiryText(expiry)}: ${reason}`;
}

function notice(
	kind: (typeof noticeKinds)[number],
	finding: Finding,
	reason: string | null,
): News {
	return { kind, finding, severityBefore: null, reason, note: null };
}
