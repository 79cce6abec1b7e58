import { describe, expect, it } from "vitest";
import {
	isSignInFaked,
	refuseOtherSites,
	signedIn,
	signedInName,
} from "../../shared/http/callers.ts";
import { refused } from "./refused.ts";

const on = { WEBSITE_AUTH_ENABLED: "True" };
const idClaim = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const upnClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

function principal(claims: unknown): string {
	return Buffer.from(JSON.stringify({ auth_typ: "aad", claims })).toString(
		"base64",
	);
}

const claim = (typ: string, val: string) => ({ typ, val });

function nameIn(header: string | null, env: Record<string, string> = on) {
	const log: string[] = [];
	const headers = new Headers(
		header === null ? {} : { "x-ms-client-principal": header },
	);
	return { name: signedInName(headers, env, (line) => log.push(line)), log };
}

describe("who is signed in", () => {
	it.each([
		{ claims: [claim("upn", "ada@a.example")], name: "ada@a.example" },
		{ claims: [claim(upnClaim, "ada@a.example")], name: "ada@a.example" },
		{
			claims: [claim("preferred_username", "ada@a.example")],
			name: "ada@a.example",
		},
		{ claims: [claim("oid", "0c1f")], name: "0c1f" },
		{ claims: [claim(idClaim, "0c1f")], name: "0c1f" },
		{
			claims: [claim(idClaim, "0c1f"), claim(upnClaim, "ada@a.example")],
			name: "ada@a.example",
		},
		// A name that turns the direction of the text around it is not shown.
		{
			claims: [claim("upn", "\u202eada@a.example"), claim("oid", "0c1f")],
			name: "0c1f",
		},
		{
			claims: [claim("upn", "a".repeat(201)), claim("oid", "0c1f")],
			name: "0c1f",
		},
	])("is $name, from $claims.0.typ", ({ claims, name }) => {
		expect(nameIn(principal(claims))).toEqual({ name, log: [] });
	});

	it.each([
		{ what: "no JSON", header: "c2VjcmV0" },
		{ what: "no Base64", header: "%%% secret" },
		{ what: "another shape", header: principal("secret") },
		{ what: "claims of another shape", header: principal([{ typ: "upn" }]) },
	])(
		"cannot be read from $what, and the log does not quote it",
		({ header }) => {
			expect(nameIn(header)).toEqual({
				name: null,
				log: ["sign-in: the header x-ms-client-principal cannot be read"],
			});
		},
	);

	it("needs a user name or an object ID", () => {
		expect(nameIn(principal([claim("name", "Ada")]))).toEqual({
			name: null,
			log: [
				"sign-in: the header x-ms-client-principal has neither a user name nor an object ID",
			],
		});
	});

	it.each([
		{},
		{ WEBSITE_AUTH_ENABLED: "False" },
		{ WEBSITE_AUTH_ENABLED: "" },
	])("is nobody while sign-in is off, whatever the header says: %j", (env) => {
		const header = principal([claim("upn", "mallory@a.example")]);
		expect(nameIn(header, env)).toEqual({ name: null, log: [] });
	});
});

const url = "https://app.example/api/report/data/findings/x/acceptance";
const own = {
	"x-auditor-request": "report",
	origin: "https://app.example",
	"sec-fetch-site": "same-origin",
};

describe("a change", () => {
	const ask = (headers: Record<string, string>, at = url) =>
		refuseOtherSites({ method: "PUT", url: at, headers: new Headers(headers) });
	const { "sec-fetch-site": _, ...older } = own;
	const { origin: __, ...noOrigin } = own;
	const { "x-auditor-request": ___, ...noHeader } = own;

	it("is taken from the report, also of a browser without fetch metadata", () => {
		expect(() => ask(own)).not.toThrow();
		expect(() => ask(older)).not.toThrow();
		expect(() =>
			ask(
				{ ...own, origin: "http://127.0.0.1:7071" },
				"http://127.0.0.1:7071/api/report/data/x",
			),
		).not.toThrow();
	});

	it.each([
		{
			what: "no header of our own",
			headers: noHeader,
			field: "x-auditor-request",
		},
		{
			what: "another value of it",
			headers: { ...own, "x-auditor-request": "1" },
			field: "x-auditor-request",
		},
		{ what: "no origin", headers: noOrigin, field: "origin" },
		{
			what: "a hidden origin",
			headers: { ...own, origin: "null" },
			field: "origin",
		},
		{
			what: "another site",
			headers: { ...own, origin: "https://evil.example" },
			field: "origin",
		},
		{
			what: "a page without TLS",
			headers: { ...own, origin: "http://app.example" },
			field: "origin",
		},
		{
			what: "another port",
			headers: { ...own, origin: "https://app.example:8443" },
			field: "origin",
		},
		{
			what: "a page of the same domain",
			headers: { ...own, "sec-fetch-site": "same-site" },
			field: "sec-fetch-site",
		},
		{
			what: "the browser's address bar",
			headers: { ...own, "sec-fetch-site": "none" },
			field: "sec-fetch-site",
		},
	])("is refused with $what", ({ headers, field }) => {
		expect(refused(() => ask(headers))).toMatchObject({ status: 403, field });
	});

	it("needs no such proof to read, but a sign-in", () => {
		const header = principal([claim("upn", "ada@a.example")]);
		const call = (method: string, headers: Record<string, string>) => () =>
			signedIn({ method, url, headers: new Headers(headers) }, on, () => {});
		const signed = { "x-ms-client-principal": header };
		expect(call("GET", signed)()).toBe("ada@a.example");
		expect(refused(call("DELETE", signed)).status).toBe(403);
		expect(call("DELETE", { ...signed, ...own })()).toBe("ada@a.example");
		expect(refused(call("GET", {})).status).toBe(401);
	});
});

it.each([
	{ env: {}, faked: false },
	{ env: on, faked: true },
	{ env: { ...on, WEBSITE_AUTH_CLIENT_ID: "0c1f" }, faked: false },
	{ env: { ...on, WEBSITE_AUTH_V2_CONFIG_JSON: "{}" }, faked: false },
])("a sign-in that somebody set by hand is seen: $env", ({ env, faked }) => {
	expect(isSignInFaked(env)).toBe(faked);
});
