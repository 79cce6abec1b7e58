import { isLoopback } from "../loopback.ts";
import {
	credentialsProblem,
	hasCredentials,
	isUnresolved,
	keyVaultProblem,
} from "./environment.ts";

/**
 * Hosts of workflow triggers: the "When an HTTP request is received" table of
 * learn.microsoft.com/power-automate/ip-address-configuration, for the public, US Government and China clouds.
 */
export const workflowHosts: readonly string[] = [
	".api.powerplatform.com",
	".logic.azure.com",
	".api.gov.powerplatform.microsoft.us",
	".api.high.powerplatform.microsoft.us",
	".api.appsplatform.us",
	".logic.azure.us",
	".api.powerplatform.partner.microsoftonline.cn",
	".logic.azure.cn",
];

export type WebhookUrl =
	| { readonly ok: true; readonly url: string }
	/** The reason continues the setting's name. */
	| { readonly ok: false; readonly reason: string };

/**
 * The reason never quotes the setting: whoever knows the URL can post.
 * A suffix with a leading dot means hosts below it, one without means that host too.
 */
export function parseWebhookUrl(
	text: string,
	allowedHostSuffixes: readonly string[] = workflowHosts,
): WebhookUrl {
	const trimmed = text.trim();
	if (trimmed === "") return refuse(`is empty; ${useWorkflow}`);
	if (isUnresolved(trimmed)) return refuse(keyVaultProblem);

	const url = URL.parse(trimmed);
	if (!url) return refuse(`is not a valid URL; ${useWorkflow}`);
	if (hasCredentials(url)) return refuse(credentialsProblem);
	if (url.protocol === "http:" && isLoopback(url.hostname))
		return { ok: true, url: url.href };
	return httpsUrl(url, allowedHostSuffixes);
}

const useWorkflow = "use the https address of a Teams workflow.";

function httpsUrl(url: URL, suffixes: readonly string[]): WebhookUrl {
	if (url.protocol !== "https:")
		return refuse(`does not begin with https://; ${useWorkflow}`);
	if (url.port !== "")
		return refuse("has a port other than 443; remove the port.");
	if (suffixes.some((suffix) => isUnder(url.hostname, suffix)))
		return { ok: true, url: url.href };
	if (isConnector(url.hostname))
		return refuse(
			'is the address of an Office 365 connector, and these are retired. Create the workflow "Post to a channel when a webhook request is received" in Teams and use its address.',
		);
	return refuse(
		`has a host that is not allowed. TEAMS_WEBHOOK_HOSTS allows ${suffixes.join(", ")}.`,
	);
}

function refuse(reason: string): WebhookUrl {
	return { ok: false, reason };
}

function isUnder(host: string, suffix: string): boolean {
	const name = suffix.trim().toLowerCase();
	if (name.replaceAll(".", "") === "") return false;
	return name.startsWith(".")
		? host.endsWith(name)
		: host === name || host.endsWith(`.${name}`);
}

function isConnector(host: string): boolean {
	return host.endsWith(".webhook.office.com") || host === "outlook.office.com";
}
