import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
	createDefaultHttpClient,
	createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { readSecret } from "../../shared/azure/vaultSecret.ts";

/* The SDK against a vault on loopback: it asks for a token first, as Key Vault does. */

const address = "https://kv-aks.vault.azure.net/secrets/teams-webhook-url";
const token = "token-of-the-app";
let vault: Server;
let port = 0;
let answer: { readonly status: number; readonly body: object };
let requests: string[] = [];

beforeAll(async () => {
	vault = createServer((request, response) => {
		const { authorization } = request.headers;
		requests.push(`${request.method} ${request.url?.split("?")[0]}`);
		if (authorization !== `Bearer ${token}`)
			response
				.writeHead(401, {
					"www-authenticate":
						'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"',
				})
				.end();
		else
			response
				.writeHead(answer.status, { "content-type": "application/json" })
				.end(JSON.stringify(answer.body));
	});
	await new Promise<void>((resolve) => {
		vault.listen(0, "127.0.0.1", resolve);
	});
	({ port } = vault.address() as AddressInfo);
});

afterAll(() => vault.close());
beforeEach(() => {
	requests = [];
});

const scopes: unknown[] = [];
const credential = {
	getToken: async (scope: string | string[]) => {
		scopes.push(scope);
		return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
	},
};

/** Sends what is for the vault to loopback. */
function redirected() {
	const real = createDefaultHttpClient();
	return {
		httpClient: {
			sendRequest: (request: Parameters<typeof real.sendRequest>[0]) => {
				const { pathname, search } = new URL(request.url);
				return real.sendRequest(
					createPipelineRequest({
						...request,
						url: `http://127.0.0.1:${port}${pathname}${search}`,
						allowInsecureConnection: true,
					}),
				);
			},
		},
	};
}

const read = () => readSecret(address, credential, redirected());

it("reads the value as the identity, after the vault has said which token it takes", async () => {
	answer = { status: 200, body: { value: "the-address", id: address } };
	expect(await read()).toEqual({ kind: "value", value: "the-address" });
	expect(requests).toEqual([
		"GET /secrets/teams-webhook-url/",
		"GET /secrets/teams-webhook-url/",
	]);
	expect(scopes.at(-1)).toEqual(["https://vault.azure.net/.default"]);
});

it("tells a secret that does not exist from one that it must not read", async () => {
	answer = {
		status: 404,
		body: { error: { code: "SecretNotFound", message: "not found" } },
	};
	expect(await read()).toEqual({ kind: "missing" });
	answer = {
		status: 403,
		body: {
			error: { code: "Forbidden", message: "Caller appid=1 is not authorized" },
		},
	};
	expect(await read()).toEqual({
		kind: "unreadable",
		reason: "the vault answered 403 (Forbidden)",
	});
});

it("says that there is no token, without the words of the token service", async () => {
	const refused = {
		getToken: async () => {
			throw Object.assign(new Error("secret words"), {
				name: "CredentialUnavailableError",
			});
		},
	};
	expect(await readSecret(address, refused, redirected())).toEqual({
		kind: "unreadable",
		reason: "no token for the vault (CredentialUnavailableError)",
	});
});
