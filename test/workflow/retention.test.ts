import { afterEach, expect, it } from "vitest";
import { virtualClock } from "../../local/host/clock.ts";
import { quiet } from "../../local/host/log.ts";
import { startHost } from "../../local/host/startHost.ts";
import { moveDate } from "../../local/program/movedDate.ts";
import { passNight } from "../../local/program/nights.ts";
import { startResourceGraph } from "../../local/resourceGraph/server.ts";
import type { Audit } from "../../shared/contract.ts";
import { startChannel } from "./channel.ts";
import { smallFleet } from "./fleets.ts";
import { sharedStorage, tablesOf } from "./storage.ts";

let closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.reverse()) await close();
	closers = [];
});

/**
 * Twelve nights in which one cluster's maximum goes up and down, so that each has news and a card. Three days are kept.
 */
it("keeps audits, changes, cards and durable instances for their days, night after night", async () => {
	const clock = virtualClock({
		start: "2026-03-01T05:00:00.000Z",
		whenIdle: "jump",
	});
	closers.push(moveDate(clock.now));
	const channel = await startChannel();
	closers.push(channel.close);
	const graph = await startResourceGraph({ quota: "off" });
	closers.push(graph.close);
	const connectionString = sharedStorage().next();
	const host = await startHost({
		port: 0,
		timers: false,
		clock,
		log: quiet,
		env: {
			AUDIT_STORAGE: connectionString,
			AUDIT_RETENTION_DAYS: "3",
			AUDIT_SUBSCRIPTIONS: "",
			AUDIT_MANAGEMENT_GROUPS: "",
			RESOURCE_MANAGER_ENDPOINT: graph.url,
			TEAMS_WEBHOOK_URL: channel.webhook,
			ALERT_MIN_SEVERITY: "high",
			REPORT_URL: "",
		},
	});
	closers.push(host.close);

	const ids: string[] = [];
	for (let night = 1; night <= 6; night++) {
		graph.setResources(smallFleet({ shopMax: night % 2 === 1 ? 8 : 5 }));
		ids.push(await passNight(host, clock));
	}
	// From the sixth night on it is known to come and go: counted, and told no more.
	expect(channel.posts).toHaveLength(5);

	const last = ids.slice(-4);
	const response = await fetch(`${host.url}/api/audits`);
	const { audits } = (await response.json()) as { audits: Audit[] };
	expect(audits.map(({ auditId }) => auditId)).toEqual(last.toReversed());
	expect(audits[0]?.startedAt).toBe("2026-03-06T05:00:00.000Z");

	const tables = await tablesOf(connectionString);
	const partitions = new Set<string>();
	for await (const { partitionKey = "" } of tables.results.listEntities())
		if (partitionKey !== "findings") partitions.add(partitionKey);
	expect(partitions.size).toBe(4);
	let cards = 0;
	for await (const _ of tables.alerts.listEntities()) cards++;
	expect(cards).toBe(3);

	// An instance of the third day before, to the minute, is old: of deliveries, and of audits.
	expect(
		host.hub
			.list()
			.map(({ instanceId }) => instanceId)
			.sort(),
	).toEqual([
		...ids.slice(-3).map((id) => `audit-${id}`),
		...ids.slice(3, 5).map((id) => `deliver-${id}`),
	]);
}, 120_000);
