import {
	type Environment,
	hasCredentials,
	SettingsError,
	text,
} from "./environment.ts";

/** Where the tables are: a connection string, or an endpoint for the app's identity. */
export type StorageSetting =
	| { readonly kind: "connection-string"; readonly connectionString: string }
	| {
			readonly kind: "identity";
			readonly endpoint: string;
			readonly clientId: string | null;
	  };

/** Where audits and findings are; throws `SettingsError`, naming the storage setting alone. */
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
	if (/^[a-z0-9]{3,24}$/.test(account))
		return identity(
			env,
			"AzureWebJobsStorage",
			"AzureWebJobsStorage__accountName",
			`https://${account}.table.${storageSuffix(env)}`,
		);
	throw new SettingsError([
		"AUDIT_STORAGE (or AUDIT_STORAGE__tableServiceUri, or AzureWebJobsStorage) is not set: it says where the tables are",
	]);
}

/** The setting that says where the tables are, for whoever has to mend it. */
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

/** An account's name alone does not say its cloud; Resource Manager's endpoint does. */
function storageSuffix(env: Environment): string {
	const endpoint = text(env, "RESOURCE_MANAGER_ENDPOINT");
	if (endpoint.includes("usgovcloudapi.net")) return "core.usgovcloudapi.net";
	if (endpoint.includes("chinacloudapi.cn")) return "core.chinacloudapi.cn";
	return "core.windows.net";
}

function connection(name: string, connectionString: string): StorageSetting {
	const problem = connectionProblem(connectionString);
	if (problem !== null) throw new SettingsError([`${name} ${problem}`]);
	return { kind: "connection-string", connectionString };
}

/** What the storage client would refuse without naming a setting, in words; the value is a secret and not quoted. */
function connectionProblem(connectionString: string): string | null {
	if (connectionString.startsWith("@Microsoft.KeyVault("))
		return "is a Key Vault reference that did not resolve";
	if (/^UseDevelopmentStorage=true;?$/i.test(connectionString)) return null;
	const parts = partsOf(connectionString);
	const sas = parts.get("sharedaccesssignature");
	const endpoint = parts.get("tableendpoint");
	if (!parts.has("accountname") && endpoint === undefined && sas === undefined)
		return "is no storage connection string";
	if (endpoint !== undefined) {
		const url = URL.parse(endpoint);
		if (url === null || !/^https?:$/.test(url.protocol))
			return "has a TableEndpoint that is not an http or https address";
		if (hasCredentials(url))
			return "has a user name or password in its TableEndpoint; use the address alone";
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
	return `has no ${missing.join(" and no ")}; use DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net`;
}

/** The tables are made and listed: a signature of one table, or of another service, cannot do that. */
function signatureProblem(
	sas: string,
	endpoint: string | undefined,
): string | null {
	if (endpoint === undefined)
		return "has a shared access signature and no TableEndpoint; add the table endpoint of its account";
	const fields = new URLSearchParams(sas.replace(/^\?/, ""));
	if (fields.has("tn"))
		return "has a shared access signature of one table; use one of the account (ss=t, srt=sco)";
	const services = fields.get("ss");
	if (services !== null && !services.includes("t"))
		return "has a shared access signature that is not for tables; use one with ss=t";
	const resources = fields.get("srt");
	if (
		resources !== null &&
		!(resources.includes("c") && resources.includes("o"))
	)
		return "has a shared access signature that cannot make tables or cannot write to them; use one with srt=sco";
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
		throw new SettingsError([`${name} is no https address`]);
	if (hasCredentials(url))
		throw new SettingsError([
			`${name} has a user name or password in it; use the address alone`,
		]);
	const clientId = text(env, `${prefix}__clientId`);
	return {
		kind: "identity",
		endpoint: url.href.replace(/\/$/, ""),
		clientId: clientId === "" ? null : clientId,
	};
}
