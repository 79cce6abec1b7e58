import { isLoopback } from "../loopback.ts";
import { type Environment, hasCredentials, text } from "./environment.ts";
import { readBy } from "./kinds.ts";

/** Null where none is set. Everyone in the channel sees the link, so a key in it would be everyone's. */
export const reportUrlKind = readBy<string | null>(
	"an https address",
	(given) => {
		if (given === "") return { value: null };
		const url = URL.parse(given);
		const loopback = url?.protocol === "http:" && isLoopback(url.hostname);
		if (url === null || (url.protocol !== "https:" && !loopback))
			return {
				wrong: "is not an https address; use one that starts with https://.",
			};
		if (hasCredentials(url) || hasKey(url))
			return {
				wrong:
					"has a key or password in it, and everyone in the channel sees the link. Use an address without it.",
			};
		return { value: url.href };
	},
);

/** The report that the app serves itself. Null where no host has said where that is. */
export function ownReportUrl(env: Environment): string | null {
	const host = text(env, "WEBSITE_HOSTNAME");
	const url = URL.parse(`https://${host}/api/report`);
	if (host === "" || url?.host !== host.toLowerCase()) return null;
	// The local host and Core Tools have no certificate.
	if (isLoopback(url.hostname)) url.protocol = "http:";
	return url.href;
}

function hasKey(url: URL): boolean {
	const keys = ["code", "sig", "key", "token", "x-functions-key"];
	const names = [
		...url.searchParams.keys(),
		...new URLSearchParams(url.hash.slice(1)).keys(),
	];
	return names.some((name) => keys.includes(name.toLowerCase()));
}
