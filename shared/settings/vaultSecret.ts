/** Hosts of vaults in the public, US Government and China clouds. */
const vaultHosts = [
	".vault.azure.net",
	".vault.usgovcloudapi.net",
	".vault.azure.cn",
];

/**
 * Whether it is the address of a secret in Key Vault, such as https://kv.vault.azure.net/secrets/name. The address
 * itself is no secret.
 */
export function isSecretAddress(text: string): boolean {
	const url = URL.parse(text);
	return (
		url?.protocol === "https:" &&
		url.port === "" &&
		url.username === "" &&
		url.password === "" &&
		vaultHosts.some((host) => url.hostname.endsWith(host)) &&
		/^\/secrets\/[\w-]{1,127}(\/\w+)?\/?$/.test(url.pathname)
	);
}
