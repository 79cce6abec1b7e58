import type { TokenCredential } from "@azure/identity";
import { DefaultAzureCredential } from "@azure/identity";

/** The app's managed identity on Azure, the signed-in Azure CLI on a developer's machine. Made once a purpose: tokens are cached in it. */
export function azureCredential(options: {
	readonly clientId: string | null;
	readonly authorityHost: string | null;
}): TokenCredential {
	return new DefaultAzureCredential({
		...(options.clientId === null
			? {}
			: { managedIdentityClientId: options.clientId }),
		...(options.authorityHost === null
			? {}
			: { authorityHost: options.authorityHost }),
	});
}
