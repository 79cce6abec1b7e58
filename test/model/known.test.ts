import { describe, expect, it } from "vitest";
import { type Evidence, stillKnown } from "../../shared/model/known.ts";
import {
	clusterId,
	knownCluster,
	knownUse,
	nodeGroup,
	range,
	subnetId,
	subscription,
} from "./builders.ts";

const pods = {
	id: subnetId("pods"),
	kind: "pod-subnet",
	name: "net/pods",
} as const;

/** The subscription's clusters would have been seen or not, and every list says the same. */
function evidence(answered: boolean, shown: boolean | null): Evidence {
	return { answered: () => answered, shows: () => shown };
}

describe("a use of a cluster that is not seen", () => {
	it.each<{
		what: string;
		answered: boolean;
		/** Whether the budget's list shows its nodes. Null where it does not tell. */
		shown: boolean | null;
		missed: number;
		absent: number;
		is: { missed: number; absent: number } | "forgotten";
	}>([
		{
			what: "ends at once where the subscription answers without it and the list shows none of its nodes",
			answered: true,
			shown: false,
			missed: 0,
			absent: 0,
			is: "forgotten",
		},
		{
			what: "stays where no list tells, the first time that the subscription answers without it",
			answered: true,
			shown: null,
			missed: 0,
			absent: 0,
			is: { missed: 1, absent: 0 },
		},
		{
			what: "ends where no list tells, the second time",
			answered: true,
			shown: null,
			missed: 1,
			absent: 0,
			is: "forgotten",
		},
		{
			what: "stays as long as its nodes are in the list",
			answered: true,
			shown: true,
			missed: 7,
			absent: 0,
			is: { missed: 8, absent: 0 },
		},
		{
			what: "stays for ever where its subscription is silent and no list tells",
			answered: false,
			shown: null,
			missed: 1,
			absent: 1,
			is: { missed: 1, absent: 1 },
		},
		{
			what: "stays at the first list without its nodes while its subscription is silent",
			answered: false,
			shown: false,
			missed: 0,
			absent: 0,
			is: { missed: 0, absent: 1 },
		},
		{
			what: "ends at the second list without its nodes while its subscription is silent",
			answered: false,
			shown: false,
			missed: 0,
			absent: 1,
			is: "forgotten",
		},
		{
			what: "starts again if its nodes are in the list again",
			answered: false,
			shown: true,
			missed: 1,
			absent: 1,
			is: { missed: 1, absent: 0 },
		},
	])("$what", ({ answered, shown, missed, absent, is }) => {
		const before = knownCluster({
			missed,
			uses: [{ ...knownUse(), absent }],
		});
		expect(stillKnown(before, evidence(answered, shown))).toEqual(
			is === "forgotten"
				? null
				: {
						...before,
						missed: is.missed,
						uses: [{ ...knownUse(), absent: is.absent }],
					},
		);
	});
});

describe("a cluster that is not seen", () => {
	it("is remembered for the rest: a subnet is free at once, pods in the second answer", () => {
		const before = knownCluster({
			uses: [knownUse(), knownUse(range(48, 51), pods)],
		});
		const answers: Evidence = {
			answered: () => true,
			shows: ({ budget }) => (budget.kind === "subnet" ? false : null),
		};
		const first = stillKnown(before, answers);
		expect(first).toEqual({
			...before,
			missed: 1,
			uses: [knownUse(range(48, 51), pods)],
		});
		expect(first && stillKnown(first, answers)).toBeNull();
	});

	it("with nothing that it used is not remembered", () => {
		expect(stillKnown(knownCluster(), evidence(false, null))).toBeNull();
	});

	it("is looked for in its own subscription and by its own group", () => {
		const asked: unknown[] = [];
		stillKnown(knownCluster({ name: "b", uses: [knownUse()] }), {
			answered: (id) => {
				asked.push(id);
				return false;
			},
			shows: ({ budget }, { id, group }) => {
				asked.push([budget.id, id, group]);
				return true;
			},
		});
		expect(asked).toEqual([
			subscription,
			[subnetId(), clusterId("b"), nodeGroup("b")],
		]);
	});

	it("keeps who it is and when it was seen last", () => {
		const before = knownCluster({ name: "b", uses: [knownUse()] });
		expect(stillKnown(before, evidence(false, null))).toMatchObject({
			id: clusterId("b"),
			lastSeen: { auditId: "0", at: "2026-10-31T05:00:00.000Z" },
		});
	});
});
