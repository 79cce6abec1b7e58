import {
	type AlertChannel,
	defaultChannel,
	parseRoutes,
	type Webhook,
} from "./alert/routes.ts";
import { parseWebhookUrl, workflowHosts } from "./alert/webhook.ts";
import { type Weekday, weekdays } from "./alert/weekly.ts";
import { type Severity, severities } from "./contract.ts";
import type { Thresholds } from "./rules/rule.ts";
import { type Cloud, cloudSetting, publicCloud } from "./settings/cloud.ts";
import {
	collect,
	type Environment,
	isLoopback,
	list,
	quoted,
	SettingsError,
	text,
} from "./settings/environment.ts";
import { type StorageSetting, storageSetting } from "./settings/storage.ts";

/** Every setting that the program reads, with its default; `local.settings.sample.json` lists the same. */
export const settingDefaults = {
	AzureWebJobsStorage: "",
	AUDIT_STORAGE: "",
	AUDIT_SCHEDULE: "0 0 5 * * *",
	AUDIT_SUBSCRIPTIONS: "",
	AUDIT_MANAGEMENT_GROUPS: "",
	AUDIT_MAX_HOURS: "6",
	AUDIT_MISSING_AUDITS: "3",
	AUDIT_NEARLY_FULL_PERCENT: "90",
	AUDIT_NEARLY_FULL_EXIT_PERCENT: "85",
	AUDIT_RUNWAY_DAYS: "30",
	AUDIT_PODS_PER_NODE: "30",
	AUDIT_OVERSIZED_PERCENT: "5",
	AUDIT_ROUTE_LIMIT: "400",
	AUDIT_ACCEPTANCE_TAG: "subnet-audit-acceptance",
	AUDIT_RETENTION_DAYS: "90",
	FINDING_RETENTION_DAYS: "365",
	HEALTH_MAX_AGE_HOURS: "26",
	RESOURCE_MANAGER_ENDPOINT: publicCloud.endpoint,
	TEAMS_WEBHOOK_URL: "",
	TEAMS_WEBHOOK_HOSTS: workflowHosts.join(","),
	ALERT_MIN_SEVERITY: "high",
	ALERT_WEEKLY_DAY: "monday",
	ALERT_REPEAT_DAYS: "7",
	ALERT_ROUTES: "",
	REPORT_URL: "",
} as const;

const mostHours = 168;
/** A monthly schedule and a few days. */
const mostHealthHours = 840;
const mostRetentionDays = 3650;

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
	/** Name of the clusters' tag that accepts findings; null: tags accept nothing. */
	readonly acceptanceTag: string | null;
	/** Names of tags, lower case, by which alerts are routed: no other is kept. */
	readonly routedTags: readonly string[];
	readonly thresholds: Thresholds;
	readonly retention: Retention;
	/** The age of the newest audit that ended, from which on the auditor is late. */
	readonly healthMaxAgeHours: number;
}

/** How long what is over is kept, in days. */
export interface Retention {
	/** Audits, their changes and alerts, and durable instances. */
	readonly auditDays: number;
	readonly resolvedFindingDays: number;
}

export interface AlertSettings {
	/** The routes in their order, then the default channel. */
	readonly channels: readonly AlertChannel[];
	/** What is wrong with ALERT_ROUTES itself: routes that cannot be used at all. */
	readonly routeProblems: readonly string[];
	readonly reportUrl: string | null;
	/** Null: never. */
	readonly weeklyDay: Weekday | null;
	readonly repeatDays: number;
}

/** Settings of storage, scope and judgement; throws `SettingsError`, since an audit of the wrong fleet is worse than none. */
export function auditSettings(env: Environment): AuditSettings {
	const problems: string[] = [];
	const storage = collect(problems, () => storageSetting(env));
	const cloud = collect(problems, () => cloudSetting(env));
	const subscriptions = subscriptionsSetting(env, problems);
	const managementGroups = managementGroupsSetting(env, problems);
	const number = (name: keyof typeof settingDefaults, most: number) =>
		wholeNumber(env, name, most, problems);
	const settings = {
		maxHours: hours(env, "AUDIT_MAX_HOURS", mostHours, problems),
		missingAudits: number("AUDIT_MISSING_AUDITS", 365),
		routesPerTable: number("AUDIT_ROUTE_LIMIT", 100_000),
		acceptanceTag: acceptanceTagSetting(env, problems),
		routedTags: routedTags(env),
		thresholds: {
			nearlyFullPercent: number("AUDIT_NEARLY_FULL_PERCENT", 100),
			nearlyFullExitPercent: number("AUDIT_NEARLY_FULL_EXIT_PERCENT", 100),
			runwayDays: number("AUDIT_RUNWAY_DAYS", 365),
			podsPerNode: number("AUDIT_PODS_PER_NODE", 250),
			oversizedPercent: number("AUDIT_OVERSIZED_PERCENT", 100),
		},
		retention: {
			auditDays: number("AUDIT_RETENTION_DAYS", mostRetentionDays),
			resolvedFindingDays: number("FINDING_RETENTION_DAYS", mostRetentionDays),
		},
		healthMaxAgeHours: hours(
			env,
			"HEALTH_MAX_AGE_HOURS",
			mostHealthHours,
			problems,
		),
	};
	const { nearlyFullPercent, nearlyFullExitPercent } = settings.thresholds;
	if (nearlyFullPercent > 0 && nearlyFullExitPercent > nearlyFullPercent)
		problems.push(
			"AUDIT_NEARLY_FULL_EXIT_PERCENT is above AUDIT_NEARLY_FULL_PERCENT",
		);
	if (storage === null || cloud === null || problems.length > 0)
		throw new SettingsError(problems);
	return { storage, cloud, subscriptions, managementGroups, ...settings };
}

/** The limit alone, the default where it is wrong: the audit itself then fails and names every wrong setting. */
export function maxHours(env: Environment): number {
	const problems: string[] = [];
	const given = hours(env, "AUDIT_MAX_HOURS", mostHours, problems);
	return problems.length === 0
		? given
		: Number(settingDefaults.AUDIT_MAX_HOURS);
}

/**
 * Settings of the alert; throws `SettingsError`, which stops delivery and nothing else. What is wrong with one channel
 * stands with that channel, and stops no other.
 */
export function alertSettings(env: Environment): AlertSettings {
	const problems: string[] = [];
	const minSeverity = severitySetting(env, problems);
	const reportUrl = collect(problems, () => reportUrlSetting(env));
	const weeklyDay = weekdaySetting(env, problems);
	const repeatDays = wholeNumber(env, "ALERT_REPEAT_DAYS", 365, problems);
	const { routes, problems: routeProblems } = parseRoutes(
		text(env, "ALERT_ROUTES"),
	);
	const channels = [
		...routes.map(({ webhookSetting, ...route }) => ({
			...route,
			webhook: routeWebhook(env, webhookSetting),
			minSeverity: route.minSeverity ?? minSeverity,
		})),
		{
			name: defaultChannel,
			webhook: webhookSetting(env, "TEAMS_WEBHOOK_URL"),
			minSeverity,
			subscriptions: null,
			tag: null,
		},
	];
	const settings = {
		channels,
		routeProblems,
		reportUrl,
		weeklyDay,
		repeatDays,
	};
	if (problems.length > 0)
		throw new SettingsError([...problems, ...channelProblems(settings)]);
	return settings;
}

/** Everything that keeps alerts from being sent, in words and without a secret; empty: nothing. */
export function alertProblems(env: Environment): readonly string[] {
	try {
		return channelProblems(alertSettings(env));
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		return error.problems;
	}
}

function channelProblems({ routeProblems, channels }: AlertSettings): string[] {
	const wrong = channels.flatMap(({ webhook }) =>
		webhook.kind === "wrong" ? [webhook.reason] : [],
	);
	return [...routeProblems, ...wrong];
}

function routedTags(env: Environment): string[] {
	const { routes } = parseRoutes(text(env, "ALERT_ROUTES"));
	return [...new Set(routes.flatMap(({ tag }) => (tag ? [tag.name] : [])))];
}

/** Where audits and findings are; throws `SettingsError` naming every wrong setting, not this one alone. */
export function tablesSetting(env: Environment): StorageSetting {
	try {
		return storageSetting(env);
	} catch (error) {
		if (error instanceof SettingsError) auditSettings(env);
		throw error;
	}
}

function subscriptionsSetting(env: Environment, problems: string[]): string[] {
	const ids = list(env, "AUDIT_SUBSCRIPTIONS", problems).map((id) =>
		id.toLowerCase(),
	);
	for (const id of ids)
		if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
			problems.push(`AUDIT_SUBSCRIPTIONS: ${quoted(id)} is no subscription id`);
	return [...new Set(ids)];
}

function managementGroupsSetting(
	env: Environment,
	problems: string[],
): string[] {
	const names = list(env, "AUDIT_MANAGEMENT_GROUPS", problems);
	for (const name of names)
		if (!/^[-\w.()]{1,90}$/.test(name))
			problems.push(
				`AUDIT_MANAGEMENT_GROUPS: ${quoted(name)} is no management group's name`,
			);
	return [...new Set(names)];
}

/** The one setting that an empty value switches off. A tag's name is up to 512 characters, some of which Azure refuses. */
function acceptanceTagSetting(
	env: Environment,
	problems: string[],
): string | null {
	const name = "AUDIT_ACCEPTANCE_TAG";
	const given = (env[name] ?? settingDefaults[name]).trim();
	if (!/^[^<>%&\\?/\p{Cc}]{0,512}$/u.test(given))
		problems.push(`${name}: ${quoted(given)} is no name of a tag`);
	return given === "" ? null : given;
}

/** Hours may be parts of one: half an hour is long enough for a small fleet. */
function hours(
	env: Environment,
	name: "AUDIT_MAX_HOURS" | "HEALTH_MAX_AGE_HOURS",
	most: number,
	problems: string[],
): number {
	const given = text(env, name) || settingDefaults[name];
	const number = /^\d{1,3}(\.\d{1,6})?$/.test(given) ? Number(given) : 0;
	if (number <= 0 || number > most)
		problems.push(
			`${name}: ${quoted(given)} is no number of hours above 0 and up to ${most}`,
		);
	return number;
}

function wholeNumber(
	env: Environment,
	name: keyof typeof settingDefaults,
	most: number,
	problems: string[],
): number {
	const given = text(env, name) || settingDefaults[name];
	const number = /^\d{1,9}$/.test(given) ? Number(given) : 0;
	if (number < 1 || number > most)
		problems.push(
			`${name}: ${quoted(given)} is no whole number from 1 to ${most}`,
		);
	return number;
}

function severitySetting(env: Environment, problems: string[]): Severity {
	const given =
		text(env, "ALERT_MIN_SEVERITY").toLowerCase() ||
		settingDefaults.ALERT_MIN_SEVERITY;
	const severity = severities.find((name) => name === given);
	if (severity === undefined)
		problems.push(
			`ALERT_MIN_SEVERITY: ${quoted(given)} is none of ${severities.join(", ")}`,
		);
	return severity ?? "high";
}

/** The link stands in a channel that many read: a key in it would be everybody's. */
function reportUrlSetting(env: Environment): string | null {
	const given = text(env, "REPORT_URL");
	if (given === "") return null;
	const url = URL.parse(given);
	const loopback = url?.protocol === "http:" && isLoopback(url.hostname);
	if (url === null || (url.protocol !== "https:" && !loopback))
		throw new SettingsError(["REPORT_URL is no https address"]);
	if (holdsKey(url))
		throw new SettingsError([
			"REPORT_URL holds a key: the link is shown to everyone in the channel",
		]);
	return url.href;
}

function holdsKey(url: URL): boolean {
	const keys = ["code", "sig", "key", "token", "x-functions-key"];
	const names = [
		...url.searchParams.keys(),
		...new URLSearchParams(url.hash.slice(1)).keys(),
	];
	return (
		url.username !== "" ||
		url.password !== "" ||
		names.some((name) => keys.includes(name.toLowerCase()))
	);
}

function weekdaySetting(env: Environment, problems: string[]): Weekday | null {
	const name = "ALERT_WEEKLY_DAY";
	const given = text(env, name).toLowerCase() || settingDefaults[name];
	if (given === "never") return null;
	const weekday = weekdays.find((day) => day === given);
	if (weekday === undefined)
		problems.push(
			`${name}: ${quoted(given)} is neither never nor one of ${weekdays.join(", ")}`,
		);
	return weekday ?? null;
}

/** A route is there to be sent: that its setting is empty is a mistake. */
function routeWebhook(env: Environment, name: string): Webhook {
	const webhook = webhookSetting(env, name);
	return webhook.kind === "none"
		? {
				kind: "wrong",
				reason: `${name}, which ALERT_ROUTES names, is not set`,
			}
		: webhook;
}

/** Two labels at the least: a suffix of one would let the address be anybody's. */
function isHostSuffix(text: string): boolean {
	return /^\.?([a-z\d-]+\.)+[a-z\d-]+$/i.test(text);
}

function webhookSetting(env: Environment, name: string): Webhook {
	const given = text(env, name);
	if (given === "") return { kind: "none" };
	const problems: string[] = [];
	const hosts = list(env, "TEAMS_WEBHOOK_HOSTS", problems);
	const odd = hosts.find((host) => !isHostSuffix(host));
	if (odd !== undefined)
		problems.push(
			`TEAMS_WEBHOOK_HOSTS: ${quoted(odd)} is no suffix of hosts, as .logic.azure.com is`,
		);
	if (problems.length > 0)
		return { kind: "wrong", reason: problems.join("; ") };
	const parsed = parseWebhookUrl(
		given,
		hosts.length > 0 ? hosts : workflowHosts,
	);
	return parsed.ok
		? { kind: "url", url: parsed.url }
		: { kind: "wrong", reason: `${name}: ${parsed.reason}` };
}
