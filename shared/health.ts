import type { AuditState } from "./contract.ts";
import { hourMs, minuteMs } from "./time.ts";

/** What the health check could learn. A part that did not answer is "away", never silently fine. */
export interface Vitals {
	/** The newest audit that reached its end. Null: none has. */
	readonly newest: {
		readonly state: Extract<AuditState, "completed" | "partial">;
		/** ISO 8601. */
		readonly startedAt: string;
	} | null;
	/** ISO 8601: since when somebody has looked, in a deployment that has not ended an audit yet. */
	readonly since: string;
	/** Cards that wait, and those of the last seven days that could not be sent. */
	readonly alerts: { readonly waiting: number; readonly failed: number };
	/** What the watcher found dead, newest first. Times are ISO 8601. */
	readonly deaths: readonly {
		readonly at: string;
		readonly what: "audit" | "delivery";
		readonly outcome: "restarted" | "failed";
	}[];
	/** Looks at the change feed. Times are milliseconds since 1970. */
	readonly feed: {
		/** The last one, or since when one is due. */
		readonly looked: number;
		/** Since when each of them has failed. Null: the last one did not. */
		readonly failing: number | null;
	};
	/** Since when instances that were told to end have not ended. */
	readonly ending: readonly { readonly since: string }[];
}

export type Answers = "answers" | "away" | "not-asked";

export interface Health {
	readonly status: "healthy" | "unhealthy";
	/** Why it is not healthy. Empty where it is. */
	readonly reasons: readonly string[];
	/** What is worth a look and makes it no less healthy. */
	readonly notices: readonly string[];
	readonly version: string;
	readonly newestAudit: {
		readonly state: "completed" | "partial";
		readonly startedAt: string;
		readonly ageHours: number;
	} | null;
	readonly alerts: {
		readonly waiting: number;
		readonly failed: number;
	} | null;
	/** Names of settings that are wrong, without their values. */
	readonly wrongSettings: readonly string[];
	readonly storage: Answers;
	readonly resourceGraph: Answers;
}

export interface HealthFacts {
	readonly version: string;
	/** Null: storage did not answer. */
	readonly vitals: Vitals | null;
	readonly resourceGraph: Answers;
	/** Without these no audit can run. */
	readonly wrongAuditSettings: readonly string[];
	/** With these no change is heard. */
	readonly wrongChangeSettings: readonly string[];
	/** Milliseconds from one look at the change feed to the next. Null: it is off, or its settings are wrong. */
	readonly feedEvery: number | null;
	/** With these no card can be sent. */
	readonly wrongAlertSettings: readonly string[];
	/** The default channel's secret is not in the vault. */
	readonly webhookMissing: boolean;
	/** WEBSITE_AUTH_ENABLED is set, and nothing else says that the platform checks who signs in. */
	readonly signInFaked: boolean;
	/** Null where that setting itself is wrong. */
	readonly maxAgeHours: number | null;
	readonly now: Date;
}

/** Judges from facts that anybody may know: ages, counts and names of settings, nothing about the fleet. */
export function judgeHealth(facts: HealthFacts): Health {
	const { version, vitals, resourceGraph, wrongAuditSettings, now } = facts;
	const newest = vitals?.newest ?? null;
	const reasons = [
		...(vitals === null ? ["storage does not answer"] : []),
		...(resourceGraph === "away" ? ["Resource Graph does not answer"] : []),
		...(wrongAuditSettings.length > 0
			? [`settings are wrong: ${wrongAuditSettings.join(", ")}`]
			: []),
		...(facts.wrongChangeSettings.length > 0
			? [
					`changes are not heard, since settings are wrong: ${facts.wrongChangeSettings.join(", ")}`,
				]
			: []),
		...(facts.signInFaked ? [fakedReason] : []),
		...lateness(vitals, facts.maxAgeHours, now),
		...(vitals === null ? [] : deadly(vitals)),
		...deafness(vitals, facts.feedEvery, now),
	];
	return {
		status: reasons.length === 0 ? "healthy" : "unhealthy",
		reasons,
		notices: [
			...(vitals === null ? [] : noticesOf(vitals, now)),
			...hardOfHearing(vitals, facts.feedEvery, now),
			...(facts.webhookMissing
				? ["the vault has no webhook address: cards are recorded, not sent"]
				: []),
		],
		version,
		newestAudit: newest && {
			...newest,
			ageHours: Math.round(hoursSince(newest.startedAt, now) * 10) / 10,
		},
		alerts: vitals?.alerts ?? null,
		wrongSettings: [
			...wrongAuditSettings,
			...facts.wrongChangeSettings,
			...facts.wrongAlertSettings,
			...(facts.signInFaked ? ["WEBSITE_AUTH_ENABLED"] : []),
		],
		storage: vitals === null ? "away" : "answers",
		resourceGraph,
	};
}

const fakedReason =
	"WEBSITE_AUTH_ENABLED is set by hand, so anybody can read the report's data; remove it, and turn on authentication of the app";

/** An audit that died twice has failed. A later one that ends makes up for it. */
function deadly({ newest, deaths }: Vitals): string[] {
	const last = deaths.find(
		({ what, outcome }) => what === "audit" && outcome === "failed",
	);
	if (last === undefined) return [];
	if (newest !== null && Date.parse(newest.startedAt) > Date.parse(last.at))
		return [];
	return ["an audit died twice; see the log of the function app"];
}

const noticeHours = 24;
/** A host looks at its queues within seconds. */
const endingHours = 0.5;

function noticesOf({ deaths, ending }: Vitals, now: Date): string[] {
	const lately = deaths.filter(({ at }) => hoursSince(at, now) < noticeHours);
	const count = (what: string, outcome: string) =>
		lately.filter((one) => one.what === what && one.outcome === outcome).length;
	const stuck = ending.filter(
		({ since }) => hoursSince(since, now) > endingHours,
	);
	return [
		said("audits that died and were restarted", count("audit", "restarted")),
		said("audits that died twice and failed", count("audit", "failed")),
		said(
			"deliveries that died and were restarted",
			count("delivery", "restarted"),
		),
		said(
			"cards not sent, as their delivery died twice,",
			count("delivery", "failed"),
		),
		stuck.length === 0
			? null
			: `replaced audits that have not ended: ${stuck.length}; they change nothing`,
	].filter((notice) => notice !== null);
}

function said(what: string, count: number): string | null {
	return count === 0
		? null
		: `${what} in the last ${noticeHours} hours: ${count}`;
}

/** A deployment that has not ended an audit yet is late once its first health check is that old. */
function lateness(
	vitals: Vitals | null,
	maxAgeHours: number | null,
	now: Date,
): string[] {
	if (vitals === null || maxAgeHours === null) return [];
	const { newest, since } = vitals;
	if (hoursSince(newest?.startedAt ?? since, now) <= maxAgeHours) return [];
	return [
		newest === null
			? `no audit has ended within ${maxAgeHours} hours`
			: `the newest audit that ended began more than ${maxAgeHours} hours ago`,
	];
}

/** Looks that may be missing, or fail: a throttled one is made up for by the next. */
const mostMissing = 3;

/** Before an audit of the fleet has ended, nobody looks: nothing is new yet. */
function deafness(
	vitals: Vitals | null,
	every: number | null,
	now: Date,
): string[] {
	if (vitals === null || vitals.newest === null || every === null) return [];
	const { looked, failing } = vitals.feed;
	const most = every * mostMissing;
	const minutes = Math.round(most / minuteMs);
	if (now.getTime() - looked > most)
		return [
			`changes are not heard: no look at the change feed has ended for more than ${minutes} minutes; see whether the timer hearChanges runs, and its log`,
		];
	return failing !== null && now.getTime() - failing > most
		? [
				`changes are not heard: each look at the change feed for more than ${minutes} minutes has failed; ${whereFailed}`,
			]
		: [];
}

const whereFailed =
	"the log of hearChanges says why, and the identity's role needs Microsoft.Resources/changes/read";

function hardOfHearing(
	vitals: Vitals | null,
	every: number | null,
	now: Date,
): string[] {
	if (vitals === null || vitals.newest === null || every === null) return [];
	return vitals.feed.failing !== null &&
		deafness(vitals, every, now).length === 0
		? [
				`the last look at the change feed failed, and the next one asks for the same; ${whereFailed}`,
			]
		: [];
}

function hoursSince(at: string, now: Date): number {
	return (now.getTime() - Date.parse(at)) / hourMs;
}
