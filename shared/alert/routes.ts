import type { Severity } from "../contract.ts";

/** Where the channel's webhook leads, read from the settings each time: it is stored nowhere else. */
export type Webhook =
	| { readonly kind: "url"; readonly url: string }
	/** The address is in Key Vault, and read from there for each card. */
	| {
			readonly kind: "secret";
			/** Of the secret, which is no secret itself. */
			readonly address: string;
			/** The setting that names it. */
			readonly setting: string;
			/** Host suffixes that the webhook can have. */
			readonly hosts: readonly string[];
			/** Without the secret there is a mistake. Else cards are recorded, not sent. */
			readonly required: boolean;
	  }
	/** None is set: cards are recorded, not sent. */
	| { readonly kind: "none" }
	| { readonly kind: "wrong"; readonly reason: string };

/** What a vault answers. */
export type Secret =
	| { readonly kind: "value"; readonly value: string }
	| { readonly kind: "missing" }
	/** The reason is part of a sentence and has no secret. */
	| { readonly kind: "unreadable"; readonly reason: string };

export type ReadSecret = (address: string) => Promise<Secret>;

/** A Teams channel and what it is told of. */
export interface AlertChannel {
	/** Safe in keys. `default` is the one of TEAMS_WEBHOOK_URL. */
	readonly name: string;
	readonly webhook: Webhook;
	readonly minSeverity: Severity;
	/** Subscription ids, lower case. Null: any. */
	readonly subscriptions: readonly string[] | null;
	/** A tag of the cluster, lower case. Null: any. */
	readonly tag: { readonly name: string; readonly value: string } | null;
}

export const defaultChannel = "default";
/** The channel of the outbox row for ALERT_ROUTES itself, if that setting cannot be read. */
export const routesChannel = "routes";

/** What decides who is told of a cluster. */
export interface Place {
	readonly subscription: string;
	/** Names in lower case. */
	readonly tags: Readonly<Record<string, string>>;
}

/** Every route that matches, or else the default channel, so that no news gets lost. */
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

/**
 * Whether it hears about the whole fleet: a route without conditions, or the default channel if there are no routes.
 */
export function isWhole(
	channels: readonly AlertChannel[],
	channel: AlertChannel,
): boolean {
	return channel.name === defaultChannel
		? channels.length === 1
		: isUnconditional(channel);
}

/** If a route takes everything, the default channel gets nothing. */
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
