import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
	fileBounds,
	type ReportData,
	reportData,
} from "../../shared/audit/reportFile.ts";
import type { Finding } from "../../shared/contract.ts";
import { checkedFetch } from "../http/document.ts";
import { shop, smallFleet } from "../workflow/fleets.ts";
import { sharedStorage } from "../workflow/storage.ts";
import { openWorld, type World } from "../workflow/world.ts";

/* One host that does what App Service does: it asks for keys, and says who is signed in. */

let world: World;
let finding: Finding;
let principal: string | null = null;

const key = "key-of-the-test";
const withKey = { "x-functions-key": key };
const ada = header({ typ: "upn", val: "ada@contoso.example" });

function header(...claims: readonly object[]): string {
	return Buffer.from(JSON.stringify({ auth_typ: "aad", claims })).toString(
		"base64",
	);
}

function signIn(who: string | null): void {
	process.env.WEBSITE_AUTH_ENABLED = "True";
	process.env.WEBSITE_AUTH_CLIENT_ID = "0c1f";
	principal = who;
}

beforeAll(async () => {
	world = await openWorld(sharedStorage().next(), {
		resources: smallFleet(),
		asAzure: { key, principal: () => principal },
	});
	await world.audit();
	const found = (await world.findings()).find((one) => one.cluster === shop);
	if (found === undefined) throw new Error("shop is not short");
	finding = found;
});

afterEach(() => {
	delete process.env.WEBSITE_AUTH_ENABLED;
	delete process.env.WEBSITE_AUTH_CLIENT_ID;
	principal = null;
});

afterAll(async () => {
	await world?.close();
});

const call = (path: string, init?: RequestInit) =>
	checkedFetch(world.host.url + path, init);

describe("the page", () => {
	it("needs nothing, has no data, and runs only its own script", async () => {
		const response = await call(`/api/report?finding=${finding.id}`);
		expect(response.status).toBe(200);
		const { headers } = response;
		expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
		expect(headers.get("content-security-policy")).toMatch(
			/^default-src 'none'; script-src 'sha256-.*frame-ancestors 'none'$/,
		);
		expect(headers.get("referrer-policy")).toBe("same-origin");
		expect(headers.get("x-content-type-options")).toBe("nosniff");
		expect(headers.get("cache-control")).toBe("no-cache");
		const html = await response.text();
		expect(html).toContain('id="report-data"></script>');
		expect(html).not.toContain(finding.clusterName);
	});

	it("is not opened by an address with a key in it", async () => {
		const response = await fetch(`${world.host.url}/api/report?code=${key}`);
		const text = await response.text();
		expect(response.status).toBe(400);
		expect(text).not.toContain(key);
	});
});

describe("the door for keys", () => {
	it.each(["overview", "findings", "acceptances", "report/export"])(
		"is shut without a key, also for who is signed in: %s",
		async (path) => {
			signIn(ada);
			const response = await fetch(`${world.host.url}/api/${path}`);
			expect(response.status).toBe(401);
			expect(await response.text()).toBe("");
		},
	);

	it("opens to the key, and an acceptance says so", async () => {
		const path = `/api/findings/${finding.id}/acceptance`;
		const headers = { ...withKey, "content-type": "application/json" };
		const body = JSON.stringify(terms);
		const put = await call(path, { method: "PUT", headers, body });
		expect(await put.json()).toMatchObject({ acceptedBy: "function key" });
		const remove = { method: "DELETE", headers: withKey };
		expect((await call(path, remove)).status).toBe(204);
	});
});

const terms = {
	reason: "moves in March",
	owner: "team-retail",
	expiry: new Date(Date.now() + 30 * 86_400_000).toISOString(),
};

describe("the door for who is signed in", () => {
	const paths = () => [
		"audits",
		"audits/latest",
		"findings",
		`findings/${finding.id}`,
		"budgets",
		"overview",
		`capacity?cluster=${encodeURIComponent(shop)}`,
		`history?budget=${encodeURIComponent(finding.budget?.id ?? "")}`,
	];

	it("answers what the routes with a key answer, and no cache may keep it", async () => {
		signIn(ada);
		for (const path of paths()) {
			const [signed, keyed] = await Promise.all([
				call(`/api/report/data/${path}`),
				call(`/api/${path}`, { headers: withKey }),
			]);
			expect([path, signed.status]).toEqual([path, 200]);
			expect(signed.headers.get("cache-control")).toBe("private, no-store");
			// What an overview counts from now moves between the two calls.
			const now = { ageHours: 0, weeks: [] };
			const told = (await signed.json()) as object;
			const same = (await keyed.json()) as object;
			expect({ ...told, ...now }).toEqual({ ...same, ...now });
		}
	});

	it.each([
		{ what: "nobody is signed in", on: true, who: null, sent: null },
		{
			what: "a header is forged and sign-in is on",
			on: true,
			who: null,
			sent: ada,
		},
		{
			what: "a header is forged and sign-in is off",
			on: false,
			who: null,
			sent: ada,
		},
		{
			what: "the header cannot be read",
			on: true,
			who: "c2VjcmV0",
			sent: null,
		},
		{ what: "there is only a key", on: false, who: null, sent: null },
	])("is shut where $what", async ({ on, who, sent }) => {
		if (on) signIn(who);
		const before = world.log.length;
		const headers = {
			...withKey,
			...(sent !== null && { "x-ms-client-principal": sent }),
		};
		for (const path of [...paths(), "export"]) {
			const response = await call(`/api/report/data/${path}`, { headers });
			expect([path, response.status]).toEqual([path, 401]);
			expect(response.headers.get("cache-control")).toBe("private, no-store");
		}
		const lines = world.log
			.slice(before)
			.filter(({ level }) => level === "error")
			.map(({ message }) => message);
		expect(new Set(lines)).toEqual(
			new Set(
				who === null
					? []
					: ["sign-in: the header x-ms-client-principal cannot be read"],
			),
		);
	});

	it("does not start audits and lists no acceptances", async () => {
		signIn(ada);
		const post = { method: "POST" };
		const base = `${world.host.url}/api/report/data`;
		expect((await fetch(`${base}/audits`, post)).status).toBe(405);
		expect((await fetch(`${base}/acceptances`)).status).toBe(404);
	});

	it("takes a change from the report alone, and keeps who made it", async () => {
		signIn(ada);
		const path = `/api/report/data/findings/${finding.id}/acceptance`;
		const send = (method: string, headers: Record<string, string>) =>
			call(path, {
				method,
				headers: { ...headers, "content-type": "application/json" },
				...(method === "PUT" && { body: JSON.stringify(terms) }),
			});
		const own = {
			"x-auditor-request": "report",
			origin: world.host.url,
			"sec-fetch-site": "same-origin",
		};
		const { origin: _, ...noOrigin } = own;
		for (const headers of [
			{},
			noOrigin,
			{ ...own, "sec-fetch-site": "cross-site" },
		]) {
			expect((await send("PUT", headers)).status).toBe(403);
			expect((await send("DELETE", headers)).status).toBe(403);
		}
		expect(await (await send("PUT", own)).json()).toEqual({
			...terms,
			by: "finding",
			acceptedBy: "ada@contoso.example",
			acceptedAt: expect.stringMatching(/^20.*Z$/),
		});
		expect(
			(await world.findings()).find(({ id }) => id === finding.id),
		).toMatchObject({
			acceptance: { acceptedBy: "ada@contoso.example" },
		});

		signIn(header({ typ: "oid", val: "0c1f-grace" }));
		expect((await send("DELETE", own)).status).toBe(204);
		const list = await call("/api/acceptances", { headers: withKey });
		expect(await list.json()).toMatchObject({
			acceptances: [],
			withdrawn: [
				{
					acceptedBy: "ada@contoso.example",
					withdrawnBy: "0c1f-grace",
					withdrawnAt: expect.any(String),
				},
			],
		});
	});
});

describe("which door the page takes", () => {
	const me = async () => {
		const response = await call("/api/report/data/me");
		return { status: response.status, body: await response.json() };
	};

	it.each([
		{
			what: "sign-in is off",
			on: false,
			who: null,
			status: 401,
			body: { door: "key" },
		},
		{
			what: "nobody is signed in",
			on: true,
			who: null,
			status: 401,
			body: { door: "sign-in", signIn: "/.auth/login/aad" },
		},
		{
			what: "somebody is signed in",
			on: true,
			who: ada,
			status: 200,
			body: {
				door: "sign-in",
				name: "ada@contoso.example",
				portal: "https://portal.azure.com",
			},
		},
	])("is $body.door where $what", async ({ on, who, status, body }) => {
		if (on) signIn(who);
		expect(await me()).toMatchObject({ status, body });
	});

	it("is open on the local host alone", async () => {
		await world.restart({ asAzure: null });
		expect(await me()).toEqual({
			status: 200,
			body: { door: "open", portal: "https://portal.azure.com" },
		});
		await world.restart();
		// What a deployed app could be told by its settings.
		process.env.AZURE_FUNCTIONS_ENVIRONMENT = "Development";
		expect(await me()).toMatchObject({ status: 401, body: { door: "key" } });
		delete process.env.AZURE_FUNCTIONS_ENVIRONMENT;
	});
});

describe("one file", () => {
	it("has what the routes answer, at both doors", async () => {
		signIn(ada);
		const keyed = await call("/api/report/export", { headers: withKey });
		const signed = await call("/api/report/data/export");
		const data = await dataOf(keyed);
		expect(keyed.headers.get("content-disposition")).toMatch(
			/^attachment; filename="aks-subnets-\d{4}-\d\d-\d\d\.html"$/,
		);
		const answerTo = async (path: string) =>
			(await call(`/api/${path}`, { headers: withKey })).json();
		const { madeAt, leftOut, capacity, history, networks, overview, ...lists } =
			data;
		for (const [name, list] of Object.entries(lists))
			expect(await answerTo(name)).toMatchObject({
				[name]: list,
				continuation: null,
			});
		expect(Object.keys(lists)).toEqual([
			"audits",
			"findings",
			"clusters",
			"budgets",
		]);
		expect(overview.fullest).toMatchObject(data.budgets.slice(0, 10));
		expect(new Date(madeAt).toISOString()).toBe(madeAt);
		expect(capacity[shop]).toEqual(
			await answerTo(`capacity?cluster=${encodeURIComponent(shop)}`),
		);
		const budget = finding.budget?.id ?? "";
		expect(history[budget]).toEqual(
			await answerTo(`history?budget=${encodeURIComponent(budget)}`),
		);
		expect(Object.keys(networks)).toHaveLength(3);
		for (const [network, map] of Object.entries(networks))
			expect(map).toEqual(
				await answerTo(`networks?network=${encodeURIComponent(network)}`),
			);
		expect(leftOut).toEqual([
			"It has no resolved findings.",
			"The report that the auditor serves has everything: https://auditor.example/api/report",
		]);
		const { findings } = await dataOf(signed);
		expect(findings).toEqual(data.findings);
	});

	it("says what it leaves out where the fleet is larger than a file should be", async () => {
		const small = {
			...fileBounds,
			audits: 1,
			findings: 2,
			budgets: 3,
			clusters: 1,
			histories: 1,
		};
		await world.audit();
		const now = new Date().toISOString();
		const facts = { portal: null, reportUrl: null, maxAgeHours: 26 };
		const whole = await reportData(world.tables, now, facts);
		const data = await reportData(world.tables, now, facts, small);
		expect(data.findings).toEqual(whole.findings.slice(0, 2));
		expect(data.budgets).toHaveLength(3);
		expect(Object.keys(data.capacity)).toEqual([data.findings[0]?.cluster]);
		expect(Object.keys(data.history)).toEqual([data.findings[0]?.budget?.id]);
		const [clusters, budgets] = [whole.capacity, whole.budgets].map(
			(all) => Object.keys(all).length,
		);
		expect(data.leftOut).toEqual([
			"It has no resolved findings.",
			`It has 2 of ${whole.findings.length} open findings.`,
			`It has 3 of ${budgets} budgets.`,
			`It has 1 of ${clusters} clusters with their capacity.`,
			`It has 1 of ${budgets} budgets with their history.`,
			"It has the newest audits only, 1 of them.",
			"The report that the auditor serves has everything.",
		]);

		const none = { ...fileBounds, capacityLength: 10 };
		const { capacity } = await reportData(world.tables, now, facts, none);
		expect(capacity).toEqual({});
	});

	async function dataOf(response: Response): Promise<ReportData> {
		const [, text = ""] =
			/id="report-data">([^<]*)</.exec(await response.text()) ?? [];
		return JSON.parse(text) as ReportData;
	}
});
