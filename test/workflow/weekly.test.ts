import { expect, it } from "vitest";
import { fleet } from "../../local/fleet/fleet.ts";
import { type Scope, subnetId } from "../../local/fleet/ids.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { weekdays } from "../../shared/alert/weekly.ts";
import { rowsOf } from "../alert/cardText.ts";
import { retail, smallFleet } from "./fleets.ts";
import { useWorlds, type World } from "./world.ts";

const open = useWorlds();
const day = 24;

/** The weekday that begins between two and three days from now, whatever today is. */
function inThreeDays(): string {
	const then = new Date(Date.now() + 3 * 86_400_000);
	return weekdays[then.getUTCDay()] ?? "never";
}

/** The rows of the newest card. */
function lastCard({ channel }: World): string[] {
	return rowsOf(channel.accepted().at(-1)?.body ?? "");
}

/**
 * Each cluster has a /26 = 59 of its own with two nodes of 29 addresses: 58 today, and an upgrade takes 29 more.
 * A roomy one has a /24 = 251.
 */
function cramped(names: readonly string[], roomy = false): RawResource[] {
	const scope: Scope = { subscription: retail, resourceGroup: "rg-retail" };
	const location = "westeurope";
	return fleet({
		subscriptions: [{ id: retail, name: "retail" }],
		networks: [
			{
				scope,
				name: "vnet",
				location,
				addressSpace: ["10.1.0.0/16"],
				subnets: names.map((name, index) => ({
					name: `snet-${name}`,
					prefixes: [`10.1.${index}.0/${roomy ? 24 : 26}`],
				})),
			},
		],
		clusters: names.map((name) => ({
			...scope,
			name,
			location,
			model: "node-subnet",
			nodeSubnet: subnetId(scope, "vnet", `snet-${name}`),
			pools: [{ name: "apps", nodes: 2 }],
		})),
	});
}

it("is silent where nothing changes, but for one card a week that a missed day does not swallow", async () => {
	const world = await open({
		resources: smallFleet({ shopMax: 5 }),
		env: { ALERT_WEEKLY_DAY: inThreeDays() },
	});
	const after = async (days: number) => {
		world.clock.advance(days * day);
		return (await world.audit()).alert.state;
	};
	expect(await after(0)).toBe("sent");
	expect(await after(1)).toBe("none");
	expect(world.channel.posts).toHaveLength(1);

	// The day itself went by without an audit.
	expect(await after(3)).toBe("sent");
	expect(world.channel.posts).toHaveLength(2);
	const rows = lastCard(world);
	expect(rows[0]).toBe("All quiet: nothing new in 4 AKS clusters");
	expect(rows[2]).toMatch(/^Last complete audit: 3 days ago, /);
	expect(rows).toContain("Open now: 1 low.");
	expect(rows).toContain(
		"Seen: 4 clusters and 3 subnets in 2 of 2 subscriptions.",
	);

	expect(await after(0)).toBe("none");
	expect(await after(1)).toBe("none");
	expect(await after(6)).toBe("sent");
	expect(world.channel.posts).toHaveLength(3);
});

it("says nothing weekly where that is switched off", async () => {
	const world = await open({ resources: smallFleet({ shopMax: 5 }) });
	await world.audit();
	world.clock.advance(30 * day);
	expect((await world.audit()).alert.state).toBe("none");
});

it("repeats once a week what has been critical for seven days, in the card of that day", async () => {
	const world = await open({
		resources: cramped(["shop"]),
		env: { ALERT_WEEKLY_DAY: inThreeDays() },
	});
	const first = await world.audit();
	expect(first.findings.critical).toBe(1);

	world.clock.advance(4 * day);
	await world.audit();
	expect(world.channel.posts).toHaveLength(2);
	expect(lastCard(world)[0]).toBe(
		"Nothing new; 1 of 1 AKS clusters is still short of IPs",
	);

	world.clock.advance(7 * day);
	await world.audit();
	expect(world.channel.posts).toHaveLength(3);
	const again = lastCard(world);
	expect(again[0]).toBe(
		"Nothing new; 1 of 1 AKS clusters is still short of IPs",
	);
	expect(again[2]).toMatch(/^Last complete audit: 7 days ago, /);
	expect(again[3]).toMatch(
		/^CRITICAL · still open since \d+ \w+ \d{4} {2}shop$/,
	);

	world.clock.advance(day);
	expect((await world.audit()).alert.state).toBe("none");

	// News of the same day: one card has both.
	world.graph.setResources(cramped(["shop", "desk"]));
	world.clock.advance(6 * day);
	await world.audit();
	expect(world.channel.posts).toHaveLength(4);
	const both = lastCard(world);
	expect(both[0]).toBe("New: 1 AKS cluster is short of IPs; 2 of 2 in all");
	expect(both.filter((row) => row.startsWith("CRITICAL"))).toEqual([
		"CRITICAL · new  desk",
		expect.stringMatching(/still open since .+ {2}shop$/),
	]);

	world.graph.setResources(cramped(["shop", "desk"], true));
	world.clock.advance(7 * day);
	await world.audit();
	expect(world.channel.posts).toHaveLength(5);
	expect(lastCard(world).join("\n")).not.toContain("still open");
});

it("says the weekly summary in a partial audit too, and what was complete last", async () => {
	const world = await open({
		resources: smallFleet({ shopMax: 5 }),
		env: { ALERT_WEEKLY_DAY: inThreeDays() },
	});
	await world.audit();
	world.clock.advance(4 * day);
	world.graph.setResources(smallFleet({ shopMax: 5, only: [retail] }));
	const partial = await world.audit();
	expect(partial).toMatchObject({ state: "partial", alert: { state: "sent" } });
	expect(lastCard(world).slice(0, 4)).toEqual([
		"Nothing new in the part that was read",
		expect.stringContaining("weekly summary"),
		expect.stringMatching(
			/^Partial audit: 1 of 2 subscriptions did not answer/,
		),
		expect.stringMatching(/^Last complete audit: 4 days ago/),
	]);
});

it("is said once where every step is delivered twice", async () => {
	const world = await open({
		resources: cramped(["shop"]),
		env: { ALERT_WEEKLY_DAY: inThreeDays() },
		hub: { deliverTwice: true },
	});
	await world.audit();
	world.clock.advance(11 * day);
	await world.audit();
	expect(world.channel.posts).toHaveLength(2);
	expect(lastCard(world)).toContainEqual(
		expect.stringMatching(/still open since .+ {2}shop$/),
	);
	expect((await world.audit()).alert.state).toBe("none");
	expect(world.channel.posts).toHaveLength(2);
});

it("says the weekly summary after an audit that failed before it could", async () => {
	const world = await open({
		proxied: true,
		resources: smallFleet({ shopMax: 5 }),
		env: { ALERT_WEEKLY_DAY: inThreeDays() },
	});
	await world.audit();
	world.clock.advance(4 * day);
	world.proxy.refuse(/^POST .*\/alerts\b/);
	expect(await world.audit()).toMatchObject({ state: "failed" });
	// The first one's card, and that of the failure.
	expect(world.channel.posts).toHaveLength(2);
	expect(lastCard(world)[0]).toMatch(/^Audit failed/);

	world.proxy.refuse("", 0);
	expect((await world.audit()).alert.state).toBe("sent");
	// It was no complete one either.
	expect(lastCard(world)[2]).toMatch(/^Last complete audit: 4 days ago, /);
});
