import * as v from "valibot";
import { type Severity, severities } from "../contract.ts";

/** Where the channel's webhook leads, read from the settings each time: it stands nowhere else. */
export type Webhook =
	| { readonly kind: "url"; readonly url: string }
	/** None is set: cards are recorded, not sent. */
	| { readonly kind: "none" }
	| { readonly kind: "wrong"; readonly reason: string };

/** A Teams channel and what it is told of. */
export interface AlertChannel {
	/** Safe in keys; `default` is the one of TEAMS_WEBHOOK_URL. */
	readonly name: string;
	readonly webhook: Webhook;
	readonly minSeverity: Severity;
	/** Subscription ids, lower case; null: any. */
	readonly subscriptions: readonly string[] | null;
	/** A tag of the cluster, lower case; null: any. */
	readonly tag: { readonly name: string; readonly value: string } | null;
}

export const defaultChannel = "default";
/** Stands in the outbox for ALERT_ROUTES itself where that cannot be read. */
export const routesChannel = "routes";

/** What decides who is told of a cluster. */
export interface Place {
	readonly subscription: string;
	/** Names in lower case. */
	readonly tags: Readonly<Record<string, string>>;
}

/** Every route that matches, or else the default channel, so that nothing is told to nobody. */
export function channelsFor(
	channels: readonly AlertChannel[],
	place: Place,
): AlertChannel[] {
	const matching = channels.filter(
		(channel) => channel.name !== defaultChannel && matches(channel, place),
	);
	return matching.length > 0
		? matching
		: channels.filter(({ name }) => name === defaultChannel);
}

function matches({ subscriptions, tag }: AlertChannel, place: Place): boolean {
	if (subscriptions !== null && !subscriptions.includes(place.subscription))
		return false;
	return tag === null || tagValue(place.tags, tag.name) === tag.value;
}

function tagValue(tags: Place["tags"], name: string): string | undefined {
	return Object.hasOwn(tags, name) ? tags[name]?.toLowerCase() : undefined;
}

/** Whether it hears of the whole fleet: a route without conditions, or the default channel where there is no route. */
export function isWhole(
	channels: readonly AlertChannel[],
	channel: AlertChannel,
): boolean {
	return channel.name === defaultChannel
		? channels.length === 1
		: isUnconditional(channel);
}

/** The default channel is left with nothing where a route takes everything. */
export function hasShare(
	channels: readonly AlertChannel[],
	channel: AlertChannel,
): boolean {
	return (
		channel.name !== defaultChannel ||
		channels.every((other) => other === channel || !isUnconditional(other))
	);
}

function isUnconditional({ subscriptions, tag }: AlertChannel): boolean {
	return subscriptions === null && tag === null;
}

/** A route as ALERT_ROUTES says it, its webhook by the name of the setting that holds the address. */
export interface Route extends Omit<AlertChannel, "webhook" | "minSeverity"> {
	readonly webhookSetting: string;
	readonly minSeverity: Severity | null;
}

const subscriptionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// Messages of our own: the library's would quote what stands there, which may be an address with its secret.
const routeSchema = v.strictObject(
	{
		channel: v.pipe(
			v.string("is no text"),
			v.regex(
				/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
				"is no name of up to 40 small letters, digits and hyphens",
			),
			v.notValue(defaultChannel, "is the channel of TEAMS_WEBHOOK_URL"),
			v.notValue(routesChannel, "is taken"),
		),
		webhook: v.pipe(
			v.string("is no text"),
			v.regex(
				/^[A-Za-z_][A-Za-z0-9_]{0,99}$/,
				"is not the name of a setting: the address itself stands in a setting of its own",
			),
		),
		minSeverity: v.optional(
			v.picklist(severities, `is none of ${severities.join(", ")}`),
		),
		subscriptions: v.optional(
			v.pipe(
				v.array(
					v.pipe(
						v.string("is no text"),
						v.regex(subscriptionId, "is no subscription id"),
						v.toLowerCase(),
					),
					"is no list",
				),
				v.minLength(1, "is empty"),
			),
		),
		tag: v.optional(
			v.pipe(
				v.string("is no text"),
				v.regex(/^[^=]+=.+$/, "is not of the form name=value"),
				v.toLowerCase(),
			),
		),
	},
	"is missing, or none of channel, webhook, minSeverity, subscriptions, tag",
);

/** Routes that can be used, and in words what is wrong with the others. Nothing of the setting itself is quoted. */
export function parseRoutes(text: string): {
	readonly routes: readonly Route[];
	readonly problems: readonly string[];
} {
	if (text === "") return { routes: [], problems: [] };
	const entries = listIn(text);
	if (entries === null)
		return { routes: [], problems: ["ALERT_ROUTES is no JSON list of routes"] };
	const routes: Route[] = [];
	const problems: string[] = [];
	for (const [index, entry] of entries.entries()) {
		const place = `ALERT_ROUTES: route ${index + 1}`;
		const parsed = v.safeParse(routeSchema, entry);
		if (!parsed.success) {
			problems.push(`${place}: ${issueText(parsed.issues[0])}`);
			continue;
		}
		const { channel, webhook, minSeverity, subscriptions, tag } = parsed.output;
		if (routes.some(({ name }) => name === channel))
			problems.push(`${place}: channel ${channel} stands there twice`);
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
		// What the parser says quotes the text.
		return null;
	}
}

function issueText(issue: v.InferIssue<typeof routeSchema>): string {
	const field = issue.path?.map(({ key }) => String(key)).join(".");
	return field ? `${field} ${issue.message}` : "is no object";
}

function tagOf(text: string): { name: string; value: string } {
	const at = text.indexOf("=");
	return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
