import { listed } from "../text.ts";
import {
	credentialsProblem,
	type Environment,
	hasCredentials,
	isUnresolved,
	keyVaultProblem,
	SettingsError,
	text,
} from "./environment.ts";
import { anyText } from "./kinds.ts";
import type { SettingRows } from "./setting.ts";

/** Several settings say together where the tables are, so `storageSetting` reads them. */
export const storageRows = {
	AzureWebJobsStorage: {
		kind: anyText("a connection string"),
		default: "",
		sample: "UseDevelopmentStorage=true",
		meaning:
			"The storage of the Functions host. With a managed identity, set `AzureWebJobsStorage__accountName` instead ([On Azure](#on-azure))",
	},
	AUDIT_STORAGE: {
		kind: anyText("a connection string"),
		default: "",
		defaultText: "that of `AzureWebJobsStorage`",
		meaning:
			"Where audits and findings are kept. With a managed identity, set `AUDIT_STORAGE__tableServiceUri` instead",
	},
} satisfies SettingRows;

/** Where the tables are: a connection string, or an endpoint for the app's identity. */
export type StorageSetting =
	| { readonly kind: "connection-string"; readonly connectionString: string }
	| {
			readonly kind: "identity";
			readonly endpoint: string;
			readonly clientId: string | null;
	  };

/** Where the tables are. Throws `SettingsError`, which names the storage setting alone. */
export function storageSetting(env: Environment): StorageSetting {
	const connectionString = text(env, "AUDIT_STORAGE");
	if (connectionString !== "")
		return connection("AUDIT_STORAGE", connectionString);
	const own = text(env, "AUDIT_STORAGE__tableServiceUri");
	if (own !== "")
		return identity(
			env,
			"AUDIT_STORAGE",
			"AUDIT_STORAGE__tableServiceUri",
			own,
		);
	const hosts = text(env, "AzureWebJobsStorage");
	if (hosts !== "") return connection("AzureWebJobsStorage", hosts);
	const uri = text(env, "AzureWebJobsStorage__tableServiceUri");
	if (uri !== "")
		return identity(
			env,
			"AzureWebJobsStorage",
			"AzureWebJobsStorage__tableServiceUri",
			uri,
		);
	const account = text(env, "AzureWebJobsStorage__accountName");
	if (account !== "") return hostsAccount(env, account);
	throw new SettingsError([
		"AUDIT_STORAGE is missing; set it, AUDIT_STORAGE__tableServiceUri or AzureWebJobsStorage.",
	]);
}

/** The setting that says where the tables are: the one to correct when the storage refuses. */
export function storageSettingName(env: Environment): string {
	const names = [
		"AUDIT_STORAGE",
		"AUDIT_STORAGE__tableServiceUri",
		"AzureWebJobsStorage",
		"AzureWebJobsStorage__tableServiceUri",
		"AzureWebJobsStorage__accountName",
	];
	return names.find((name) => text(env, name) !== "") ?? "AUDIT_STORAGE";
}

/** The name is not quoted: somebody may have pasted a key. */
function hostsAccount(env: Environment, account: string): StorageSetting {
	const name = "AzureWebJobsStorage__accountName";
	if (!/^[a-z0-9]{3,24}$/.test(account))
		throw new SettingsError([
			`${name} is not a storage account name; use 3 to 24 lower-case letters and digits.`,
		]);
	const endpoint = `https://${account}.table.${storageSuffix(env)}`;
	return identity(env, "AzureWebJobsStorage", name, endpoint);
}

/** An account's name alone does not say its cloud. Resource Manager's endpoint does. */
function storageSuffix(env: Environment): string {
	const endpoint = text(env, "RESOURCE_MANAGER_ENDPOINT");
	if (endpoint.includes("usgovcloudapi.net")) return "core.usgovcloudapi.net";
	if (endpoint.includes("chinacloudapi.cn")) return "core.chinacloudapi.cn";
	return "core.windows.net";
}

const accountParts =
	"DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net";

function connection(name: string, connectionString: string): StorageSetting {
	const problem = connectionProblem(connectionString);
	if (problem !== null) throw new SettingsError([`${name} ${problem}`]);
	return { kind: "connection-string", connectionString };
}

/** The storage client would refuse these without naming the setting. The value is a secret, so no message quotes it. */
function connectionProblem(connectionString: string): string | null {
	if (isUnresolved(connectionString)) return keyVaultProblem;
	if (/^UseDevelopmentStorage=true;?$/i.test(connectionString)) return null;
	const parts = partsOf(connectionString);
	const sas = parts.get("sharedaccesssignature");
	const endpoint = parts.get("tableendpoint");
	if (!parts.has("accountname") && endpoint === undefined && sas === undefined)
		return `is not a storage connection string; use ${accountParts}.`;
	if (endpoint !== undefined) {
		const url = URL.parse(endpoint);
		if (url === null || !/^https?:$/.test(url.protocol))
			return "has a TableEndpoint that is not an http or https address; use https://<account>.table.core.windows.net.";
		if (hasCredentials(url))
			return "has a user name or password in its TableEndpoint; use the address alone.";
	}
	return sas === undefined
		? accountProblem(parts, endpoint)
		: signatureProblem(sas, endpoint);
}

function accountProblem(
	parts: ReadonlyMap<string, string>,
	endpoint: string | undefined,
): string | null {
	const missing = [
		...(parts.get("accountname") ? [] : ["AccountName"]),
		...(parts.get("accountkey") ? [] : ["AccountKey"]),
		...(parts.get("defaultendpointsprotocol")
			? []
			: ["DefaultEndpointsProtocol"]),
		...(parts.get("endpointsuffix") || endpoint ? [] : ["EndpointSuffix"]),
	];
	if (missing.length === 0) return null;
	return `has no ${listed(missing, "or")}; use ${accountParts}.`;
}

/** The app creates and lists tables: a signature of one table, or of another service, cannot do that. */
function signatureProblem(
	sas: string,
	endpoint: string | undefined,
): string | null {
	if (endpoint === undefined)
		return "has a shared access signature but no TableEndpoint; add the table endpoint of its account.";
	const fields = new URLSearchParams(sas.replace(/^\?/, ""));
	if (fields.has("tn"))
		return "has a shared access signature of one table; use one of the account (ss=t, srt=sco).";
	const services = fields.get("ss");
	if (services !== null && !services.includes("t"))
		return "has a shared access signature that is not for tables; use one with ss=t.";
	const resources = fields.get("srt");
	if (
		resources !== null &&
		!(resources.includes("c") && resources.includes("o"))
	)
		return "has a shared access signature that cannot create tables or write to them; use one with srt=sco.";
	return null;
}

function partsOf(connectionString: string): Map<string, string> {
	return new Map(
		connectionString.split(";").flatMap((part) => {
			const at = part.indexOf("=");
			return at < 0
				? []
				: [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]];
		}),
	);
}

function identity(
	env: Environment,
	prefix: string,
	name: string,
	endpoint: string,
): StorageSetting {
	const url = URL.parse(endpoint);
	if (url?.protocol !== "https:")
		throw new SettingsError([
			`${name} is not an https address; use https://<account>.table.core.windows.net.`,
		]);
	if (hasCredentials(url))
		throw new SettingsError([`${name} ${credentialsProblem}`]);
	const clientId = text(env, `${prefix}__clientId`);
	return {
		kind: "identity",
		endpoint: url.href.replace(/\/$/, ""),
		clientId: clientId === "" ? null : clientId,
	};
}
