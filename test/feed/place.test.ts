import { describe, expect, it } from "vitest";
import { batchesOf, changesText } from "../../shared/feed/batches.ts";
import { changeOfEvent } from "../../shared/feed/changeEvent.ts";
import type { HeardChange } from "../../shared/feed/heardChange.ts";
import { gatherChanges, putBack } from "../../shared/feed/pending.ts";
import { madeClusters, placed } from "../../shared/feed/place.ts";
import { fleetIndex } from "../../shared/model/fleetIndex.ts";
import {
	change,
	clusterId,
	known,
	networkId,
	scaleSetId,
	subnetId,
} from "./changesAt.ts";

/** a and b share a subnet, c has one of its own in their network, d is elsewhere. */
const index = fleetIndex([
	known("a", subnetId("shared")),
	known("b", subnetId("shared")),
	known("c", subnetId("own")),
	known("d", subnetId("far", "other")),
]);

const names = (
	one: HeardChange,
	made: ReadonlyMap<string, readonly string[]> = new Map(),
	isJudged = () => true,
) =>
	placed(one, index, made, isJudged)
		.clusters.map((id) => id.split("/").at(-1))
		.sort();

const pool = (name: string) => ({
	resource: `${clusterId(name)}/agentpools/web`,
	type: "microsoft.containerservice/managedclusters/agentpools",
});
const network = { type: "microsoft.network/virtualnetworks" };
const subnet = { type: "microsoft.network/virtualnetworks/subnets" };
const scaleSet = { type: "microsoft.compute/virtualmachinescalesets" };

describe("whom a change concerns", () => {
	it.each([
		["a cluster and who shares its subnet", {}, ["a", "b"]],
		["a pool's cluster", pool("c"), ["c"]],
		[
			"everybody in a subnet",
			{ ...subnet, resource: subnetId("shared") },
			["a", "b"],
		],
		[
			"everybody in a network",
			{ ...network, resource: networkId("vnet") },
			["a", "b", "c"],
		],
		[
			"the cluster of a scale set, and its neighbors",
			{ ...scaleSet, resource: scaleSetId("mc_b") },
			["a", "b"],
		],
		[
			"nobody, where no cluster uses it",
			{ ...scaleSet, resource: scaleSetId("rg-of-others") },
			[],
		],
		[
			"nobody, where a network has no cluster",
			{ ...network, resource: networkId("empty") },
			[],
		],
		["the neighbors of a cluster that is gone", { kind: "delete" }, ["b"]],
		[
			"nobody, if a cluster without neighbors is gone",
			{ kind: "delete", resource: clusterId("c") },
			[],
		],
		[
			"who is in the subnet that a pool moved to",
			{
				resource: clusterId("c"),
				values: [
					{
						path: "properties.agentPoolProfiles[0].vnetSubnetID",
						before: subnetId("own"),
						after: subnetId("far", "other"),
					},
				],
			},
			["c", "d"],
		],
	] as const)("%s", (_, over, expected) => {
		expect(names(change(over))).toEqual(expected);
	});

	it("a new cluster, and who shares the subnets that it was made in", () => {
		const made = change({ kind: "create", resource: clusterId("new") });
		expect(madeClusters([made, change()], index)).toEqual([clusterId("new")]);
		expect(names(made)).toEqual(["new"]);
		expect(
			names(made, new Map([[clusterId("new"), [subnetId("shared")]]])),
		).toEqual(["a", "b", "new"]);
	});

	it("nobody, where no cluster is judged", () => {
		expect(names(change(), new Map(), () => false)).toEqual([]);
	});
});

describe("audits of what is due", () => {
	const groups = (count: number, clusters: number) =>
		gatherChanges(
			[],
			Array.from({ length: count }, (_, group) => ({
				change: change({ id: `${group}` }),
				clusters: Array.from({ length: clusters }, (_, n) => `${group}-${n}`),
			})),
			1000,
		);

	it.each([
		{ count: 1, clusters: 3, audits: 1 },
		{ count: 20, clusters: 25, audits: 1 },
		{ count: 21, clusters: 1, audits: 2 },
		{ count: 2, clusters: 251, audits: 2 },
		{ count: 1, clusters: 1001, audits: 3 },
	])(
		"$count groups of $clusters clusters take $audits",
		({ count, clusters, audits }) => {
			const batches = batchesOf(groups(count, clusters));
			expect(batches).toHaveLength(audits);
			expect(new Set(batches.flatMap((batch) => batch.clusters)).size).toBe(
				count * clusters,
			);
		},
	);

	it("that saw the state before a change are done again, and forget that if there is another change", () => {
		const [once] = putBack([], groups(1, 1), 5000);
		expect(once).toMatchObject({ tries: 1, firstHeard: 5000, lastHeard: 5000 });
		const [fresh] = gatherChanges(
			once ? [once] : [],
			[{ change: change({ id: "later" }), clusters: ["0-0"] }],
			6000,
		);
		expect(fresh).toMatchObject({ tries: 0, count: 2, lastHeard: 6000 });
	});
});

describe("in words", () => {
	const max = (id: string, after: string, by: string | null = null) =>
		change({
			id,
			by,
			values: [
				{
					path: "properties.agentPoolProfiles[0].maxCount",
					before: "1",
					after,
				},
			],
		});
	it.each([
		[[max("1", "2")], "max count of pool web 1 to 2 at 14:32 UTC"],
		[
			[max("1", "2", "ada@example.com")],
			"max count of pool web 1 to 2 at 14:32 UTC by ada@example.com",
		],
		[
			[max("1", "2"), max("2", "3"), max("3", "4"), max("4", "5")],
			"max count of pool web 1 to 2 at 14:32 UTC, max count of pool web 1 to 3 at 14:32 UTC, and 2 more changes",
		],
	] as const)("%#", (changes, text) => {
		expect(changesText(changes, changes.length, () => "web")).toBe(text);
	});
});

describe("an event", () => {
	/** As Event Grid sends it. */
	const event = (over: object = {}) => ({
		id: "e-1",
		topic: "/subscriptions/11111111-1111-1111-1111-111111111111",
		subject:
			"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/RG/providers/Microsoft.ContainerService/managedClusters/A/agentPools/web",
		eventType: "Microsoft.Resources.ResourceWriteSuccess",
		eventTime: "2026-11-28T14:32:00Z",
		data: {
			operationName:
				"Microsoft.ContainerService/managedClusters/agentPools/write",
			correlationId: "5B7C4B1E-0000-4000-8000-0000000000AA",
			claims: { name: "Ada", ipaddr: "203.0.113.7" },
			httpRequest: { clientIpAddress: "203.0.113.7" },
			authorization: { evidence: { principalId: "p" } },
		},
		...over,
	});

	it("is a change without values, and without anybody's name or address", () => {
		const taken = changeOfEvent(event());
		expect(taken).toEqual({
			id: "event e-1",
			source: "event",
			operation: "5b7c4b1e-0000-4000-8000-0000000000aa",
			resource: `${clusterId("a")}/agentpools/web`,
			type: "microsoft.containerservice/managedclusters/agentpools",
			kind: "update",
			at: "2026-11-28T14:32:00.000Z",
			by: null,
			values: null,
		});
		expect(JSON.stringify(taken)).not.toMatch(/Ada|203\.0/);
	});

	it("can be a CloudEvent, and can be of something that was deleted", () => {
		const { eventType: _, eventTime: __, ...rest } = event();
		expect(
			changeOfEvent({
				...rest,
				type: "Microsoft.Resources.ResourceDeleteSuccess",
				time: "2026-11-28T14:32:00Z",
			}),
		).toMatchObject({ kind: "delete" });
	});

	it.each([
		[
			"of another type",
			event({ eventType: "Microsoft.Resources.ResourceActionSuccess" }),
		],
		[
			"of another resource",
			event({
				subject:
					"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/x",
			}),
		],
		["without a resource", event({ subject: "x" })],
		["without a time", event({ eventTime: "soon" })],
		["that is no event", "hello"],
		["that is nothing", null],
	])("%s changes nothing", (_, given) => {
		expect(changeOfEvent(given)).toBeNull();
	});
});
