import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { projectRoot } from "../../local/projectRoot.ts";
import type { FindingLine } from "../../shared/contract.ts";
import { launchBrowser } from "../browser.ts";
import { sharedStorage } from "../workflow/storage.ts";
import { openWorld, type World } from "../workflow/world.ts";

/* The report in a browser, from a host that does what App Service does. One audit and one browser serve all tests. */

const browser = await launchBrowser();
const artifacts = join(projectRoot(), "artifacts");
const axe = await readFile(
	join(projectRoot(), "node_modules/axe-core/axe.min.js"),
	"utf8",
);
const key = "key-of-the-test";
const ada = Buffer.from(
	JSON.stringify({
		auth_typ: "aad",
		claims: [{ typ: "upn", val: "ada@contoso.example" }],
	}),
).toString("base64");

let world: World;
let page: Page;
let principal: string | null = ada;
const errors: string[] = [];

beforeAll(async () => {
	if (!browser) return;
	await mkdir(artifacts, { recursive: true });
	const { resources, readableSubscriptions } = sampleFleet();
	world = await openWorld(sharedStorage().next(), {
		resources,
		readableSubscriptions,
		asAzure: { key, principal: () => principal },
	});
	await world.audit();
}, 120_000);

afterEach(async () => {
	await page?.context().close();
	principal = ada;
	// A violation of the content security policy is an error of the console.
	expect(errors.splice(0)).toEqual([]);
});

afterAll(async () => {
	delete process.env.WEBSITE_AUTH_ENABLED;
	delete process.env.WEBSITE_AUTH_CLIENT_ID;
	await browser?.close();
	await world?.close();
});

interface Opened {
	readonly width?: number;
	readonly scheme?: "light" | "dark";
	readonly signIn?: boolean;
	/** What answers in place of the host, by the end of the path. */
	readonly answers?: Readonly<Record<string, unknown>>;
	/** The browser reports these answers as errors. */
	readonly failures?: RegExp;
}

async function open(
	address: string,
	{
		width = 1300,
		scheme = "light",
		signIn = true,
		answers = {},
		failures,
	}: Opened = {},
): Promise<void> {
	if (!browser) throw new Error("No browser.");
	if (signIn) {
		process.env.WEBSITE_AUTH_ENABLED = "True";
		process.env.WEBSITE_AUTH_CLIENT_ID = "0c1f";
	} else delete process.env.WEBSITE_AUTH_ENABLED;
	const viewport = { width, height: 900 };
	const context = await browser.newContext({ viewport, colorScheme: scheme });
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	page = await context.newPage();
	page.on("console", (message) => {
		if (message.type() === "error" && !failures?.test(message.text()))
			errors.push(message.text());
	});
	page.on("pageerror", (error) => errors.push(error.message));
	for (const [path, body] of Object.entries(answers))
		await page.route(`**/data/${path}`, (route: Route) =>
			route.fulfill(
				body === null
					? { status: 404, json: { status: 404, detail: "No audit yet." } }
					: { json: body },
			),
		);
	await page.goto(
		address.startsWith("file:") ? address : `${world.host.url}${address}`,
	);
}

const text = (selector: string) => page.locator(selector).first().innerText();

async function answerOf<T>(path: string): Promise<T> {
	return page.evaluate(
		`fetch("/api/report/data/${path}").then((answer) => answer.json())`,
	);
}

async function expectGoodPage(name: string): Promise<void> {
	await page.screenshot({
		path: join(artifacts, `report-${name}.png`),
		fullPage: true,
	});
	await page.evaluate(axe);
	expect(
		await page.evaluate(
			"axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))",
		),
	).toEqual([]);
	// What runs out of the page, but in a room that scrolls.
	expect(
		await page.evaluate(
			`[...document.querySelectorAll("body *")]
				.filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest("pre, .scroll"))
				.map((one) => one.outerHTML.slice(0, 100))`,
		),
	).toEqual([]);
}

async function expectGoodInBothSchemes(name: string): Promise<void> {
	for (const colorScheme of ["light", "dark"] as const) {
		await page.emulateMedia({ colorScheme });
		await expectGoodPage(`${name}-${colorScheme}`);
	}
}

describe.skipIf(!browser)("the report", { timeout: 60_000 }, () => {
	it.each([
		{ width: 360, scheme: "light" as const },
		{ width: 360, scheme: "dark" as const },
		{ width: 1300, scheme: "light" as const },
		{ width: 1300, scheme: "dark" as const },
	])(
		"has no barrier and fits into $width px, $scheme",
		async ({ width, scheme }) => {
			const name = `${width}-${scheme}`;
			await open("/api/report#/", { width, scheme });
			await page.locator(".budget").nth(9).waitFor();
			await expectGoodPage(`overview-${name}`);
			await page.getByRole("link", { name: "Findings", exact: true }).click();
			await page.locator(".finding summary").first().click();
			await page.locator(".remedies").waitFor();
			await page.getByRole("button", { name: "Accept …" }).click();
			await expectGoodPage(`findings-${name}`);
			await page.getByRole("link", { name: "Clusters", exact: true }).click();
			await page.locator(".clusters tbody tr").first().waitFor();
			await expectGoodPage(`clusters-${name}`);
		},
	);

	it("says first how many clusters are short, then what fills up, and what the audit saw", async () => {
		await open("/api/report");
		await page.locator(".budget").nth(9).waitFor();
		expect(await text("h1")).toBe("10 of 33 AKS clusters are short");
		expect(await text(".coverage")).toMatch(
			/Complete audit of .* UTC, .* · 5 of 5 subscriptions answered · 1 cluster not evaluated/,
		);
		expect(await page.locator(".tile").allInnerTexts()).toEqual([
			"12\nshort",
			"5\ntight",
			"3\nunknown",
			"13\nfits",
		]);
		expect(await text(".later")).toBe(
			"2 of the short ones are accepted, or short only for an upgrade at autoscaler max.",
		);
		const first = page.locator(".budget").first();
		expect(await first.innerText()).toMatch(
			/pod subnet snet-streaming-pods\s+in vnet-data-weu · aks-kafka-prod-weu and 1 more\s+short 21 to 30 IPs short now\s+Needs up to 306, has 123 IPs/,
		);
		// 153 IPs now, 272 at autoscaler max, 306 for an upgrade then.
		expect(
			await first.locator(".capacity-bar").getAttribute("aria-label"),
		).toBe(
			"Capacity 123 IPs, AKS nodes now 153, growth to autoscaler max 119, upgrade surge 34, missing 183",
		);
		expect(await first.locator(".fix").innerText()).toBe(
			"Fix for aks-kafka-prod-weu: Move pools system and brokers to a new /24 pod subnet; 10.30.10.0/24 is free.",
		);
		// Short now, by how full at autoscaler max, then the others by how full.
		expect(await page.locator(".budget h3 a").allInnerTexts()).toEqual([
			"snet-streaming-pods",
			"snet-apiserver",
			"snet-flink-pods",
			"snet-campaigns-workers",
			"10.10.128.0/20",
			"snet-aks-shared",
			"rt-render",
			"workers",
			"snet-perf-load",
			"snet-ingress",
		]);
		await page.locator(".tile.short").click();
		await page.locator(".clusters tbody tr").nth(11).waitFor();
		expect(await page.locator(".clusters tbody tr").count()).toBe(12);
	});

	it("shows a partial, a late and a failed audit as what they are, and none as no all-clear", async () => {
		await open("/api/report");
		await page.locator(".budget").first().waitFor();
		const overview = await answerOf<{ audit: object }>("overview");
		const { audits } = await answerOf<{ audits: object[] }>("audits");
		const gap = {
			kind: "subscription",
			subscription: "s",
			scope: "sub-payments",
			reason: "the auditor's identity may not read it",
		};
		const coverage = {
			subscriptions: { expected: 14, answered: 13 },
			clusters: 33,
			notEvaluated: 1,
			subnets: 37,
			gaps: [gap],
		};
		await page.context().close();
		const partial = {
			...overview,
			ageHours: 60,
			isLate: true,
			audit: { ...overview.audit, state: "partial", coverage },
		};
		const failed = {
			...audits[0],
			state: "failed",
			coverage: { ...coverage, gaps: [{ ...gap, kind: "audit" }] },
		};
		await open("/api/report", {
			answers: {
				overview: partial,
				audits: { audits: [failed, ...audits], continuation: null },
			},
		});
		await page.locator(".notice.failed").waitFor();
		expect(await text(".notice.failed")).toMatch(
			/The newest audit failed .* No cluster was checked. This is not an all-clear.\s+the auditor's identity may not read it/,
		);
		expect(await text(".coverage")).toMatch(
			/Partial audit of .*2 days ago: late.*13 of 14 subscriptions answered/,
		);
		expect(await text(".notice.partial")).toContain(
			"1 gap: what was not read is not checked",
		);
		await expectGoodInBothSchemes("partial-and-failed");
		await page.context().close();

		await open("/api/report", {
			answers: { overview: null, audits: { audits: [], continuation: null } },
			failures: /404/,
		});
		await page.getByRole("heading", { name: "No audit yet" }).waitFor();
		expect(await page.locator(".tile").count()).toBe(0);
	});

	it("selects severities, filters, groups, and keeps all of that in the URL", async () => {
		await open("/api/report#/findings");
		const rows = page.locator(".finding");
		await rows.nth(37).waitFor();
		await page.getByRole("button", { name: "6 critical" }).click();
		expect(await rows.count()).toBe(6);
		await page.getByRole("button", { name: "10 high" }).click();
		expect(await rows.count()).toBe(16);
		await page
			.getByLabel("Network")
			.selectOption({ label: "vnet-data-weu (5)" });
		expect(new URL(page.url()).hash).toMatch(
			/^#\/findings\?severity=critical,high&network=\/subscriptions\/.*\/vnet-data-weu$/,
		);
		expect(await rows.count()).toBe(4);
		await page.getByLabel("Group").selectOption("budget");
		expect(await page.locator(".group h2").allInnerTexts()).toEqual([
			"pod subnet snet-flink-pods in vnet-data-weu 2 findings",
			"pod subnet snet-streaming-pods in vnet-data-weu 2 findings",
		]);
		await page.reload();
		await page.locator(".group").nth(1).waitFor();
		expect(await rows.count()).toBe(4);
		await page.getByPlaceholder("Cluster, subnet or words").fill("elsewhere");
		expect(await text(".count")).toBe("No finding matches the filters.");
		await page.getByRole("button", { name: "Clear filters" }).click();
		expect(await rows.count()).toBe(38);
	});

	it("opens one finding by both kinds of links, with sums, remedies and their commands", async () => {
		await open("/api/report#/findings?text=snet-ingress");
		await page.locator(".finding summary").click();
		const copy = page.getByRole("button", { name: "Copy the command" }).first();
		await copy.click();
		await copy.getByText("Copied").waitFor();
		const command = await text(".command pre");
		expect(command).toMatch(/^az aks nodepool /);
		expect(await page.evaluate("navigator.clipboard.readText()")).toBe(command);
		const portal = page.getByRole("link", { name: "Azure portal" });
		expect(await portal.first().getAttribute("href")).toMatch(
			/^https:\/\/portal\.azure\.com\/#resource\/subscriptions\/.*\/managedclusters\/aks-ingress-prod-weu$/,
		);
		expect(await portal.nth(1).getAttribute("href")).toMatch(
			/\/virtualnetworks\/vnet-platform-weu\/subnets$/,
		);
		await page.getByRole("link", { name: "This finding alone" }).click();
		const headline = "Subnet snet-ingress is 12 to 41 IPs short for an upgrade";
		await page.getByRole("heading", { name: headline, level: 1 }).waitFor();
		const id = new URL(page.url()).hash.split("/").at(-1);
		await page.context().close();

		await open(`/api/report?finding=${id}`);
		await page.getByRole("heading", { name: headline, level: 1 }).waitFor();
		expect(await text("main")).toContain("Needs 263 to 292 IPs");
		expect(new URL(page.url()).hash).toBe(`#/findings/${id}`);
	});

	it("shows a shared subnet with everybody at autoscaler max, as the overview does", async () => {
		await open("/api/report", { width: 360 });
		await page.getByRole("link", { name: "snet-aks-shared" }).click();
		await page.locator(".uses").waitFor();
		// Whoever cannot drag it scrolls it by key.
		await page.getByRole("region", { name: "Who uses it" }).focus();
		await page.getByText("Scroll sideways to see all columns").waitFor();
		await expectGoodInBothSchemes("shared-subnet");
		expect(await text(".ledger h2")).toBe("Subnet short");
		// 1,252 of 1,019 IPs: basket alone at its maximum would need 933.
		expect(await page.locator(".scenarios li").nth(2).innerText()).toMatch(
			/Autoscaler max\s+needs 1,252\s+short 233 IPs short/,
		);
		expect(
			await page.locator(".uses tbody tr").nth(3).locator("td").allInnerTexts(),
		).toEqual(["4", "116", "6", "up to 174"]);
		await page.getByRole("link", { name: "Its findings" }).click();
		await page.locator(".finding").nth(4).waitFor();
		expect(await page.locator(".finding").count()).toBe(5);
	});

	it("draws a network to scale, and says where a new subnet would go", async () => {
		const [subnet] = sampleFleet().resources.filter(({ id }) =>
			id.toLowerCase().endsWith("/virtualnetworks/vnet-platform-weu"),
		);
		await open(`/api/report#/network?id=${subnet?.id}`, { width: 360 });
		const place = page.locator(".new-subnet output");
		await place.getByText("10.10.0.0/24").waitFor();
		await page.getByLabel("A new subnet of").selectOption("23");
		// 10.10.1.0/24 and 10.10.2.0/24 are taken, and a part of 10.10.4.0/22.
		await place.getByText("10.10.6.0/23").waitFor();
		await page.getByText("The map as a table").click();
		await expectGoodInBothSchemes("network");
		await page
			.getByRole("link", { name: /^10\.10\.1\.0\/24: subnet snet-ingress/ })
			.last()
			.click();
		await page.getByRole("heading", { name: "snet-ingress" }).waitFor();
	});

	it("tries other settings and remedies, names neighbors, and says what is wrong", async () => {
		const id = sampleFleet().resources.find(({ id }) =>
			id.toLowerCase().endsWith("/managedclusters/aks-basket-prod-weu"),
		)?.id;
		await open(`/api/report#/cluster?id=${id}`, {
			failures: /503/,
			width: 360,
		});
		await page.locator(".what-if > summary").click();
		// 875 of 1,019 IPs are in use: six nodes with 29 IPs each are too many, for all neighbors.
		await page.getByLabel("Nodes of pool system").fill("8");
		const ask = page.getByRole("button", { name: "Would it fit?" });
		await ask.click();
		await page
			.locator(".answered")
			.getByText("aks-pricing-prod-weu goes from tight to short")
			.waitFor();
		expect(await text(".what-if .command pre")).toMatch(
			/^az aks nodepool scale .* --name system --node-count 8$/,
		);
		await expectGoodInBothSchemes("what-if");
		const busy = (route: Route) =>
			route.fulfill({
				status: 503,
				headers: { "retry-after": "15" },
				contentType: "application/problem+json",
				body: JSON.stringify({ status: 503, detail: "Azure is busy." }),
			});
		await page.route("**/data/checks", busy);
		await ask.click();
		await page.getByText("Azure is busy. Try again in 15 seconds.").waitFor();
		await page.unroute("**/data/checks", busy);

		await page.goto(`${world.host.url}/api/report#/findings?text=snet-ingress`);
		await page.locator(".finding summary").click();
		await page.getByRole("button", { name: "Try it" }).nth(1).click();
		await page
			.getByText("aks-ingress-prod-weu fits in all four scenarios.")
			.waitFor();
	});

	it("accepts a finding and withdraws that, by keyboard", async () => {
		await open("/api/report#/findings?text=snet-campaigns-workers");
		await page.locator(".finding summary").focus();
		await page.keyboard.press("Enter");
		await page.getByRole("button", { name: "Accept …" }).press("Enter");
		await page.keyboard.press("Escape");
		await page.getByLabel("Reason").waitFor({ state: "detached" });
		// What comes next by key is the button that opened it.
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		expect(await page.getByLabel("Owner").inputValue()).toBe(
			"ada@contoso.example",
		);
		await page.keyboard.type("waits for the new network");
		await page.getByLabel("Covers").focus();
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		await page.locator(".acceptance button").getByText("Withdraw").waitFor();
		expect(await text(".acceptance")).toMatch(
			/Accepted until 20\d\d-\d\d-\d\d, owner ada@contoso\.example: waits for the new network/,
		);
		await page.locator("summary .accepted").waitFor();
		await page.getByRole("button", { name: "Withdraw" }).press("Enter");
		await page.getByRole("button", { name: "Accept …" }).waitFor();
		await page.locator("summary .accepted").waitFor({ state: "detached" });
	});

	it("shows 3,000 findings step by step, and other people's names as they are written", async () => {
		await open("/api/report#/findings");
		await page.locator(".finding").first().waitFor();
		const { findings } = await answerOf<{ findings: FindingLine[] }>(
			"finding-lines?state=open",
		);
		await page.context().close();
		const name =
			"<img src=x onerror=document.title=1> [x](https://evil.example)";
		const many = Array.from({ length: 3000 }, (_, index) => ({
			...findings[index % findings.length],
			id: String(index),
			clusterName: index === 0 ? name : `aks-${index}`,
		}));
		await open("/api/report#/findings", {
			answers: { "finding-lines?state=open": { findings: many } },
		});
		const rows = page.locator(".finding");
		await rows.first().waitFor();
		expect(await rows.count()).toBe(50);
		expect(await text(".finding .where")).toBe(name);
		expect(await page.locator("main img").count()).toBe(0);
		await page.getByRole("button", { name: "Show 50 more" }).click();
		expect(await rows.count()).toBe(100);
		await page.getByPlaceholder("Cluster, subnet or words").fill("aks-2999");
		expect(await rows.count()).toBe(1);
		expect(await page.title()).toBe("AKS subnet auditor");
	});

	it("asks for a sign-in that comes back to the same place, or for a key that the tab keeps", async () => {
		principal = null;
		await open("/api/report#/findings?severity=high", { failures: /401/ });
		const link = page.getByRole("link", { name: "Sign in" });
		expect(await link.getAttribute("href")).toBe(
			`/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent("/api/report#/findings?severity=high")}`,
		);
		await expectGoodInBothSchemes("sign-in");
		await page.context().close();

		await open("/api/report#/findings", { signIn: false, failures: /401/ });
		const field = page.getByLabel("Function key");
		await field.fill("wrong");
		await page.keyboard.press("Enter");
		await page.getByText("This key is not accepted.").waitFor();
		await field.fill(key);
		await page.keyboard.press("Enter");
		await page.locator(".finding").first().waitFor();
		await page.reload();
		await page.locator(".finding").first().waitFor();
	});

	it("is one file that opens without the auditor, and says what it leaves out", async () => {
		const response = await fetch(`${world.host.url}/api/report/export`, {
			headers: { "x-functions-key": key },
		});
		const file = join(artifacts, "report.html");
		await writeFile(file, await response.text());
		await open(pathToFileURL(file).href);
		await page.locator(".budget").nth(9).waitFor();
		expect(await text(".notice")).toMatch(
			/Saved .* UTC. This file does not change. It has no resolved findings./,
		);
		await page.getByRole("link", { name: "Findings", exact: true }).click();
		await page.locator(".finding summary").first().click();
		await page.locator(".remedies").waitFor();
		for (const name of ["Accept …", "Try it"])
			expect(await page.getByRole("button", { name }).count()).toBe(0);
		await page.getByRole("link", { name: "Clusters", exact: true }).click();
		await page.locator(".clusters tbody tr").nth(32).waitFor();
		await page.locator(".clusters tbody a").first().click();
		await page.getByText("A saved file cannot try changes").waitFor();
	});
});
