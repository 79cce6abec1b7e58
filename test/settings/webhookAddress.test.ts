import { expect, it } from "vitest";
import type { Secret } from "../../shared/alert/routes.ts";
import { alertProblems, alertSettings } from "../../shared/settings/alert.ts";
import { auditSettings } from "../../shared/settings/audit.ts";
import { isSecretAddress } from "../../shared/settings/vaultSecret.ts";
import { webhookAddress } from "../../shared/settings/webhookAddress.ts";

const address = "https://kv-aks.vault.azure.net/secrets/teams-webhook-url";
const url = "https://prod.westeurope.logic.azure.com/workflows/1?sig=hidden";

it.each([
	[address, true],
	[`${address}/`, true],
	[`${address}/4f1c0f7c8a4e4f3b9d5e`, true],
	["https://kv.vault.usgovcloudapi.net/secrets/webhook", true],
	["https://kv.vault.azure.cn/secrets/webhook", true],
	["http://kv-aks.vault.azure.net/secrets/webhook", false],
	["https://vault.azure.net.example/secrets/webhook", false],
	["https://kv-aks.vault.azure.net/keys/webhook", false],
	["https://kv-aks.vault.azure.net/secrets/a/b/c", false],
	["https://kv-aks.vault.azure.net:8443/secrets/webhook", false],
	["https://user:pass@kv-aks.vault.azure.net/secrets/webhook", false],
	[url, false],
	["", false],
])("%s is the address of a secret: %s", (text, is) => {
	expect(isSecretAddress(text)).toBe(is);
});

async function read(env: Record<string, string>, secret: Secret) {
	const asked: string[] = [];
	const [channel] = alertSettings(env).channels;
	const webhook = await webhookAddress(
		channel?.webhook ?? { kind: "none" },
		async (one) => {
			asked.push(one);
			return secret;
		},
	);
	return { asked, webhook };
}

it.each([
	{
		what: "its value",
		secret: { kind: "value", value: ` ${url}\n` },
		webhook: { kind: "url", url },
	},
	{
		what: "a value that is no webhook, which is not quoted",
		secret: { kind: "value", value: "https://example.com/?sig=hidden" },
		webhook: {
			kind: "wrong",
			reason: expect.stringMatching(
				/^TEAMS_WEBHOOK_URL names a Key Vault secret whose value has a host that is not allowed\. (?!.*hidden)/,
			),
		},
	},
	{
		what: "the address of another secret",
		secret: { kind: "value", value: address },
		webhook: { kind: "wrong", reason: expect.stringContaining("not allowed") },
	},
	{
		what: "nothing: no address was given yet",
		secret: { kind: "missing" },
		webhook: { kind: "none" },
	},
	{
		what: "a refusal",
		secret: {
			kind: "unreadable",
			reason: "the vault answered 403 (Forbidden)",
		},
		webhook: {
			kind: "wrong",
			reason:
				"TEAMS_WEBHOOK_URL names a Key Vault secret that cannot be read: the vault answered 403 (Forbidden). Check that the app's identity has the role Key Vault Secrets User and reaches the vault.",
		},
	},
] as const)("the vault answers $what", async ({ secret, webhook }) => {
	expect(await read({ TEAMS_WEBHOOK_URL: address }, secret)).toEqual({
		asked: [address],
		webhook,
	});
});

it("a route needs its secret", async () => {
	const env = {
		ALERT_ROUTES: '[{"channel":"shops","webhook":"SHOPS_WEBHOOK"}]',
		SHOPS_WEBHOOK: address,
	};
	expect(alertProblems(env)).toEqual([]);
	expect((await read(env, { kind: "missing" })).webhook).toEqual({
		kind: "wrong",
		reason:
			"SHOPS_WEBHOOK names a Key Vault secret that does not exist; add it to the vault.",
	});
});

it("an address that is in the setting itself asks no vault", async () => {
	const { asked, webhook } = await read(
		{ TEAMS_WEBHOOK_URL: url },
		{ kind: "missing" },
	);
	expect(asked).toEqual([]);
	expect(webhook).toEqual({ kind: "url", url });
});

it.each(["TEAMS_WEBHOOK_URL", "ALERT_ROUTES", "REPORT_URL"])(
	"%s with a reference that App Service did not resolve is a problem",
	(name) => {
		const env = { [name]: `@Microsoft.KeyVault(SecretUri=${address})` };
		expect(alertProblems(env)).toEqual([
			`${name} is a Key Vault reference that was not resolved. Check the secret's name and that the app's identity can read it.`,
		]);
	},
);

it("a setting of the audit with such a reference fails the audit", () => {
	expect(() =>
		auditSettings({
			AUDIT_STORAGE: "UseDevelopmentStorage=true",
			AUDIT_RUNWAY_DAYS: `@Microsoft.KeyVault(SecretUri=${address})`,
		}),
	).toThrow(/AUDIT_RUNWAY_DAYS is a Key Vault reference that was not resolved/);
});
