import type { Acceptance, Finding, GivenAcceptance } from "../contract.ts";

/** Characters that a page and a card can still show. */
export const longestReason = 500;
export const longestOwner = 200;

/**
 * Control characters, those that turn the direction of text (they would also turn the words beside it), and half
 * surrogate pairs, which storage and Teams change.
 */
const unprintable =
	/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

export function isPrintable(text: string): boolean {
	return !unprintable.test(text);
}

/** What an acceptance says. When it ends is checked apart. */
export type Terms = Pick<Acceptance, "reason" | "owner" | "expiry">;

/** Which acceptance counts for a finding, of those in force at a time. */
export type AcceptanceOf = (
	finding: Pick<Finding, "id" | "cluster" | "severity" | "budget">,
) => Acceptance | null;

/** One of the finding itself goes before one of its budget, that before a tag's. A tag accepts nothing critical. */
export function acceptancesAt(
	given: readonly GivenAcceptance[],
	at: string,
): AcceptanceOf {
	const inForce = given.filter((one) => isInForce(one, at));
	const by = (kind: Acceptance["by"], key: keyof GivenAcceptance["covers"]) =>
		new Map(
			inForce
				.filter((one) => one.by === kind)
				.map((one) => [one.covers[key], acceptanceOf(one)]),
		);
	const findings = by("finding", "finding");
	const budgets = by("budget", "budget");
	const clusters = by("tag", "cluster");
	return ({ id, cluster, severity, budget }) =>
		findings.get(id) ??
		(budget && budgets.get(budget.id)) ??
		(severity === "critical" ? null : clusters.get(cluster)) ??
		null;
}

export function isInForce(
	{ expiry }: Pick<Terms, "expiry">,
	at: string,
): boolean {
	return Date.parse(expiry) > Date.parse(at);
}

export function acceptanceOf({
	reason,
	owner,
	expiry,
	by,
	acceptedBy,
	acceptedAt,
}: Acceptance): Acceptance {
	return { reason, owner, expiry, by, acceptedBy, acceptedAt };
}

/**
 * Why a text cannot be an expiry at this time, in words to put behind it. Or null. One in the past is not wrong: see
 * `isInForce`.
 */
export function expiryProblem(text: string, at: string): string | null {
	if (!isTime(text))
		return "which is not a time; use an ISO 8601 date (2027-03-01) or a date-time with its offset (2027-03-01T08:00:00Z)";
	return Date.parse(text) > yearAfter(at)
		? "which is more than a year ahead; use a time within a year"
		: null;
}

/** One form for all, in UTC: a date alone begins at midnight. */
export function normalExpiry(expiry: string): string {
	return new Date(expiry).toISOString();
}

/** `2027-03-31`, with the time where it is not midnight: `2027-03-31 08:00 UTC`. */
export function expiryText(expiry: string): string {
	const [day = "", clock = ""] = normalExpiry(expiry).split("T");
	return clock === "00:00:00.000Z" ? day : `${day} ${clock.slice(0, 5)} UTC`;
}

/** Long enough for any plan, short enough that somebody looks again: the same time of the same day of the next year. */
function yearAfter(at: string): number {
	const time = new Date(at);
	return time.setUTCFullYear(time.getUTCFullYear() + 1);
}

/** `Date.parse` reads days that do not exist as other days. A date alone begins at midnight UTC. */
function isTime(text: string): boolean {
	const [, day] =
		/^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.exec(
			text,
		) ?? [];
	if (day === undefined || Number.isNaN(Date.parse(text))) return false;
	const midnight = Date.parse(`${day}T00:00:00Z`);
	return (
		!Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
	);
}

/** What the tag of a cluster says, or why that cannot be read. */
type TagReading =
	| { readonly kind: "terms"; readonly terms: Terms }
	| { readonly kind: "unreadable"; readonly reason: string };

const tagKeys = ["until", "owner", "reason"] as const;
type TagKey = (typeof tagKeys)[number];

/** `until=2027-03-01; owner=platform; reason=…`: each once, in any order, and nothing else. */
export function readTag(value: string, at: string): TagReading {
	const said = new Map<TagKey, string>();
	for (const part of value.split(";")) {
		if (part.trim() === "") continue;
		const [name = "", ...rest] = part.split("=");
		const key = tagKeys.find((one) => one === name.trim().toLowerCase());
		if (key === undefined || rest.length === 0)
			return unreadable(
				`${JSON.stringify(part.trim())} is unknown; use until=, owner= and reason=`,
			);
		if (said.has(key))
			return unreadable(`${key} is there more than once; use it once`);
		said.set(key, rest.join("=").trim());
	}
	const missing = tagKeys.find((key) => !said.get(key));
	if (missing !== undefined) return unreadable(`${missing} is missing`);
	const { until = "", owner = "", reason = "" } = Object.fromEntries(said);
	if (!isPrintable(owner) || !isPrintable(reason))
		return unreadable("it has characters that cannot be shown");
	const problem = expiryProblem(until, at);
	return problem === null
		? {
				kind: "terms",
				terms: { reason, owner, expiry: normalExpiry(until) },
			}
		: unreadable(`until is ${JSON.stringify(until)}, ${problem}`);
}

function unreadable(reason: string): TagReading {
	return { kind: "unreadable", reason };
}
