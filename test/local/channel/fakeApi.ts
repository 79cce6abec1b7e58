import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type {
	Audit,
	Finding,
	Range,
	Severity,
} from "../../../shared/contract.ts";

export interface FakeApi {
	readonly url: string;
	/** Paths and queries that were asked for. */
	readonly asked: string[];
	/** Answers by path. Anything else is a 404. */
	readonly answers: Map<string, unknown>;
	close(): Promise<void>;
}

/** A functions host that answers with what a test puts into it. */
export async function fakeApi(
	answers: Readonly<Record<string, unknown>>,
): Promise<FakeApi> {
	const byPath = new Map(Object.entries(answers));
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		const { pathname } = new URL(`http://api${request.url}`);
		const answer = byPath.get(pathname);
		response
			.writeHead(answer === undefined ? 404 : 200, {
				"content-type": "application/json",
			})
			.end(JSON.stringify(answer ?? { title: "Not found", status: 404 }));
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		answers: byPath,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}

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

export function capacity(cluster: string): object {
	const entries = [
		{
			cluster,
			pool: "system",
			nodes: range(3),
			demand: range(87, 93),
			source: "measured",
			reasons: [{ kind: "pool", text: "29 to 31 IPs a node (max pods 30)" }],
		},
	];
	const scenarios = {
		today: scenario("fits", range(232, 248), range(3, 19), entries),
		upgrade: scenario("short", range(263, 281), range(-30, -12), entries),
		full: scenario("tight", range(240, 255), range(-4, 11), entries),
		"full-upgrade": scenario("unknown", range(263, null), range(null, -12), []),
	};
	const azure = {
		change: { verdict: "fits", requested: range(29), available: range(31) },
		upgrade: { verdict: "short", requested: range(62), available: range(31) },
	};
	const subnet = {
		id: "s",
		kind: "subnet",
		name: "vnet-shop/snet-nodes",
		unit: "addresses",
		limit: range(251),
		observed: range(240),
		otherResources: range(0, 4),
		otherResourcesByKind: [
			{ kind: "private-endpoint", addresses: range(2) },
			{ kind: "other", addresses: range(0, 2) },
		],
		otherResourcesReason: null,
		unseen: [],
		shared: [cluster, "other"],
		runway: null,
		azure,
		scenarios,
	};
	const routes = {
		...subnet,
		kind: "routes",
		name: "rt-hub",
		unit: "routes",
		otherResourcesByKind: null,
		azure: null,
	};
	return {
		cluster,
		auditId: "20261122T050000Z-2",
		notEvaluated: null,
		budgets: [subnet, routes],
	};
}

/** 30 nights of two addresses more each. */
export function history(): object {
	const points = Array.from({ length: 30 }, (_, night) => ({
		at: new Date(Date.UTC(2026, 9, 24 + night, 5)).toISOString(),
		demand: range(100 + 2 * night),
		full: range(240, night < 20 ? 251 : null),
		limit: range(251),
	}));
	return {
		budget: "s",
		kind: "subnet",
		name: "vnet-shop/snet-nodes",
		unit: "addresses",
		points,
		runway: { days: 47, low: 46, high: 47, points: 30, overDays: 29 },
	};
}

function scenario(
	verdict: string,
	demand: Range,
	free: Range,
	entries: readonly object[],
): object {
	const decidedBy = verdict === "tight" ? "neighbors" : null;
	return {
		demand,
		free,
		verdict,
		decidedBy,
		entries,
		additionalNodes: { system: range(0, 1) },
		podsPerNode: { web: range(21, 22) },
		stranded: range(1, 11),
	};
}

function range(low: number | null, high: number | null = low): Range {
	return { low, high };
}
