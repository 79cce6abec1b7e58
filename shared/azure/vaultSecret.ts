import type { TokenCredential } from "@azure/identity";
import {
	isRestError,
	parseKeyVaultSecretIdentifier,
	SecretClient,
	type SecretClientOptions,
} from "@azure/keyvault-secrets";
import type { Secret } from "../alert/routes.ts";
import { azureCredential } from "./credential.ts";

/** A vault that does not answer must not keep a delivery for minutes: it is tried again anyway. */
const options: SecretClientOptions = { retryOptions: { maxRetries: 1 } };

/** Reads a secret by its address, as the app's identity. Reasons have statuses and codes, never the value. */
export async function readSecret(
	address: string,
	credential: TokenCredential = azureCredential({
		clientId: null,
		authorityHost: null,
	}),
	more: SecretClientOptions = {},
): Promise<Secret> {
	const { vaultUrl, name, version } = parseKeyVaultSecretIdentifier(address);
	const client = new SecretClient(vaultUrl, credential, {
		...options,
		...more,
	});
	try {
		const { value = "" } = await client.getSecret(
			name,
			version === undefined ? {} : { version },
		);
		return { kind: "value", value };
	} catch (error) {
		if (!isRestError(error))
			return { kind: "unreadable", reason: nameOf(error) };
		const { statusCode, code = "no code" } = error;
		if (statusCode === 404) return { kind: "missing" };
		return {
			kind: "unreadable",
			reason:
				statusCode === undefined
					? `the vault did not answer (${code})`
					: `the vault answered ${statusCode} (${code})`,
		};
	}
}

/** The message of an identity error can have the answer of the token service in it. */
function nameOf(error: unknown): string {
	return `no token for the vault (${error instanceof Error ? error.name : "unknown error"})`;
}
