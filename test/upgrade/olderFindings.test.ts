import { expect, it } from "vitest";
import {
	type StoredChange,
	upToDateChange,
} from "../../shared/azure/migration/olderFindings.ts";

const worst = { severity: "high", verdict: "short", scenario: "full" } as const;
const unrest = {
	returns: ["2026-10-27T05:00:00.000Z"],
	worst,
	eased: true,
	flapping: false,
};
const times = {
	firstSeen: "2026-10-25T05:00:00.000Z",
	changedAt: "2026-10-27T05:00:00.000Z",
};

it("remembers how often a finding of an earlier release came back, and what it was before", () => {
	const older: StoredChange = {
		kind: "reopened",
		finding: {
			...worst,
			...times,
			id: "1",
			rule: "capacity-shortfall",
			state: "open",
			cluster: "/subscriptions/s/managedclusters/a",
			clusterName: "a",
			subscription: "s",
			budget: { id: "/subnets/x", kind: "subnet", name: "net/x" },
			limit: { low: 251, high: 251 },
			drawn: { low: 260, high: 262 },
			free: { low: -11, high: -9 },
			alsoIn: [],
			nodesLeft: { np: { low: 0, high: 0 } },
			runway: null,
			azure: null,
			because: ["260 to 262 of 251 addresses drawn at full scale"],
			remedies: [],
			acceptance: null,
			auditId: "a1",
			unrest,
		},
		severityBefore: null,
		reason: null,
		worse: false,
		newRule: false,
		newArithmetic: false,
		flapping: "no",
		past: { ...worst, ...times, unrest },
	};
	const change = upToDateChange(older);
	expect(change.past).toEqual({ ...worst, ...times, flapHistory: unrest });
	expect(change.finding).toMatchObject({
		demand: { low: 260, high: 262 },
		additionalNodes: { np: { low: 0, high: 0 } },
		reasons: [
			{
				kind: "cause",
				text: "260 to 262 of 251 addresses drawn at full scale",
			},
		],
		flapHistory: unrest,
		lastKnown: null,
	});
	expect(upToDateChange(change)).toEqual(change);
});
