import { isLoopback } from "../loopback.ts";
import { credentialsProblem, hasCredentials, quoted } from "./environment.ts";
import { readBy } from "./kinds.ts";

/** Azure Resource Manager of a cloud, and how to get its tokens. */
export interface Cloud {
	readonly endpoint: string;
	readonly authorityHost: string;
	/** Null: plain http on loopback, which gets no token. */
	readonly tokenScope: string | null;
}

export const publicCloud = {
	endpoint: "https://management.azure.com",
	authorityHost: "https://login.microsoftonline.com",
	tokenScope: "https://management.azure.com/.default",
} as const satisfies Cloud;

const usGovernmentCloud = {
	endpoint: "https://management.usgovcloudapi.net",
	authorityHost: "https://login.microsoftonline.us",
	tokenScope: "https://management.usgovcloudapi.net/.default",
} as const satisfies Cloud;

const chinaCloud = {
	endpoint: "https://management.chinacloudapi.cn",
	authorityHost: "https://login.chinacloudapi.cn",
	tokenScope: "https://management.chinacloudapi.cn/.default",
} as const satisfies Cloud;

const clouds: readonly Cloud[] = [publicCloud, usGovernmentCloud, chinaCloud];
const accepted = `${publicCloud.endpoint}, ${usGovernmentCloud.endpoint} or ${chinaCloud.endpoint}`;

/** Where people look at the resources of a cloud. */
export function portalOf({ endpoint }: Cloud): string {
	switch (endpoint) {
		case usGovernmentCloud.endpoint:
			return "https://portal.azure.us";
		case chinaCloud.endpoint:
			return "https://portal.azure.cn";
		// An emulator has no portal of its own.
		default:
			return "https://portal.azure.com";
	}
}

export const cloudKind = readBy<Cloud>(accepted, (given) => {
	const url = URL.parse(given);
	if (url !== null && hasCredentials(url)) return { wrong: credentialsProblem };
	const known = clouds.find(({ endpoint }) => endpoint === url?.origin);
	if (known && url?.pathname === "/") return { value: known };
	if (url?.protocol === "http:" && isLoopback(url.hostname))
		return {
			value: { endpoint: url.origin, authorityHost: "", tokenScope: null },
		};
	return {
		wrong: `${seen(url)}; use ${accepted}. Plain http works on loopback only.`,
	};
});

/** Only the host is shown: somebody may have pasted an address with a secret in its path or query. */
function seen(url: URL | null): string {
	if (url?.protocol !== "https:" && url?.protocol !== "http:")
		return "is not an https address";
	const path = url.pathname === "/" ? "" : " with a path";
	return `is ${quoted(url.origin)}${path}`;
}
