import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Channel, startChannel } from "../../../local/channel/channel.ts";
import { projectRoot } from "../../../local/projectRoot.ts";
import { alertCard } from "../../../shared/alert/card.ts";
import { failureCard } from "../../../shared/alert/failureCard.ts";
import { postCard } from "../../../shared/alert/webhook.ts";
import { clusterNamed, coverage, digest, line } from "../../alert/digests.ts";
import { sampleDigest } from "../../alert/sampleDigest.ts";
import { launchBrowser } from "../../browser.ts";

/* The cards as the official library shows them on a phone and beside it. */

const browser = await launchBrowser();
const artifacts = join(projectRoot(), "artifacts");
const reportUrl = "https://auditor.azurewebsites.net/api/report";

/** A night with all kinds of news, in a partial audit. */
const changes = digest({
	state: "partial",
	short: { clusters: 12, of: null, units: ["addresses", "routes"] },
	lastComplete: { at: "2026-11-20T05:03:20.000Z", days: 2 },
	lines: [
		line({
			change: "worsened",
			clusters: ["aks-payments-prod-weu", "aks-ledger-prod-weu"].map(
				clusterNamed,
			),
			headline: "Subnet snet-payments is 12 to 41 IPs short for an upgrade",
			budget: { id: "s", kind: "subnet", name: "vnet-payments/snet-payments" },
			impact: "Azure refuses the upgrade, or the upgrade stops half-way.",
			remedies: ["Set max surge 1 on pool gateways.", "Move pool gateways."],
		}),
		line({
			severity: "high",
			change: "reopened",
			note: "comes-and-goes",
			clusters: [clusterNamed("aks-render-prod-neu")],
			headline: "Route table rt-render is 5 routes short at autoscaler max",
			budget: { id: "r", kind: "routes", name: "rt-render" },
			impact: "Azure accepts the change. It stops half-way.",
			remedies: ["Lower the autoscaler max of pool render from 390 to 379."],
		}),
		line({
			severity: "medium",
			change: "eased",
			clusters: [clusterNamed("aks-batch-prod-neu")],
		}),
		...["aks-edge-dev-weu", "aks-search-prod-weu"].map((name) =>
			line({
				change: "resolved",
				reasons: null,
				clusters: [clusterNamed(name)],
			}),
		),
	],
	changes: { worsened: 2, reopened: 1, eased: 1, resolved: 2 },
	belowMinimum: 2,
	open: { critical: 6, high: 8, medium: 3 },
	accepted: 3,
	unknown: [{ cause: "Rows are missing", budgets: 4 }],
	outOfReach: ["33333333-3333-3333-3333-333333333333"],
	coverage: coverage({
		subscriptions: { expected: 14, answered: 12 },
		notEvaluated: 3,
		gaps: [
			{
				kind: "subscription",
				subscription: "sub-payments",
				scope: "sub-payments",
				reason: "the audit's identity may not read it",
			},
		],
	}),
	reportUrl,
});

/** A quiet Monday: nothing is new, and two old troubles are still there. */
const weekly = digest({
	short: { clusters: 4, of: 42, units: ["addresses", "routes"] },
	weekly: {
		stillOpen: [
			line({
				change: "still-open",
				since: "2026-10-05T05:03:20.000Z",
				clusters: ["aks-shop-prod-weu", "b"].map(clusterNamed),
			}),
			line({
				change: "still-open",
				since: "2026-11-02T05:03:20.000Z",
				budget: { id: "r", kind: "routes", name: "rt-hub-weu" },
				clusters: [clusterNamed("aks-render-prod-neu")],
				headline: "Route table rt-hub-weu is 3 routes short at autoscaler max",
				impact: "Azure accepts the change. It stops half-way.",
				remedies: ["Lower the autoscaler max of pool burst from 390 to 379."],
			}),
		],
	},
	open: { critical: 2, high: 4, low: 9 },
	accepted: 1,
	reportUrl,
});

/** Names as long as Azure allows, which differ in the middle. */
const long = digest({
	lines: ["a", "b", "c", "d"].map((letter) => {
		const subnet = `${"snet-long-".repeat(3)}${letter.repeat(10)}${"-end-of-it".repeat(4)}`;
		return line({
			clusters: [
				clusterNamed(
					`${"aks-long-".repeat(3)}${letter.repeat(9)}${"-prod-weu".repeat(3)}`,
				),
			],
			budget: { id: letter, kind: "subnet", name: `vnet-hub/${subnet}` },
			headline: `Subnet ${subnet.slice(0, 30)}…${subnet.slice(-30)} is 12 IPs short`,
		});
	}),
	reportUrl,
});

const quiet = digest({
	weekly: { stillOpen: [] },
	short: { clusters: 0, of: 42, units: [] },
	reportUrl,
});

const failed = failureCard({
	reason:
		"the auditor's identity needs the role Reader on the subscriptions that it audits",
	finishedAt: "2026-11-22T05:00:40.000Z",
	open: { critical: 6, high: 10, medium: 7, low: 12, info: 3 },
	accepted: 1,
	lastComplete: "2026-11-20T05:03:20.000Z",
	reportUrl,
});

const cards = {
	sample: alertCard(await sampleDigest()),
	changes: alertCard(changes),
	weekly: alertCard(weekly),
	long: alertCard(long),
	quiet: alertCard(quiet),
	failed,
};
const names = Object.keys(cards) as (keyof typeof cards)[];

describe.skipIf(!browser)("the cards in a browser", { timeout: 30_000 }, () => {
	let channel: Channel;
	let page: Page;

	beforeAll(async () => {
		await mkdir(artifacts, { recursive: true });
		channel = await startChannel({ port: 0, reportUrl: () => null });
		for (const name of names)
			expect(await postCard(channel.webhookUrl, cards[name])).toEqual({
				outcome: "sent",
			});
	}, 30_000);

	afterEach(async () => {
		await page?.context().close();
	});

	afterAll(async () => {
		await browser?.close();
		await channel?.close();
	});

	async function open(
		width: number,
		colorScheme: "light" | "dark",
	): Promise<void> {
		if (!browser) throw new Error("No browser.");
		const viewport = { width, height: 640 };
		const context = await browser.newContext({ viewport, colorScheme });
		page = await context.newPage();
		await page.goto(channel.url);
		await card(names.length - 1).waitFor();
		// The page's own bar would cover a card that is higher than the screen.
		await page.evaluate(
			`document.querySelector(".bar").style.position = "static"`,
		);
	}

	function card(index: number): Locator {
		return page.locator(".post .card").nth(index);
	}

	function cardOf(name: keyof typeof cards): Locator {
		return card(names.indexOf(name));
	}

	async function heightOf(room: Locator): Promise<number> {
		return (await room.boundingBox())?.height ?? Number.NaN;
	}

	/** How far below the card's top a text of it ends. */
	async function endOf(room: Locator, text: string): Promise<number> {
		const top = (await room.boundingBox())?.y ?? Number.NaN;
		const box = await room.getByText(text).first().boundingBox();
		return box === null ? Number.NaN : box.y + box.height - top;
	}

	async function picture(room: Locator, name: string): Promise<void> {
		await room.screenshot({ path: join(artifacts, `card-${name}.png`) });
	}

	/** What does not fit into a card's box is cut off or runs out of it. */
	async function expectNothingCut(room: Locator): Promise<void> {
		const cut = await room.evaluate((root) => {
			const { right } = root.getBoundingClientRect();
			return [...root.querySelectorAll("*")]
				.filter((one) => one.getBoundingClientRect().right > right)
				.map((one) => one.textContent);
		});
		expect(cut).toEqual([]);
	}

	it.each([
		{ width: 360, scheme: "light" as const },
		{ width: 360, scheme: "dark" as const },
		{ width: 900, scheme: "light" as const },
		{ width: 900, scheme: "dark" as const },
	])("fit at $width px, $scheme", async ({ width, scheme }) => {
		await open(width, scheme);
		for (const name of names) {
			await expectNothingCut(cardOf(name));
			await picture(cardOf(name), `${name}-${width}-${scheme}`);
		}
		const sample = cardOf("sample");
		expect(await heightOf(sample)).toBeLessThanOrEqual(1_400);
		// The third fix ends within a phone's first screen.
		expect(
			await endOf(
				sample,
				"Replace pool gateways with a new pool of max pods 22",
			),
		).toBeLessThanOrEqual(640);
	});

	it("unfold and fold again what is behind Details", async () => {
		await open(360, "light");
		const sample = cardOf("sample");
		const folded = await heightOf(sample);
		const why = sample.getByText("Needs 144 to 153 IPs now");
		const link = sample.getByRole("link", { name: "Open in the report" });
		expect(await why.isVisible()).toBe(false);
		expect(await link.count()).toBe(0);
		await sample.getByRole("button", { name: "Details" }).first().click();
		expect(await why.isVisible()).toBe(true);
		expect(await link.first().isVisible()).toBe(true);
		await picture(sample, "sample-360-unfolded");
		await sample.getByRole("button", { name: "Details" }).first().click();
		expect(await why.isVisible()).toBe(false);
		expect(await heightOf(sample)).toBe(folded);
	});

	const opener = { name: /^(Details|Show)$/ };

	it("show the rest of the list where somebody asks for it", async () => {
		await open(360, "dark");
		for (const name of ["sample", "changes"] as const) {
			const room = cardOf(name);
			for (const button of await room.getByRole("button", opener).all())
				await button.click();
			await picture(room, `${name}-360-all`);
			await expectNothingCut(room);
		}
		expect(
			await cardOf("sample").getByText("aks-campaigns-prod-weu").isVisible(),
		).toBe(true);
	});
});
