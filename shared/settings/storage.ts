import { type Environment, SettingsError, text } from "./environment.ts";

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

/** An account's name alone does not say its cloud; Resource Manager's endpoint does. */
function storageSuffix(env: Environment): string {
	const endpoint = text(env, "RESOURCE_MANAGER_ENDPOINT");
	if (endpoint.includes("usgovcloudapi.net")) return "core.usgovcloudapi.net";
	if (endpoint.includes("chinacloudapi.cn")) return "core.chinacloudapi.cn";
	return "core.windows.net";
}

function connection(name: string, connectionString: string): StorageSetting {
	if (connectionString.startsWith("@Microsoft.KeyVault("))
		throw new SettingsError([
			`${name} is a Key Vault reference that did not resolve`,
		]);
	const known =
		/^UseDevelopmentStorage=true;?$/i.test(connectionString) ||
		/(^|;)(AccountName|TableEndpoint)=/i.test(connectionString);
	if (!known)
		throw new SettingsError([`${name} is no storage connection string`]);
	return { kind: "connection-string", connectionString };
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
	const clientId = text(env, `${prefix}__clientId`);
	return {
		kind: "identity",
		endpoint: url.href.replace(/\/$/, ""),
		clientId: clientId === "" ? null : clientId,
	};
}
