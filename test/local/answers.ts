import type { Audit, Finding, Range, Severity } from "../../shared/contract.ts";

export function audit(overrides: Partial<Audit> = {}): Audit {
	return {
		auditId: "20261122T050000Z-2",
		scope: null,
		mergedInto: null,
		trigger: "timer",
		restartOf: null,
		state: "completed",
		startedAt: "2026-11-22T05:00:00.000Z",
		finishedAt: "2026-11-22T05:03:20.000Z",
		progress: { clusters: 42, evaluated: 42 },
		coverage: {
			subscriptions: { expected: 3, answered: 3 },
			clusters: 42,
			notEvaluated: 0,
			subnets: 117,
			gaps: [],
		},
		findings: { critical: 1, high: 2, medium: 4, low: 1, info: 0 },
		accepted: 0,
		changes: { opened: 2, worsened: 1, eased: 0, resolved: 1, reopened: 0 },
		alert: { state: "sent" },
		rulesVersion: 2,
		...overrides,
	};
}

export function finding(
	severity: Severity,
	clusterName: string,
	overrides: Partial<Finding> = {},
): Finding {
	const cluster = `/subscriptions/1/…/managedclusters/${clusterName}`;
	return {
		id: `${severity}-${clusterName}`,
		rule: "capacity-shortfall",
		severity,
		headline: "Subnet snet-nodes is 12 to 30 IPs short for an upgrade",
		state: "open",
		cluster,
		clusterName,
		subscription: "11111111-1111-1111-1111-111111111111",
		budget: { id: "s", kind: "subnet", name: "vnet-shop/snet-nodes" },
		scenario: "upgrade",
		verdict: "short",
		limit: range(251),
		demand: range(263, 281),
		free: range(-30, -12),
		alsoIn: ["full", "full-upgrade"],
		additionalNodes: null,
		runway: null,
		azure: null,
		reasons: [
			{
				kind: "demand",
				text: "Needs 263 to 281 IPs for an upgrade, has 251 usable IPs in 10.20.0.0/24",
			},
			{
				kind: "pool",
				text: "pool system: 8 nodes x 29 to 31 IPs (max pods 30), 1 surge node",
			},
		],
		remedies: [
			{
				kind: "larger-subnet",
				title: "Move pool system to a new /23 subnet; 10.20.4.0/23 is free.",
				detail: ["Needs 238 of its 507 IPs, upgrades included."],
				command: [
					"az network vnet subnet create --name snet-nodes-2 --vnet-name vnet-shop --address-prefixes 10.20.4.0/23",
					"az aks nodepool add --name system2 --vnet-subnet-id snet-nodes-2",
				],
			},
			{
				kind: "surge",
				title: "Set max surge 1 on pool system.",
				detail: ["Upgrades take longer."],
				command: [],
			},
		],
		lastKnown: null,
		acceptance: null,
		firstSeen: "2026-11-20T05:03:20.000Z",
		changedAt: "2026-11-22T05:03:20.000Z",
		auditId: "20261122T050000Z-2",
		...overrides,
	};
}

function range(low: number | null, high: number | null = low): Range {
	return { low, high };
}
