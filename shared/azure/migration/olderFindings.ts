import { type Finding, longestTitle, type Remedy } from "../../contract.ts";
import type {
	FlapHistory,
	KeptFinding,
	Past,
} from "../../findings/flapping.ts";
import { headlineOf } from "../../findings/headline.ts";
import type { Change } from "../../findings/lifecycle.ts";
import { shorten } from "../../text.ts";

/*
 * Findings and changes that earlier releases wrote, in the form of this one. A row tells its release by its own fields:
 * audits replace rows one by one, and a resolved finding stays as it was written until it is removed.
 */

/** As releases up to 0.2 wrote it. */
interface OlderFinding
	extends Omit<
			KeptFinding,
			| "demand"
			| "additionalNodes"
			| "headline"
			| "reasons"
			| "remedies"
			| "lastKnown"
			| "flapHistory"
		>,
		Unrest {
	readonly drawn: Finding["demand"];
	readonly nodesLeft: Finding["additionalNodes"];
	readonly because: readonly string[];
	readonly remedies: readonly {
		readonly kind: string;
		readonly text: string;
		readonly command?: string;
	}[];
	/** Release 0.1 wrote none. */
	readonly lastKnown?: Finding["lastKnown"];
}

/** What releases up to 0.2 called the flap history. */
interface Unrest {
	readonly unrest?: FlapHistory;
}

export type StoredFinding = KeptFinding | OlderFinding;

export type StoredChange = Omit<Change, "finding" | "past"> & {
	readonly finding: StoredFinding;
	readonly past: (Past & Unrest) | null;
};

export function upToDateFinding(row: StoredFinding): KeptFinding {
	if (!("drawn" in row)) return row;
	const { drawn, nodesLeft, because, lastKnown = null, ...same } = row;
	const remedies = row.remedies.map(remedyOf);
	const finding = {
		...same,
		demand: drawn,
		additionalNodes: nodesLeft,
		// What each spoke of was not written down.
		reasons: because.map((text) => ({ kind: "cause" as const, text })),
		remedies,
		lastKnown,
	};
	return withFlapHistory({ ...finding, headline: headlineOf(finding) });
}

/** What was one text begins with what to do, up to its first colon or full stop. */
function remedyOf({
	kind,
	text,
	command,
}: OlderFinding["remedies"][number]): Remedy {
	const [title = text] = text.split(/[:.;] /, 1);
	return {
		kind,
		title: shorten(title, longestTitle),
		detail: title === text ? [] : [text],
		command: command === undefined ? [] : command.split(" && "),
	};
}

export function upToDateChange({
	finding,
	past,
	...same
}: StoredChange): Change {
	return {
		...same,
		finding: upToDateFinding(finding),
		past: past && withFlapHistory(past),
	};
}

function withFlapHistory<T extends object>({
	unrest,
	...row
}: T & Unrest): Omit<T, "unrest"> & { readonly flapHistory?: FlapHistory } {
	return unrest === undefined ? row : { ...row, flapHistory: unrest };
}
