import type { Digest, DigestLine } from "../../shared/alert/digest.ts";
import type {
	ChangeCounts,
	Coverage,
	SeverityCounts,
} from "../../shared/contract.ts";

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
		reportUrl: null,
		...rest,
	};
}

export function clusterNamed(name: string): DigestLine["clusters"][number] {
	return { id: `/subscriptions/s/…/managedclusters/${name}`, name };
}

export function line(overrides: Partial<DigestLine> = {}): DigestLine {
	return {
		change: "opened",
		note: null,
		severity: "critical",
		headline: "Subnet nodes is 12 to 30 IPs short at autoscaler max",
		budget: {
			id: "/subscriptions/s/…/subnets/nodes",
			kind: "subnet",
			name: "vnet-shop/nodes",
		},
		clusters: [clusterNamed("shop-prod")],
		isShort: true,
		additionalNodes: null,
		runway: null,
		since: null,
		reasons: "3 nodes x 29 to 31 IPs (max pods 30)",
		remedy: "Move the pool to a subnet of /23 or larger",
		...overrides,
	};
}
