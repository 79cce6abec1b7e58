import { isSubscriptionId } from "../arm.ts";
import type { Thresholds } from "../rules/rule.ts";
import { type Cloud, cloudKind, portalOf, publicCloud } from "./cloud.ts";
import { collect, type Environment, SettingsError } from "./environment.ts";
import { anyText, checked, hours, listOf, wholeNumber } from "./kinds.ts";
import { parseRoutes } from "./routes.ts";
import { readSettings, type SettingRows } from "./setting.ts";
import { type StorageSetting, storageSetting } from "./storage.ts";

/** The Functions host reads it. */
export const scheduleRows = {
	AUDIT_SCHEDULE: {
		kind: anyText("an NCRONTAB expression of six fields"),
		default: "0 0 5 * * *",
		meaning: "When the nightly audit starts",
	},
} satisfies SettingRows;

const percent = wholeNumber(1, 100);
const days = wholeNumber(1, 365);
const keptDays = wholeNumber(1, 3650);

const nearlyFullRows = {
	AUDIT_NEARLY_FULL_PERCENT: {
		kind: percent,
		default: "90",
		meaning: "`nearly-full` opens at this percentage",
	},
	AUDIT_NEARLY_FULL_EXIT_PERCENT: {
		kind: percent,
		default: "85",
		meaning:
			"`nearly-full` resolves below this percentage. It is at most `AUDIT_NEARLY_FULL_PERCENT`",
	},
} satisfies SettingRows;

export const auditRows = {
	AUDIT_SUBSCRIPTIONS: {
		kind: listOf({
			accepted: "subscription IDs with commas between them",
			item: "a subscription ID (a GUID)",
			accepts: isSubscriptionId,
			read: (id) => id.toLowerCase(),
		}),
		default: "",
		defaultText: "all",
		meaning:
			"The subscriptions whose clusters are judged. Networks and neighbors are read wherever the identity has access",
	},
	AUDIT_MANAGEMENT_GROUPS: {
		kind: listOf({
			accepted: "management group names with commas between them",
			item: "a management group name (up to 90 letters, digits or -_.())",
			accepts: (name) => /^[-\w.()]{1,90}$/.test(name),
		}),
		default: "",
		defaultText: "all",
		meaning:
			"The management groups whose clusters are judged. With both settings, the clusters of either",
	},
	AUDIT_MAX_HOURS: {
		kind: hours(168),
		default: "6",
		meaning:
			"An audit that runs longer is replaced at the next start. 0.5 is half an hour",
	},
	AUDIT_MISSING_AUDITS: {
		kind: days,
		default: "3",
		meaning:
			"After this many audits in a row without an answer, a subscription is out of reach. Until then it is a gap",
	},
	...nearlyFullRows,
	AUDIT_RUNWAY_DAYS: {
		kind: days,
		default: "30",
		meaning:
			"`runway-short` opens when a budget will be full within this many days. It resolves above 1.5 times as many",
	},
	AUDIT_PODS_PER_NODE: {
		kind: wholeNumber(1, 250),
		default: "30",
		meaning:
			"`pods-per-node-low` opens when a node of a dynamic pod subnet can have fewer pods on average",
	},
	AUDIT_OVERSIZED_PERCENT: {
		kind: percent,
		default: "5",
		meaning:
			"`oversized-subnet` opens when a node subnet never uses more than this percentage",
	},
	AUDIT_ROUTE_LIMIT: {
		kind: wholeNumber(1, 100_000),
		default: "400",
		meaning: "Routes that one route table can have (kubenet)",
	},
	AUDIT_ACCEPTANCE_TAG: {
		kind: checked(
			"a tag name of up to 512 characters without < > % & \\ ? /",
			(given) => /^[^<>%&\\?/\p{Cc}]{0,512}$/u.test(given),
			(given) => (given === "" ? null : given),
		),
		default: "subnet-audit-acceptance",
		canBeEmpty: true,
		meaning:
			"The cluster tag with which a team accepts its findings. Empty: no tag accepts findings",
	},
	AUDIT_RETENTION_DAYS: {
		kind: keptDays,
		default: "90",
		meaning:
			"How long audits, their changes, alerts and durable instances are kept, in days",
	},
	FINDING_RETENTION_DAYS: {
		kind: keptDays,
		default: "365",
		meaning:
			"How long resolved findings are kept, in days. Open findings are never removed",
	},
	HEALTH_MAX_AGE_HOURS: {
		// A monthly schedule and a few days.
		kind: hours(840),
		default: "26",
		meaning:
			"The health check reports a problem when the newest completed or partial audit began longer ago. Raise it for a rarer `AUDIT_SCHEDULE`",
	},
	RESOURCE_MANAGER_ENDPOINT: {
		kind: cloudKind,
		default: publicCloud.endpoint,
		meaning:
			"Azure Resource Manager of your cloud. Plain http works on loopback only, and gets no token",
	},
} satisfies SettingRows;

export interface AuditSettings {
	readonly storage: StorageSetting;
	readonly cloud: Cloud;
	/** Empty: every subscription that is visible. */
	readonly subscriptions: readonly string[];
	readonly managementGroups: readonly string[];
	readonly maxHours: number;
	/** Audits in a row after which a subscription that does not answer is out of reach. */
	readonly missingAudits: number;
	readonly routesPerTable: number;
	/** Name of the clusters' tag that accepts findings. Null: tags accept nothing. */
	readonly acceptanceTag: string | null;
	/** Names of tags, lower case, by which alerts are routed: no other is kept. */
	readonly routedTags: readonly string[];
	readonly thresholds: Thresholds;
	readonly retention: Retention;
	/** The auditor is late when its newest ended audit is older. */
	readonly healthMaxAgeHours: number;
}

/** The Azure portal of the cloud. Null where the setting is wrong. */
export function portalUrl(env: Environment): string | null {
	const { RESOURCE_MANAGER_ENDPOINT } = auditRows;
	const values = readSettings({ RESOURCE_MANAGER_ENDPOINT }, env, []);
	return values && portalOf(values.RESOURCE_MANAGER_ENDPOINT);
}

/** How long old records are kept, in days. */
export interface Retention {
	/** Audits, their changes and alerts, and durable instances. */
	readonly auditDays: number;
	readonly resolvedFindingDays: number;
}

/** Settings of storage, scope and judgement. Throws `SettingsError`: an audit of the wrong fleet is worse than none. */
export function auditSettings(env: Environment): AuditSettings {
	const problems: string[] = [];
	const storage = collect(problems, () => storageSetting(env));
	const rest = scopeAndJudgement(env, problems);
	if (storage === null || rest === null || problems.length > 0)
		throw new SettingsError(problems);
	return { storage, ...rest };
}

/** The same without storage, for a check that keeps nothing. Throws `SettingsError`. */
export function checkSettings(
	env: Environment,
): Omit<AuditSettings, "storage"> {
	const problems: string[] = [];
	const settings = scopeAndJudgement(env, problems);
	if (settings === null || problems.length > 0)
		throw new SettingsError(problems);
	return settings;
}

function scopeAndJudgement(
	env: Environment,
	problems: string[],
): Omit<AuditSettings, "storage"> | null {
	const values = readSettings(auditRows, env, problems);
	problems.push(...exitProblems(env));
	if (values === null) return null;
	return {
		cloud: values.RESOURCE_MANAGER_ENDPOINT,
		subscriptions: values.AUDIT_SUBSCRIPTIONS,
		managementGroups: values.AUDIT_MANAGEMENT_GROUPS,
		maxHours: values.AUDIT_MAX_HOURS,
		missingAudits: values.AUDIT_MISSING_AUDITS,
		routesPerTable: values.AUDIT_ROUTE_LIMIT,
		acceptanceTag: values.AUDIT_ACCEPTANCE_TAG,
		routedTags: routedTags(env),
		thresholds: {
			nearlyFullPercent: values.AUDIT_NEARLY_FULL_PERCENT,
			nearlyFullExitPercent: values.AUDIT_NEARLY_FULL_EXIT_PERCENT,
			runwayDays: values.AUDIT_RUNWAY_DAYS,
			podsPerNode: values.AUDIT_PODS_PER_NODE,
			oversizedPercent: values.AUDIT_OVERSIZED_PERCENT,
		},
		retention: {
			auditDays: values.AUDIT_RETENTION_DAYS,
			resolvedFindingDays: values.FINDING_RETENTION_DAYS,
		},
		healthMaxAgeHours: values.HEALTH_MAX_AGE_HOURS,
	};
}

/** Read alone, so that it is reported beside other wrong settings. */
function exitProblems(env: Environment): string[] {
	const values = readSettings(nearlyFullRows, env, []);
	if (values === null) return [];
	const {
		AUDIT_NEARLY_FULL_PERCENT: enter,
		AUDIT_NEARLY_FULL_EXIT_PERCENT: exit,
	} = values;
	if (exit <= enter) return [];
	return [
		`AUDIT_NEARLY_FULL_EXIT_PERCENT is ${exit}; use at most ${enter}, the value of AUDIT_NEARLY_FULL_PERCENT.`,
	];
}

/** Wrong routes name no tags here. The alert's own settings report them. */
function routedTags(env: Environment): string[] {
	const { routes } = parseRoutes((env.ALERT_ROUTES ?? "").trim());
	return [...new Set(routes.flatMap(({ tag }) => (tag ? [tag.name] : [])))];
}

/** The time limit alone. A wrong one means the default: the audit itself then fails and names every wrong setting. */
export function maxHours(env: Environment): number {
	const { AUDIT_MAX_HOURS } = auditRows;
	const values = readSettings({ AUDIT_MAX_HOURS }, env, []);
	return values?.AUDIT_MAX_HOURS ?? Number(AUDIT_MAX_HOURS.default);
}

export interface ReportFacts {
	readonly portal: string | null;
	/** The newest audit is late when it is older. */
	readonly maxAgeHours: number | null;
}

/** What the report says beside the audit. Null where a setting is wrong: the next audit names it. */
export function reportFacts(env: Environment): ReportFacts {
	const { HEALTH_MAX_AGE_HOURS } = auditRows;
	const age = readSettings({ HEALTH_MAX_AGE_HOURS }, env, []);
	return {
		portal: portalUrl(env),
		maxAgeHours: age?.HEALTH_MAX_AGE_HOURS ?? null,
	};
}

/**
 * The subscriptions whose clusters are judged. Null where that is not settled by their IDs alone. Wrong settings settle
 * nothing here: the audit fails and names them.
 */
export function judgedSubscriptions(
	env: Environment,
): readonly string[] | null {
	const { AUDIT_SUBSCRIPTIONS, AUDIT_MANAGEMENT_GROUPS } = auditRows;
	const rows = { AUDIT_SUBSCRIPTIONS, AUDIT_MANAGEMENT_GROUPS };
	const values = readSettings(rows, env, []);
	if (values === null || values.AUDIT_MANAGEMENT_GROUPS.length > 0) return null;
	const ids = values.AUDIT_SUBSCRIPTIONS;
	return ids.length === 0 ? null : ids;
}

/** Where audits and findings are. Throws `SettingsError` that names every wrong setting, not this one alone. */
export function tablesSetting(env: Environment): StorageSetting {
	try {
		return storageSetting(env);
	} catch (error) {
		if (error instanceof SettingsError) auditSettings(env);
		throw error;
	}
}
