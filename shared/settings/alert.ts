import {
	type AlertChannel,
	defaultChannel,
	type Webhook,
} from "../alert/routes.ts";
import { type Weekday, weekdays } from "../alert/weekly.ts";
import { type Severity, severities } from "../contract.ts";
import { type Environment, SettingsError, text } from "./environment.ts";
import { anyText, listOf, oneOf, wholeNumber } from "./kinds.ts";
import { ownReportUrl, reportUrlKind } from "./reportUrl.ts";
import { parseRoutes } from "./routes.ts";
import { readSettings, type SettingRows } from "./setting.ts";
import { isSecretAddress } from "./vaultSecret.ts";
import { parseWebhookUrl, workflowHosts } from "./webhookUrl.ts";

/** Settings of the channels. A wrong one stops its own channel. */
export const channelRows = {
	TEAMS_WEBHOOK_URL: {
		kind: anyText("an https address"),
		default: "",
		meaning:
			"The address of the Teams workflow, or of a Key Vault secret that has it. Whoever knows it can post. Empty: alerts are recorded, not sent",
	},
	TEAMS_WEBHOOK_HOSTS: {
		kind: listOf({
			accepted: "host suffixes with commas between them",
			item: "a host suffix such as .logic.azure.com",
			// Two labels at least: any host at all could be under a suffix of one.
			accepts: (host) => /^\.?([a-z\d-]+\.)+[a-z\d-]+$/i.test(host),
		}),
		default: workflowHosts.join(","),
		defaultText: "the eight below",
		meaning: "The hosts that a webhook address can have",
	},
	ALERT_ROUTES: {
		kind: anyText("JSON, [below](#more-than-one-channel)"),
		default: "",
		meaning: "More channels, and which clusters each one hears about",
	},
} satisfies SettingRows;

/** Settings of every card. A wrong one stops all delivery. */
export const cardRows = {
	ALERT_MIN_SEVERITY: {
		kind: oneOf(severities),
		default: "high",
		meaning:
			"The card lists changes from this severity up. It only counts the others, and they alone cause no card",
	},
	ALERT_WEEKLY_DAY: {
		kind: oneOf([...weekdays, "never"]),
		default: "monday",
		meaning:
			"The first audit of this day (UTC) sends the weekly summary, with or without news. A missed one follows with the next audit",
	},
	ALERT_REPEAT_DAYS: {
		kind: wholeNumber(1, 365),
		default: "7",
		meaning:
			"The weekly summary lists critical findings again when they had no news for this many days",
	},
	REPORT_URL: {
		kind: reportUrlKind,
		default: "",
		defaultText: "the app's own `/api/report`",
		meaning:
			"Where the card's links lead. An address with a key in it is refused",
	},
} satisfies SettingRows;

export interface AlertSettings {
	/** The routes in their order, then the default channel. */
	readonly channels: readonly AlertChannel[];
	/** What is wrong with ALERT_ROUTES itself. */
	readonly routeProblems: readonly string[];
	/** Null where neither the setting nor the app's own address is known. */
	readonly reportUrl: string | null;
	/** Null: never. */
	readonly weeklyDay: Weekday | null;
	readonly repeatDays: number;
}

/**
 * Settings of the alert. Throws `SettingsError`, which stops delivery and nothing else. What is wrong with one channel
 * is part of that channel, and stops no other.
 */
export function alertSettings(env: Environment): AlertSettings {
	const problems: string[] = [];
	const values = readSettings(cardRows, env, problems);
	if (values === null)
		throw new SettingsError([
			...problems,
			...channelProblems(channelsOf(env, "high")),
		]);
	const { ALERT_WEEKLY_DAY: day } = values;
	return {
		...channelsOf(env, values.ALERT_MIN_SEVERITY),
		reportUrl: values.REPORT_URL ?? ownReportUrl(env),
		weeklyDay: day === "never" ? null : day,
		repeatDays: values.ALERT_REPEAT_DAYS,
	};
}

/** Where the report opens. Null where that is not known, or the setting is wrong. */
export function reportUrl(env: Environment): string | null {
	const { REPORT_URL } = cardRows;
	const values = readSettings({ REPORT_URL }, env, []);
	return values && (values.REPORT_URL ?? ownReportUrl(env));
}

/** Everything that keeps alerts from being sent, without a secret. Empty: nothing. */
export function alertProblems(env: Environment): readonly string[] {
	try {
		return channelProblems(alertSettings(env));
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		return error.problems;
	}
}

type Channels = Pick<AlertSettings, "channels" | "routeProblems">;

function channelsOf(env: Environment, minSeverity: Severity): Channels {
	const { routes, problems } = parseRoutes(text(env, "ALERT_ROUTES"));
	return {
		routeProblems: problems,
		channels: [
			...routes.map(({ webhookSetting, ...route }) => ({
				...route,
				webhook: routeWebhook(env, webhookSetting),
				minSeverity: route.minSeverity ?? minSeverity,
			})),
			{
				name: defaultChannel,
				webhook: webhookOf(env, "TEAMS_WEBHOOK_URL"),
				minSeverity,
				subscriptions: null,
				tag: null,
			},
		],
	};
}

function channelProblems({ routeProblems, channels }: Channels): string[] {
	const wrong = channels.flatMap(({ webhook }) =>
		webhook.kind === "wrong" ? [webhook.reason] : [],
	);
	return [...routeProblems, ...wrong];
}

/** A route exists to be sent, so an empty webhook setting is a mistake. */
function routeWebhook(env: Environment, name: string): Webhook {
	const webhook = webhookOf(env, name);
	if (webhook.kind === "secret") return { ...webhook, required: true };
	return webhook.kind === "none"
		? {
				kind: "wrong",
				reason: `${name} is missing; ALERT_ROUTES names it as a webhook.`,
			}
		: webhook;
}

function webhookOf(env: Environment, name: string): Webhook {
	const given = text(env, name);
	if (given === "") return { kind: "none" };
	const problems: string[] = [];
	const { TEAMS_WEBHOOK_HOSTS } = channelRows;
	const hosts = readSettings({ TEAMS_WEBHOOK_HOSTS }, env, problems);
	if (hosts === null) return { kind: "wrong", reason: problems.join(" ") };
	if (isSecretAddress(given))
		return {
			kind: "secret",
			address: given,
			setting: name,
			hosts: hosts.TEAMS_WEBHOOK_HOSTS,
			required: false,
		};
	const parsed = parseWebhookUrl(given, hosts.TEAMS_WEBHOOK_HOSTS);
	return parsed.ok
		? { kind: "url", url: parsed.url }
		: { kind: "wrong", reason: `${name} ${parsed.reason}` };
}
