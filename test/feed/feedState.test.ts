import { describe, expect, it } from "vitest";
import {
	askedSince,
	nothingHeard,
	takeIn,
} from "../../shared/feed/feedState.ts";
import type { HeardChange } from "../../shared/feed/heardChange.ts";
import { concerns, notSeen } from "../../shared/feed/notSeen.ts";
import { cluster, pool, scaleSet } from "../model/builders.ts";
import { change, clusterId, scaleSetId, subnetId } from "./changesAt.ts";

const noon = Date.parse("2026-11-28T12:00:00.000Z");
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();
const rows = (...all: [id: string, minutes: number][]): HeardChange[] =>
	all.map(([id, minutes]) => change({ id, at: at(minutes) }));
const took = (state: ReturnType<typeof takeIn>) =>
	state.fresh.map(({ id }) => id);

describe("what the feed has shown", () => {
	const first = takeIn(nothingHeard, rows(["1", 0], ["2", 10]), {
		moves: true,
		now: noon + 11 * 60_000,
	});

	it("moves the cursor to the newest change, by Azure's own clock", () => {
		expect(took(first)).toEqual(["1", "2"]);
		expect(first.cursor).toBe(at(10));
		expect(askedSince(first, "")).toEqual(new Date(at(-20)));
	});

	it("is taken in once, also if it comes late and not in order", () => {
		const second = takeIn(first, rows(["2", 10], ["3", -5], ["1", 0]), {
			moves: true,
			now: noon + 20 * 60_000,
		});
		expect(took(second)).toEqual(["3"]);
		expect(second.cursor).toBe(at(10));
	});

	it("leaves the cursor where it is if a page was lost, and the same is heard once", () => {
		const part = takeIn(first, rows(["4", 60]), {
			moves: false,
			now: noon + 61 * 60_000,
		});
		expect(took(part)).toEqual(["4"]);
		expect(part.cursor).toBe(first.cursor);
		const whole = takeIn(part, rows(["4", 60], ["5", 50]), {
			moves: true,
			now: noon + 62 * 60_000,
		});
		expect(took(whole)).toEqual(["5"]);
		expect(whole.cursor).toBe(at(60));
	});

	it.each([
		["hours back", -600],
		["hours ahead", 600],
	])("does not depend on a clock that jumps %s", (_, minutes) => {
		const jumped = takeIn(first, rows(["6", 15]), {
			moves: true,
			now: noon + minutes * 60_000,
		});
		expect(took(jumped)).toEqual(["6"]);
		// Set back, a change looks as if it came from the future: the same is asked for again, and nothing is skipped.
		expect(jumped.cursor).toBe(minutes < 0 ? at(10) : at(15));
	});

	it("does not stop at a change from the future", () => {
		const odd = takeIn(first, rows(["7", 6000]), {
			moves: true,
			now: noon + 12 * 60_000,
		});
		expect(odd.cursor).toBe(at(10));
	});

	it("forgets what it will not be shown again", () => {
		const later = takeIn(first, rows(["8", 100]), {
			moves: true,
			now: noon + 100 * 60_000,
		});
		expect(later.heard).toHaveLength(1);
	});

	it("is not heard again hours later: events can be sent for a day", () => {
		const late = takeIn(first, [change({ id: "event", at: at(-21) })], {
			moves: false,
			now: noon + 300 * 60_000,
		});
		expect(took(late)).toEqual([]);
	});

	it("can be 5,000 changes at once", () => {
		const storm = Array.from({ length: 5000 }, (_, n) =>
			change({ id: `s${n}`, at: at(n / 1000) }),
		);
		const taken = takeIn(first, storm, { moves: true, now: noon });
		expect(taken.fresh).toHaveLength(5000);
		expect(takeIn(taken, storm, { moves: true, now: noon }).fresh).toEqual([]);
	});
});

describe("an event and what the feed shows of the same change", () => {
	const cluster = clusterId("a");
	const event = (over: Partial<HeardChange> = {}) =>
		change({ id: "e", source: "event", operation: "op", at: at(0), ...over });
	const row = (over: Partial<HeardChange> = {}) =>
		change({ id: "r", operation: "op", at: at(0.5), ...over });
	const empty = { cursor: null, heard: [] };
	const took = (all: readonly HeardChange[]) => {
		let state = takeIn(empty, [], { moves: false, now: noon });
		let [fresh, twins]: string[][] = [[], []];
		// One after the other, and each of them twice.
		for (const one of [...all, ...all]) {
			state = takeIn(state, [one], { moves: false, now: noon });
			fresh = [...(fresh ?? []), ...state.fresh.map(({ id }) => id)];
			twins = [...(twins ?? []), ...state.twins.map((it) => it.change.id)];
		}
		return { fresh, twins };
	};
	it.each<{
		name: string;
		all: HeardChange[];
		fresh: string[];
		twins: string[];
	}>([
		{
			name: "are one",
			all: [event(), row()],
			fresh: ["e"],
			twins: ["r"],
		},
		{
			name: "are one, whatever comes first",
			all: [row(), event()],
			fresh: ["r"],
			twins: ["e"],
		},
		{
			name: "are one, if the event is of a pool",
			all: [event({ resource: `${cluster}/agentpools/web` }), row()],
			fresh: ["e"],
			twins: ["r"],
		},
		{
			name: "are one, if nobody tells the operation",
			all: [event({ operation: null }), row()],
			fresh: ["e"],
			twins: ["r"],
		},
		{
			name: "are two, of two operations",
			all: [event(), row({ operation: "other" })],
			fresh: ["e", "r"],
			twins: [],
		},
		{
			name: "are two, of two resources",
			all: [event(), row({ resource: clusterId("b") })],
			fresh: ["e", "r"],
			twins: [],
		},
		{
			name: "are two, if more than a minute is between them",
			all: [event(), row({ at: at(1.1) })],
			fresh: ["e", "r"],
			twins: [],
		},
		{
			name: "are two, of a change and the end of the cluster",
			all: [event(), row({ kind: "delete" })],
			fresh: ["e", "r"],
			twins: [],
		},
		{
			name: "are two changes, if the feed shows two of them",
			all: [event(), row(), row({ id: "r2", at: at(0.6) })],
			fresh: ["e", "r2"],
			twins: ["r"],
		},
	])("$name", ({ all, fresh, twins }) => {
		expect(took(all)).toEqual({ fresh, twins });
	});
});

describe("what the rows do not show yet", () => {
	const max = (
		before: string,
		after: string,
		over: Partial<HeardChange> = {},
	) =>
		change({
			values: [
				{ path: "properties.agentPoolProfiles[0].maxCount", before, after },
			],
			...over,
		});
	const nodes = (before: string, after: string) =>
		change({
			resource: scaleSetId("mc_a"),
			type: "microsoft.compute/virtualmachinescalesets",
			values: [{ path: "sku.capacity", before, after }],
		});
	const shown = {
		inventory: {
			clusters: [
				cluster({ id: clusterId("a"), pools: [pool({ maxNodes: 20 })] }),
			],
			scaleSets: [scaleSet({ id: scaleSetId("mc_a"), capacity: 3 })],
		},
		readByArm: new Map<string, string>(),
		now: Date.parse("2026-11-28T14:40:00.000Z"),
	};
	it.each([
		["the old value", max("20", "40"), true],
		["the new value", max("10", "20"), false],
		["a third value", max("30", "40"), false],
		["the old number of nodes", nodes("3", "5"), true],
		["the new number of nodes", nodes("1", "3"), false],
		["a new cluster that is there", change({ kind: "create" }), false],
		[
			"a new cluster that is not there",
			change({ kind: "create", resource: clusterId("new") }),
			true,
		],
		["a deleted cluster that is there", change({ kind: "delete" }), true],
		["nothing to compare, and made long ago", change(), false],
		[
			"nothing to compare, and just made",
			change({ at: "2026-11-28T14:38:30.000Z" }),
			true,
		],
	])("%s", (_, one, expected) => {
		expect(notSeen([one], shown)).toEqual(expected ? [one] : []);
	});

	it("is nothing, where Azure Resource Manager was read after the change", () => {
		const readByArm = new Map([[clusterId("a"), "2026-11-28T14:33:00.000Z"]]);
		expect(notSeen([max("20", "40")], { ...shown, readByArm })).toEqual([]);
	});

	it("is compared with the last change of a property", () => {
		const back = max("40", "20", { id: "2" });
		const there = max("20", "40", { id: "1" });
		expect(notSeen([back, there], shown)).toEqual([]);
	});

	it("concerns who uses it", () => {
		const user = {
			id: clusterId("a"),
			group: "11111111-1111-1111-1111-111111111111/mc_a",
			uses: new Set([subnetId("s")]),
		};
		expect(concerns(nodes("3", "5"), user)).toBe(true);
		expect(concerns(change({ resource: subnetId("s"), type: "x" }), user)).toBe(
			true,
		);
		expect(concerns(change({ resource: clusterId("b") }), user)).toBe(false);
	});
});
