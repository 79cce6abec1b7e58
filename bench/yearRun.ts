import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startAzurite } from "../local/storage/azurite.ts";
import { type TableName, tableNames } from "../shared/azure/tables.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import { contentsOf } from "./entities.ts";
import type { GraphCalls } from "./graphProcess.ts";
import { median } from "./measure.ts";
import { startRemote } from "./remote.ts";
import { seconds, table } from "./table.ts";
import type { Target } from "./targets.ts";
import type { NightCost, YearCalls } from "./yearProcess.ts";

const clusters = 50;
/** Both retentions, so that a year holds four of them. */
const retentionDays = 90;
const months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const mostGrowth = { entities: 1.1, time: 1.25 };

/** A month of simulated nights: what they took, and what lies in storage after the last of them. */
export interface Month {
	readonly nights: readonly NightCost[];
	readonly entities: Readonly<Record<TableName, number>>;
	readonly instances: number;
	readonly cards: number;
}

export async function runYear(
	note: (message: string) => void,
): Promise<Month[]> {
	const graph = startRemote<GraphCalls>("./graphProcess.js");
	const host = startRemote<YearCalls>("./yearProcess.js");
	const storage = await startAzurite();
	const channel = await startWebhook();
	try {
		await graph.call("generate", clusters);
		await host.call("start", {
			...settingDefaults,
			AzureWebJobsStorage: storage.connectionString,
			RESOURCE_MANAGER_ENDPOINT: await graph.call("serve", "off"),
			TEAMS_WEBHOOK_URL: channel.url,
			AUDIT_RETENTION_DAYS: String(retentionDays),
			FINDING_RETENTION_DAYS: String(retentionDays),
		});
		const year: Month[] = [];
		let night = 0;
		for (const days of months) {
			const nights: NightCost[] = [];
			for (let day = 0; day < days; day++) {
				await graph.call("night", ++night);
				nights.push(await host.call("night"));
				if (night === 7) note(estimate(nights));
			}
			year.push({
				nights,
				entities: await entities(storage.connectionString),
				instances: await host.call("instances"),
				cards: channel.takeCards(),
			});
			note(`month ${year.length} of ${months.length}`);
		}
		return year;
	} finally {
		await host.close();
		await graph.close();
		await channel.close();
		await storage.close();
	}
}

function estimate(nights: readonly NightCost[]): string {
	const night = median(nights.map(({ wallMs }) => wallMs));
	return `a night takes ${seconds(night)}: the year about ${Math.ceil((night * 365) / 60_000)} minutes`;
}

async function entities(connectionString: string): Promise<Month["entities"]> {
	const contents = await contentsOf(connectionString);
	return Object.fromEntries(
		tableNames.map((name) => [name, contents[name]?.size ?? 0]),
	) as Month["entities"];
}

/** Takes every card, and counts them. */
async function startWebhook() {
	let cards = 0;
	const server = createServer((request, response) => {
		cards++;
		request.resume();
		response.writeHead(202).end();
	});
	await new Promise<void>((listening) =>
		server.listen(0, "127.0.0.1", listening),
	);
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/webhook`,
		takeCards: () => {
			const taken = cards;
			cards = 0;
			return taken;
		},
		close: () =>
			new Promise<void>((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}

export function yearTable(year: readonly Month[]): string {
	return table(
		["month", "night", "host", "cards", "instances", ...tableNames, "entities"],
		year.map((month, index) => [
			String(index + 1),
			seconds(median(wallOf(month))),
			seconds(median(hostOf(month))),
			String(month.cards),
			String(month.instances),
			...tableNames.map((name) => String(month.entities[name])),
			String(total(month)),
		]),
	);
}

export const yearLegend = `${clusters} clusters, of which one changes every night; ${retentionDays} days are kept. Night: the median from the timer's call until card and clearing up are done; host: its processor time in it. Entities: what lies in each table after the month.`;

/** Medians of a quarter. The first quarter only fills up: the second is the first in which as much goes as comes. */
export function yearTargets(year: readonly Month[]): Target[] {
	const growth = (of: (month: Month) => readonly number[]) =>
		median(year.slice(9, 12).flatMap(of)) /
		median(year.slice(3, 6).flatMap(of));
	const target = (what: string, ratio: number, most: number): Target => ({
		text: `${what} in the last quarter: at most ${most} x that of the second`,
		measured: `${ratio.toFixed(2)} x`,
		reached: ratio <= most,
	});
	return [
		target(
			"entities",
			growth((month) => [total(month)]),
			mostGrowth.entities,
		),
		{
			text: "durable instances never more than audits and cards that are kept",
			measured: `${Math.max(...year.map(({ instances }) => instances))} at the most`,
			reached: year.every(
				({ instances, entities }) =>
					instances <= entities.alerts + entities.audits,
			),
		},
		target("time of a night", growth(wallOf), mostGrowth.time),
		target("the host's processor time", growth(hostOf), mostGrowth.time),
	];
}

function wallOf({ nights }: Month): number[] {
	return nights.map(({ wallMs }) => wallMs);
}

function hostOf({ nights }: Month): number[] {
	return nights.map(({ hostMs }) => hostMs);
}

function total({ entities }: Month): number {
	return tableNames.reduce((sum, name) => sum + entities[name], 0);
}
