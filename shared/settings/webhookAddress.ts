import type { ReadSecret, Webhook } from "../alert/routes.ts";
import { parseWebhookUrl } from "./webhookUrl.ts";

/** Where a card goes, with the address from the vault if the setting names a secret. */
export async function webhookAddress(
	webhook: Webhook,
	readSecret: ReadSecret,
): Promise<Exclude<Webhook, { readonly kind: "secret" }>> {
	if (webhook.kind !== "secret") return webhook;
	const { setting, hosts, required } = webhook;
	const secret = await readSecret(webhook.address);
	switch (secret.kind) {
		case "missing":
			// A deployment without an address makes the vault and its setting, not the secret.
			return required
				? {
						kind: "wrong",
						reason: `${setting} names a Key Vault secret that does not exist; add it to the vault.`,
					}
				: { kind: "none" };
		case "unreadable":
			return {
				kind: "wrong",
				reason: `${setting} names a Key Vault secret that cannot be read: ${secret.reason}. Check that the app's identity has the role Key Vault Secrets User and reaches the vault.`,
			};
		case "value": {
			const parsed = parseWebhookUrl(secret.value, hosts);
			return parsed.ok
				? { kind: "url", url: parsed.url }
				: {
						kind: "wrong",
						reason: `${setting} names a Key Vault secret whose value ${parsed.reason}`,
					};
		}
	}
}
