import { describe, expect, it } from "vitest";
import {
	parseWebhookUrl,
	workflowHosts,
} from "../../shared/settings/webhookUrl.ts";

const invoke =
	"/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=TOPSECRET";

describe("a webhook URL", () => {
	it.each([
		`https://env.1f.environment.api.powerplatform.com:443${invoke}`,
		`https://prod-05.westeurope.logic.azure.com:443/workflows/1?sig=TOPSECRET`,
		`https://env.1.environment.api.gov.powerplatform.microsoft.us${invoke}`,
		`https://prod-05.usgovvirginia.logic.azure.us/workflows/1?sig=TOPSECRET`,
		`https://ENV.1f.environment.API.powerplatform.com${invoke}`,
		` https://prod-05.logic.azure.com/workflows/1?sig=TOPSECRET\n`,
		"http://127.0.0.1:7073/webhook",
		"http://localhost/webhook",
		"http://[::1]:8080/webhook?sig=TOPSECRET",
	])("%j is accepted", (text) => {
		expect(parseWebhookUrl(text)).toEqual({
			ok: true,
			url: new URL(text).href,
		});
	});

	it("keeps its query as it was", () => {
		const parsed = parseWebhookUrl(`https://e.api.powerplatform.com${invoke}`);
		expect(parsed).toMatchObject({ url: expect.stringContaining(invoke) });
	});

	it.each([
		{ text: "", reason: "empty" },
		{ text: "  ", reason: "empty" },
		{ text: "env.api.powerplatform.com/TOPSECRET", reason: "not a valid URL" },
		{
			text: "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/TOPSECRET)",
			reason: "Key Vault reference that was not resolved",
		},
		{
			text: `http://env.api.powerplatform.com${invoke}`,
			reason: "does not begin with https://",
		},
		{
			text: "ftp://127.0.0.1/TOPSECRET",
			reason: "does not begin with https://",
		},
		{
			text: `https://env.api.powerplatform.com:8443${invoke}`,
			reason: "has a port other than 443",
		},
		{
			text: `https://TOPSECRET@env.api.powerplatform.com${invoke}`,
			reason: "user name or password",
		},
		{ text: "http://u:TOPSECRET@127.0.0.1/", reason: "user name or password" },
		{
			text: "https://contoso.webhook.office.com/webhookb2/TOPSECRET",
			reason: "retired",
		},
		{ text: "https://outlook.office.com/webhook/TOPSECRET", reason: "retired" },
		{
			text: `https://evil.example${invoke}`,
			reason: "has a host that is not allowed",
		},
		{
			text: `https://evilapi.powerplatform.com${invoke}`,
			reason: "has a host that is not allowed",
		},
		{
			text: `https://x.api.powerplatform.com.evil.example${invoke}`,
			reason: "has a host that is not allowed",
		},
		{
			text: "https://127.0.0.1/TOPSECRET",
			reason: "has a host that is not allowed",
		},
		{
			text: "http://127.0.0.1.evil.example/TOPSECRET",
			reason: "does not begin with https://",
		},
	])('"$text" is refused: $reason', ({ text, reason }) => {
		const parsed = parseWebhookUrl(text);
		expect(parsed).toEqual({
			ok: false,
			reason: expect.stringContaining(reason),
		});
		expect(JSON.stringify(parsed)).not.toContain("TOPSECRET");
	});
});

describe("allowed hosts", () => {
	it.each([
		{ host: "hooks.example", suffixes: ["hooks.example"], ok: true },
		{ host: "a.hooks.example", suffixes: ["hooks.example"], ok: true },
		{ host: "a.hooks.example", suffixes: [" .Hooks.Example "], ok: true },
		{ host: "hooks.example", suffixes: [".hooks.example"], ok: false },
		{ host: "badhooks.example", suffixes: ["hooks.example"], ok: false },
		{ host: "a.hooks.example", suffixes: [""], ok: false },
		{ host: "a.hooks.example", suffixes: ["."], ok: false },
		{ host: "a.hooks.example", suffixes: [], ok: false },
		{
			host: "a.webhook.office.com",
			suffixes: [".webhook.office.com"],
			ok: true,
		},
	])("$host under $suffixes: $ok", ({ host, suffixes, ok }) => {
		expect(parseWebhookUrl(`https://${host}/`, suffixes).ok).toBe(ok);
	});

	it("are documented ones, each with its leading dot", () => {
		expect(workflowHosts.every((host) => /^(\.[a-z]+)+$/.test(host))).toBe(
			true,
		);
	});
});
