import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Channel, startChannel } from "../../../local/channel/channel.ts";
import { projectRoot } from "../../../local/projectRoot.ts";
import { alertCard } from "../../../shared/alert/card.ts";
import type { Digest } from "../../../shared/alert/digest.ts";
import { postCard } from "../../../shared/alert/webhook.ts";
import type { Gap } from "../../../shared/contract.ts";
import { clusterNamed, coverage, digest, line } from "../../alert/digests.ts";
import { launchBrowser } from "../../browser.ts";

const browser = await launchBrowser();
const artifacts = join(projectRoot(), "artifacts");

const hostile = [
	"[x](https://evil.example)",
	"**b**",
	"<at>all</at>",
	"<img src=x onerror=document.title=1>",
	"{{DATE(2026-01-01T00:00:00Z, LONG)}}",
] as const;
const [link, bold, mention, image, macro] = hostile;

const baseline = digest({
	kind: "baseline",
	short: { clusters: 4, of: 42, units: ["addresses", "blocks"] },
	lines: [
		line({
			clusters: ["shop-prod-weu", "b", "c"].map(clusterNamed),
			headline: "Subnet nodes is 12 to 30 IPs short for an upgrade",
			additionalNodes: "Pool system cannot add a node now",
			reasons: "pool system: 9 nodes x 29 to 31 IPs (max pods 30)",
		}),
		line({
			severity: "high",
			budget: { id: "p", kind: "pod-range", name: "10.244.0.0/16" },
			clusters: [clusterNamed("batch-prod-neu")],
			headline: "Pod CIDR 10.244.0.0/16 is 44 blocks short at autoscaler max",
			additionalNodes: "Pool burst can add 8 nodes now",
			runway: "Full in about 23 days (15 to 40), from 30 points over 29 days",
			reasons: "300 nodes at the autoscaler's maximum x 1 block",
			remedies: [
				"Recreate the cluster with a pod range of /15, or lower the maximum of pool burst to 256",
			],
		}),
	],
	belowMinimum: 5,
	open: { critical: 1, high: 1, medium: 4, low: 1 },
	reportUrl: "https://report.example/",
});

const gaps: Gap[] = [
	{
		kind: "row",
		subscription: null,
		scope: image,
		reason: `no answer, ${macro}`,
	},
	{
		kind: "subscription",
		subscription: "sub-payments",
		scope: "sub-payments",
		reason: "the audit's identity may not read it",
	},
];
const changes = digest({
	state: "partial",
	lastComplete: { at: "2026-11-20T05:03:20.000Z", days: 2 },
	accepted: 3,
	damped: 2,
	lines: [
		line({
			clusters: [link, "b"].map(clusterNamed),
			budget: { id: "s", kind: "pod-subnet", name: bold },
			reasons: `neighbors: ${image}`,
			remedies: [`ask ${mention}`],
		}),
		line({
			change: "worsened",
			severity: "high",
			clusters: [clusterNamed(mention)],
			budget: { id: "r", kind: "routes", name: macro },
			headline: "Route table rt is 3 routes short at autoscaler max",
		}),
		line({
			change: "eased",
			severity: "medium",
			headline:
				"Subnet nodes can be up to 4 IPs short for an upgrade at autoscaler max",
		}),
		line({ change: "resolved", clusters: [clusterNamed(image)] }),
		line({ change: "resolved", clusters: [clusterNamed("edge-dev")] }),
	],
	changes: { opened: 1, worsened: 1, eased: 1, resolved: 2 },
	belowMinimum: 2,
	open: { critical: 1, high: 1, medium: 1 },
	coverage: coverage({
		subscriptions: { expected: 14, answered: 12 },
		notEvaluated: 3,
		gaps,
	}),
	reportUrl: "https://report.example/",
});

/** A quiet Monday: nothing is new, and two old troubles are still there. */
const weekly = digest({
	short: { clusters: 3, of: 42, units: ["addresses", "routes"] },
	weekly: {
		stillOpen: [
			line({
				change: "still-open",
				since: "2026-10-05T05:03:20.000Z",
				clusters: ["shop-prod-weu", "b"].map(clusterNamed),
				additionalNodes: "Pool apps cannot add a node now",
			}),
			line({
				change: "still-open",
				since: "2026-11-02T05:03:20.000Z",
				budget: {
					id: "r",
					kind: "routes",
					name: "rt-hub-with-a-long-name-weu",
				},
				clusters: [clusterNamed("render-prod-neu")],
				headline: "Route table rt is 3 routes short at autoscaler max",
				remedies: [
					"Lower the maximum of pool burst to 120, or split the cluster",
				],
			}),
		],
	},
	open: { critical: 2, high: 4, low: 9 },
	accepted: 1,
	reportUrl: "https://report.example/",
});

const many = digest({
	kind: "baseline",
	short: { clusters: 60, of: 60, units: ["addresses"] },
	lines: Array.from({ length: 60 }, (_, index) =>
		line({
			severity: index < 20 ? "critical" : "high",
			clusters: [clusterNamed(`fleet-${index}-${"long".repeat(10)}`)],
		}),
	),
	open: { critical: 20, high: 40 },
});

/** As a reader sees it. */
async function textOf(room: Locator): Promise<string> {
	return (await room.allInnerTexts()).join("\n");
}

describe.skipIf(!browser)("the page in a browser", { timeout: 30_000 }, () => {
	let channel: Channel;
	let page: Page;
	const errors: string[] = [];

	beforeAll(async () => {
		await mkdir(artifacts, { recursive: true });
		channel = await startChannel({
			port: 0,
			reportUrl: () => "http://127.0.0.1:1/api/report",
		});
		await post(baseline);
		await post(changes);
	}, 30_000);

	afterEach(async () => {
		await page?.context().close();
		expect(errors.splice(0)).toEqual([]);
	});

	afterAll(async () => {
		await browser?.close();
		await channel?.close();
	});

	async function post(what: Digest): Promise<void> {
		const posted = await postCard(channel.webhookUrl, alertCard(what));
		expect(posted).toEqual({ outcome: "sent" });
	}

	async function open(
		width: number,
		colorScheme: "light" | "dark" = "light",
	): Promise<void> {
		if (!browser) throw new Error("No browser.");
		const viewport = { width, height: 900 };
		const context = await browser.newContext({ viewport, colorScheme });
		page = await context.newPage();
		page.on("console", (message) => {
			if (message.type() === "error") errors.push(message.text());
		});
		page.on("pageerror", (error) => errors.push(error.message));
		await page.goto(channel.url);
		await page.locator(".post .card").nth(1).waitFor();
	}

	async function picture(name: string, fullPage = true): Promise<void> {
		const path = join(artifacts, `channel-${name}.png`);
		await page.screenshot({ path, fullPage });
	}

	/** What does not fit into a card's box is cut off or runs out of it. */
	async function expectNothingCut(card: Locator): Promise<void> {
		const cut = await card.evaluate((root) => {
			const { right } = root.getBoundingClientRect();
			return [...root.querySelectorAll("*")]
				.filter(
					(one) =>
						// Inline ones have no width of their own.
						(one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1) ||
						one.getBoundingClientRect().right > right,
				)
				.map((one) => one.textContent);
		});
		expect(cut).toEqual([]);
	}

	async function expectNoSidewaysScroll(): Promise<void> {
		const wide = await page.evaluate(
			`[document.documentElement, ...document.querySelectorAll("main > section")]
				.filter((room) => room.scrollWidth > room.clientWidth)
				.map((room) => room.id || room.tagName)`,
		);
		expect(wide).toEqual([]);
	}

	it.each([
		{ width: 360, scheme: "light" as const },
		{ width: 360, scheme: "dark" as const },
		{ width: 900, scheme: "light" as const },
		{ width: 900, scheme: "dark" as const },
		{ width: 1400, scheme: "light" as const },
	])("shows cards at $width px, $scheme", async ({ width, scheme }) => {
		await open(width, scheme);
		const cards = await page.locator(".card").allInnerTexts();
		expect(cards[0]).toContain("4 of 42 AKS clusters are short of IPs");
		expect(cards[0]).toContain("shop-prod-weu and 2 more");
		expect(cards[1]).toContain("Partial audit: 2 of 14 subscriptions");
		expect(cards[1]).toContain(
			"Last complete audit: 2 days ago, 20 Nov 05:03 UTC",
		);
		expect(cards[1]).toContain(
			"3 clusters not evaluated · 3 findings accepted · 12 of 14 subscriptions answered",
		);
		// The first screen of 900 pixels says what to do.
		const first = await page.getByText("Fix:").first().boundingBox();
		expect(first?.y).toBeLessThan(900);
		for (const index of [0, 1])
			await expectNothingCut(page.locator(".card").nth(index));
		await expectNoSidewaysScroll();
		await picture(`${width}-${scheme}`);
	});

	it("shows other people's names as they are written", async () => {
		await open(900);
		const card = page.locator(".card").nth(1);
		// What is folded counts too.
		const text = await card.textContent();
		for (const name of hostile) expect(text).toContain(name);
		expect(await page.locator(".card img, .card at").count()).toBe(0);
		expect(await card.locator("strong, em, a").count()).toBe(0);
		expect(await page.title()).toBe("AKS subnet auditor");
	});

	it("reads markdown in text blocks as Teams does", async () => {
		const body = [
			{
				type: "TextBlock",
				wrap: true,
				text: `**bold** _italic_ [link](https://a.example) ${image} [no](javascript:x)`,
			},
		];
		const content = { type: "AdaptiveCard", version: "1.4", body };
		const contentType = "application/vnd.microsoft.card.adaptive";
		await postCard(
			channel.webhookUrl,
			JSON.stringify({
				type: "message",
				attachments: [{ contentType, content }],
			}),
		);
		await open(900);
		const card = page.locator(".card").last();
		await card.locator("a").waitFor();
		expect(await card.locator("strong").allInnerTexts()).toEqual(["bold"]);
		expect(await card.locator("em").allInnerTexts()).toEqual(["italic"]);
		expect(await card.locator("a").allInnerTexts()).toEqual(["link"]);
		expect(await textOf(card)).toContain(`${image} [no](javascript:x)`);
	});

	it("adds new posts at the end and shows what the flow would refuse", async () => {
		await open(1400);
		const before = await page.locator(".post").count();
		await post(many);
		await postCard(channel.webhookUrl, "{}");
		await page.locator(".post .refused").waitFor();
		expect(await page.locator(".post").count()).toBe(before + 2);
		expect(await textOf(page.locator(".post").last())).toContain(
			"The flow failed and posted nothing",
		);
		await expectNoSidewaysScroll();
		await picture("1400-many");
	});

	it.each([
		{ width: 360, scheme: "light" as const },
		{ width: 360, scheme: "dark" as const },
		{ width: 900, scheme: "light" as const },
		{ width: 900, scheme: "dark" as const },
	])(
		"shows the weekly summary at $width px, $scheme",
		async ({ width, scheme }) => {
			await post(weekly);
			await open(width, scheme);
			const card = page.locator(".card").last();
			await card.getByText("weekly summary").first().waitFor();
			const text = await textOf(card);
			expect(text).toContain(
				"Nothing new; 3 of 42 AKS clusters are still short of IPs or routes",
			);
			expect(text).toContain("CRITICAL · still open since 5 Oct 2026");
			expect(text).toContain(
				"2 critical, 4 high open · no changes · weekly summary · 22 Nov 05:03 UTC",
			);
			await expectNothingCut(card);
			await expectNoSidewaysScroll();
			// The page's own bar would cover a card that is higher than the screen.
			await page.evaluate(
				`document.querySelector(".bar").style.position = "static"`,
			);
			await card.screenshot({
				path: join(artifacts, `channel-weekly-${width}-${scheme}.png`),
			});
		},
	);

	it("shows a full card on a phone", async () => {
		await post(many);
		await open(360);
		await page
			.getByText("60 of 60 AKS clusters are short of IPs")
			.last()
			.waitFor();
		await expectNoSidewaysScroll();
		await picture("360-many");
	});

	it("opens at the top of the newest card, with a link to the report", async () => {
		await open(360);
		await page.locator(".post").last().waitFor();
		const newest = await page.locator(".post").last().boundingBox();
		const bar = await page.locator(".bar").boundingBox();
		expect(newest?.y).toBeGreaterThanOrEqual(bar?.height ?? 0);
		// A short card is at the end of the page, and whole.
		expect(newest?.y).toBeLessThan(640);
		const link = page.getByRole("link", { name: "Report", exact: true });
		expect(await link.getAttribute("href")).toBe("/report");
	});
});
