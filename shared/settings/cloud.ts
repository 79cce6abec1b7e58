import {
	type Environment,
	hasCredentials,
	isLoopback,
	SettingsError,
	text,
} from "./environment.ts";

/** Azure Resource Manager of a cloud, with what its tokens are for; loopback gets none. */
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

const clouds: readonly Cloud[] = [
	publicCloud,
	{
		endpoint: "https://management.usgovcloudapi.net",
		authorityHost: "https://login.microsoftonline.us",
		tokenScope: "https://management.usgovcloudapi.net/.default",
	},
	{
		endpoint: "https://management.chinacloudapi.cn",
		authorityHost: "https://login.chinacloudapi.cn",
		tokenScope: "https://management.chinacloudapi.cn/.default",
	},
];

export function cloudSetting(env: Environment): Cloud {
	const name = "RESOURCE_MANAGER_ENDPOINT";
	const url = URL.parse(text(env, name) || publicCloud.endpoint);
	if (url !== null && hasCredentials(url))
		throw new SettingsError([
			`${name} has a user name or password in it; use the address alone`,
		]);
	const known = clouds.find(({ endpoint }) => endpoint === url?.origin);
	if (known && url?.pathname === "/") return known;
	if (url?.protocol === "http:" && isLoopback(url.hostname))
		return { endpoint: url.origin, authorityHost: "", tokenScope: null };
	throw new SettingsError([
		`${name} is neither a known cloud (${clouds.map(({ endpoint }) => endpoint).join(", ")}) nor plain http on loopback`,
	]);
}
