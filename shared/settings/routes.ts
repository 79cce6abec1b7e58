import * as v from "valibot";
import {
	type AlertChannel,
	defaultChannel,
	routesChannel,
} from "../alert/routes.ts";
import { isSubscriptionId } from "../arm.ts";
import { type Severity, severities } from "../contract.ts";
import { isUnresolved, keyVaultProblem } from "./environment.ts";
import { oneOf } from "./kinds.ts";

/** A route of ALERT_ROUTES. It names the setting with its webhook's address, which is a secret. */
export interface Route extends Omit<AlertChannel, "webhook" | "minSeverity"> {
	readonly webhookSetting: string;
	/** Null: that of ALERT_MIN_SEVERITY. */
	readonly minSeverity: Severity | null;
}

// Messages of our own: the library's would quote the value, which can be an address with its secret.
const mustBeText = "must be text.";
const mustBeTag = "must be name=value.";
const fields = {
	channel: v.pipe(
		v.string(mustBeText),
		v.regex(
			/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
			"must be up to 40 lower-case letters, digits and hyphens, with no hyphen at an end.",
		),
		v.notValue(
			defaultChannel,
			`is "${defaultChannel}", the channel of TEAMS_WEBHOOK_URL; use another name.`,
		),
		v.notValue(
			routesChannel,
			`is "${routesChannel}", which the auditor uses itself; use another name.`,
		),
	),
	webhook: v.pipe(
		v.string(mustBeText),
		v.regex(
			/^[A-Za-z_][A-Za-z0-9_]{0,99}$/,
			"must be the name of a setting. Put the address into that setting.",
		),
	),
	minSeverity: v.optional(
		v.picklist(severities, `must be ${oneOf(severities).accepted}.`),
	),
	subscriptions: v.optional(
		v.pipe(
			v.array(
				v.pipe(
					v.string(mustBeText),
					v.check(isSubscriptionId, "must be a subscription ID (a GUID)."),
					v.toLowerCase(),
				),
				"must be a list of subscription IDs.",
			),
			v.minLength(1, "is empty; name a subscription or remove the field."),
		),
	),
	tag: v.optional(
		v.pipe(
			v.string(mustBeTag),
			v.regex(/^[^=]+=.+$/, mustBeTag),
			v.toLowerCase(),
		),
	),
};
const routeSchema = v.strictObject(fields, ({ expected }) =>
	expected === "never"
		? `is not a field of a route; use ${Object.keys(fields).join(", ")}.`
		: "is missing.",
);

/** The usable routes, and what is wrong with the rest. No message quotes the setting. */
export function parseRoutes(text: string): {
	readonly routes: readonly Route[];
	readonly problems: readonly string[];
} {
	if (text === "") return { routes: [], problems: [] };
	if (isUnresolved(text))
		return { routes: [], problems: [`ALERT_ROUTES ${keyVaultProblem}`] };
	const entries = listIn(text);
	if (entries === null)
		return {
			routes: [],
			problems: [
				'ALERT_ROUTES is not a JSON list; use [{ "channel": "…", "webhook": "…" }].',
			],
		};
	const routes: Route[] = [];
	const problems: string[] = [];
	for (const [index, entry] of entries.entries()) {
		const place = `ALERT_ROUTES, route ${index + 1}`;
		const parsed = v.safeParse(routeSchema, entry);
		if (!parsed.success) {
			problems.push(problemOf(place, parsed.issues[0]));
			continue;
		}
		const { channel, webhook, minSeverity, subscriptions, tag } = parsed.output;
		if (routes.some(({ name }) => name === channel))
			problems.push(
				`${place}: channel "${channel}" is used twice; give each route its own.`,
			);
		else
			routes.push({
				name: channel,
				webhookSetting: webhook,
				minSeverity: minSeverity ?? null,
				subscriptions: subscriptions ?? null,
				tag: tag === undefined ? null : tagOf(tag),
			});
	}
	return { routes, problems };
}

function listIn(text: string): unknown[] | null {
	try {
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : null;
	} catch {
		// The parser's own message quotes the text.
		return null;
	}
}

function problemOf(
	place: string,
	{ path, message }: v.InferIssue<typeof routeSchema>,
): string {
	return path
		? `${place}: ${path.map(({ key }) => String(key)).join(".")} ${message}`
		: `${place} must be a JSON object with channel and webhook.`;
}

function tagOf(text: string): { name: string; value: string } {
	const at = text.indexOf("=");
	return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
