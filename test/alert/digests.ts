import type { Digest, DigestLine } from "../../shared/alert/digest.ts";
import type {
	ChangeCounts,
	Coverage,
	SeverityCounts,
} from "../../shared/contract.ts";
import { isPressing } from "../../shared/findings/ownVerdict.ts";

const noChanges: ChangeCounts = {
	opened: 0,
	worsened: 0,
	eased: 0,
	resolved: 0,
	reopened: 0,
};

const nothingOpen: SeverityCounts = {
	critical: 0,
	high: 0,
	medium: 0,
	low: 0,
	info: 0,
};

export function coverage(overrides: Partial<Coverage> = {}): Coverage {
	return {
		subscriptions: { expected: 3, answered: 3 },
		clusters: 42,
		notEvaluated: 0,
		subnets: 117,
		gaps: [],
		...overrides,
	};
}

type DigestOverrides = Partial<Omit<Digest, "changes" | "open">> & {
	readonly changes?: Partial<ChangeCounts>;
	readonly open?: Partial<SeverityCounts>;
};

export function digest({
	changes,
	open,
	...rest
}: DigestOverrides = {}): Digest {
	return {
		auditId: "20261122T050000Z-1",
		kind: "changes",
		state: "completed",
		finishedAt: "2026-11-22T05:03:20.000Z",
		scope: null,
		whole: true,
		short: { clusters: 0, of: null, units: [] },
		lines: [],
		changes: { ...noChanges, ...changes },
		belowMinimum: 0,
		damped: 0,
		open: { ...nothingOpen, ...open },
		accepted: 0,
		unknown: [],
		weekly: null,
		lastComplete: null,
		coverage: coverage(),
		outOfReach: [],
		reportUrl: null,
		...rest,
	};
}

export function clusterNamed(name: string): DigestLine["clusters"][number] {
	return { id: `/subscriptions/s/…/managedclusters/${name}`, name };
}

/** Its clusters are short if it is severe. */
export function line(overrides: Partial<DigestLine> = {}): DigestLine {
	const severity = overrides.severity ?? "critical";
	const clusters = overrides.clusters ?? [clusterNamed("shop-prod")];
	return {
		change: "opened",
		note: null,
		severity,
		finding: "025a3ed783148948baae8d98570d012a",
		findings: clusters.length,
		headline: "Subnet nodes is 12 to 30 IPs short at autoscaler max",
		also: [],
		impact: "Azure refuses any change of the cluster.",
		budget: {
			id: "/subscriptions/s/…/subnets/nodes",
			kind: "subnet",
			name: "vnet-shop/nodes",
		},
		clusters,
		short: isPressing({ severity }) ? clusters.map(({ id }) => id) : [],
		additionalNodes: null,
		runway: null,
		since: null,
		reasons: "3 nodes x 29 to 31 IPs (max pods 30)",
		remedies: ["Move the pool to a subnet of /23 or larger"],
		...overrides,
	};
}
