import { ResourceGraphClient } from "@azure/arm-resourcegraph";
import type { Cloud } from "../settings/cloud.ts";
import { azureCredential } from "./credential.ts";

/** The SDK's own retry ignores the quota headers and stops after three tries. Ours waits for them. */
const retryOptions = { maxRetries: 0 };

/** A client for the cloud. A plain http endpoint is loopback and is sent no token. */
export function resourceGraphClient(cloud: Cloud): ResourceGraphClient {
	if (cloud.tokenScope !== null)
		return new ResourceGraphClient(
			azureCredential({ clientId: null, authorityHost: cloud.authorityHost }),
			{
				endpoint: cloud.endpoint,
				credentials: { scopes: [cloud.tokenScope] },
				retryOptions,
			},
		);
	const client = new ResourceGraphClient(
		{ getToken: async () => null },
		{ endpoint: cloud.endpoint, allowInsecureConnection: true, retryOptions },
	);
	client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
	return client;
}
