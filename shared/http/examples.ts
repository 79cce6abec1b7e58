import { lastName, networkOfSubnet } from "../arm.ts";
import type {
	Acceptance,
	Audit,
	Finding,
	GivenAcceptance,
	Range,
	Reason,
	WithdrawnAcceptance,
} from "../contract.ts";
import { programVersion } from "../version.ts";

/* Examples of the document: a cluster of the sample fleet, whose upgrade does not fit its subnet. */

const at = "2026-11-28T05:00:00.000Z";
const auditId = "20261128T050000000Z-92f67f56";
const subscription = "951e7aab-7187-4f1a-aec5-2889ae1b44da";
const clusterName = "aks-ingress-prod-weu";
const cluster = `/subscriptions/${subscription}/resourcegroups/rg-platform-aks/providers/microsoft.containerservice/managedclusters/${clusterName}`;
const budget = {
	id: `/subscriptions/${subscription}/resourcegroups/rg-network/providers/microsoft.network/virtualnetworks/vnet-platform-weu/subnets/snet-ingress`,
	kind: "subnet",
	name: "vnet-platform-weu/snet-ingress",
} as const;

const exactly = (amount: number): Range => ({ low: amount, high: amount });
const between = (low: number, high: number): Range => ({ low, high });

export const auditBody = { clusters: [cluster] };

export const startedAudit = { auditId, state: "running" } as const;

export const audit: Audit = {
	auditId,
	scope: null,
	mergedInto: null,
	trigger: "timer",
	restartOf: null,
	state: "partial",
	startedAt: at,
	finishedAt: "2026-11-28T05:00:04.939Z",
	progress: { clusters: 33, evaluated: 33 },
	coverage: {
		subscriptions: { expected: 5, answered: 4 },
		clusters: 33,
		notEvaluated: 1,
		subnets: 37,
		gaps: [
			{
				kind: "subscription",
				subscription: "6860abff-75f9-4e6a-a7dc-7b9668516a5d",
				scope: "subscription 6860abff-75f9-4e6a-a7dc-7b9668516a5d",
				reason: "It does not answer.",
			},
		],
	},
	findings: { critical: 6, high: 10, medium: 6, low: 13, info: 3 },
	accepted: 1,
	changes: { opened: 2, worsened: 0, eased: 0, resolved: 1, reopened: 0 },
	alert: { state: "sent" },
	rulesVersion: 4,
};

export const acceptanceBody = {
	reason: "moves to a larger subnet in March",
	owner: "team-platform",
	expiry: "2027-03-31",
} as const;

export const acceptance: Acceptance = {
	reason: acceptanceBody.reason,
	owner: acceptanceBody.owner,
	expiry: "2027-03-31T00:00:00.000Z",
	by: "finding",
	acceptedBy: "ada@contoso.example",
	acceptedAt: at,
};

const azure = {
	change: {
		verdict: "fits",
		requested: exactly(232),
		available: exactly(249),
	},
	upgrade: {
		verdict: "tight",
		requested: between(232, 290),
		available: exactly(249),
	},
} as const;

export const finding: Finding = {
	id: "025a3ed783148948baae8d98570d012a",
	rule: "capacity-shortfall",
	severity: "critical",
	headline: "Subnet snet-ingress is 12 to 41 IPs short for an upgrade",
	state: "open",
	cluster,
	clusterName,
	subscription,
	budget,
	scenario: "upgrade",
	verdict: "short",
	limit: exactly(251),
	demand: between(263, 292),
	free: between(-41, -12),
	alsoIn: ["full-upgrade"],
	additionalNodes: { system: exactly(0), gateways: exactly(0) },
	runway: null,
	azure,
	lastKnown: null,
	reasons: [
		{
			kind: "demand",
			text: "Needs 263 to 292 IPs for an upgrade, has 251 usable IPs in 10.10.1.0/24",
		},
		{
			kind: "azure",
			text: "Azure refuses the upgrade, or the upgrade stops half-way. (Azure compares 232 to 290 with 249.)",
		},
	],
	remedies: [
		{
			kind: "new-pool-lower-max-pods",
			title: "Replace pool gateways with a new pool of max pods 22 (now 30).",
			detail: ["Then all four scenarios fit."],
			command: [
				`az aks nodepool add --resource-group rg-platform-aks --cluster-name ${clusterName} --name gateways2 --mode User --node-count 6 --max-pods 22`,
			],
			change: {
				resources: [
					{
						id: cluster,
						properties: {
							agentPoolProfiles: [{ name: "gateways", maxPods: 22 }],
						},
					},
				],
				replacements: [
					{
						pool: `${cluster}/agentpools/gateways`,
						order: "create-before-delete",
					},
				],
			},
		},
	],
	acceptance,
	firstSeen: at,
	changedAt: at,
	auditId,
};

/** Without the rules, which are long. */
const {
	reasons: _reasons,
	remedies: _remedies,
	azure: _azure,
	additionalNodes: _nodes,
	...line
} = finding;
export const findingLine = line;

export const sarif = {
	$schema:
		"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
	version: "2.1.0",
	runs: [
		{
			tool: { driver: { name: "AKS subnet auditor" } },
			results: [
				{
					ruleId: finding.rule,
					level: "error",
					message: { text: finding.headline },
					partialFingerprints: { "findingId/v1": finding.id },
				},
			],
		},
	],
} as const;

export const givenAcceptance: GivenAcceptance & { readonly etag: string } = {
	...acceptance,
	covers: {
		finding: finding.id,
		rule: finding.rule,
		cluster,
		budget: budget.id,
	},
	etag: '"5d41402abc4b2a76b9719d911017c592"',
};

const { etag: _, ...given } = givenAcceptance;

export const withdrawnAcceptance: WithdrawnAcceptance = {
	...given,
	withdrawnBy: "function key",
	withdrawnAt: "2026-11-29T09:30:00.000Z",
};

const scenario = (
	nodes: readonly [system: number, gateways: number],
	demand: Range,
	free: Range,
	verdict: "fits" | "short",
) => ({
	demand,
	free,
	verdict,
	decidedBy: null,
	entries: (["system", "gateways"] as const).map((pool, index) => {
		const count = nodes[index] ?? 0;
		const reasons: Reason[] = [
			{ kind: "pool", text: `pool ${pool}: ${count} nodes x 29 IPs` },
		];
		return {
			cluster,
			pool,
			nodes: exactly(count),
			demand: exactly(count * 29),
			source: "measured",
			reasons,
		};
	}),
	additionalNodes: { system: exactly(0), gateways: exactly(0) },
	podsPerNode: null,
	stranded: null,
});

const now = scenario([2, 6], exactly(234), exactly(17), "fits");
const upgrade = scenario([3, 7], between(263, 292), between(-41, -12), "short");

export const checkBody = {
	resources: [
		{
			id: `${cluster}/agentPools/gateways`,
			properties: { maxCount: 12 },
		},
	],
	clusters: [cluster],
	scenarios: ["upgrade"],
} as const;

const checked = {
	demand: between(263, 292),
	free: between(-41, -12),
	verdict: "short",
} as const;
const checkedState = { limit: exactly(251), scenarios: { upgrade: checked } };

export const checkAnswer = {
	verdict: "short",
	readAt: "2026-11-28T08:16:00.000Z",
	sources: [{ id: cluster, source: "arm", readAt: "2026-11-28T08:16:00.000Z" }],
	clusters: [
		{
			cluster,
			clusterName,
			asked: true,
			verdict: "short",
			verdictBefore: "short",
			notEvaluated: null,
			budgets: [
				{
					...budget,
					unit: "addresses",
					verdict: "short",
					before: checkedState,
					after: checkedState,
					transition: null,
					azure,
				},
			],
		},
	],
	oneAfterTheOther: null,
	azure: { change: "fits", upgrade: "tight" },
	findings: [],
	remedies: [],
	gaps: [],
	ignored: [],
};

export const capacity = {
	cluster,
	auditId,
	readAt: at,
	notEvaluated: null,
	provisioningState: "succeeded",
	pools: [
		{
			name: "gateway",
			nodes: exactly(8),
			minNodes: null,
			maxNodes: null,
			maxPods: 30,
			maxSurge: "1",
			vmSize: "Standard_D4s_v5",
			nodeSubnet: budget.id,
			podSubnet: null,
			changeable: true,
			spot: false,
		},
	],
	budgets: [
		{
			...budget,
			unit: "addresses",
			limit: exactly(251),
			observed: exactly(234),
			otherResources: exactly(2),
			unseen: [],
			otherResourcesByKind: [
				{ kind: "private-endpoint", addresses: exactly(1) },
				{ kind: "load-balancer-frontend", addresses: exactly(1) },
			],
			otherResourcesReason: null,
			shared: [],
			runway: null,
			azure,
			scenarios: {
				today: now,
				upgrade,
				full: now,
				"full-upgrade": upgrade,
			},
		},
	],
} as const;

export const network = {
	network: networkOfSubnet(budget.id),
	name: lastName(networkOfSubnet(budget.id)),
	auditId,
	at,
	prefixes: ["10.30.0.0/16"],
	subnets: [
		{
			id: budget.id,
			name: lastName(budget.id),
			prefixes: ["10.30.1.0/24"],
			capacity: 251,
			used: exactly(234),
			budgets: [{ kind: "subnet", verdict: "short" }],
		},
	],
	free: [
		"10.30.0.0/24",
		"10.30.2.0/23",
		"10.30.4.0/22",
		"10.30.8.0/21",
		"10.30.16.0/20",
		"10.30.32.0/19",
		"10.30.64.0/18",
		"10.30.128.0/17",
	],
	closed: [],
	complete: true,
	reason: null,
} as const;

const listedNow = {
	demand: exactly(234),
	free: exactly(17),
	verdict: "fits",
} as const;
const listedUpgrade = {
	demand: between(263, 292),
	free: between(-41, -12),
	verdict: "short",
} as const;

export const listedBudget = {
	...budget,
	unit: "addresses",
	subscription,
	network: budget.id.split("/subnets/")[0] ?? null,
	verdict: "short",
	fullPercent: 93.2,
	limit: exactly(251),
	scenarios: {
		today: listedNow,
		upgrade: listedUpgrade,
		full: listedNow,
		"full-upgrade": listedUpgrade,
	},
	clusters: { count: 1, ids: [cluster] },
	otherResources: exactly(2),
	otherResourcesByKind: [
		{ kind: "private-endpoint", addresses: exactly(1) },
		{ kind: "load-balancer-frontend", addresses: exactly(1) },
	],
	runway: null,
} as const;

const { state, startedAt, finishedAt, coverage, findings, changes } = audit;

export const listedCluster = {
	id: cluster,
	name: "aks-ingress-prod-weu",
	subscription,
	verdict: "short",
	budget: { ...budget, unit: "addresses" },
	scenario: "upgrade",
	free: { low: -41, high: -12 },
} as const;

export const overview = {
	audit: {
		auditId,
		state,
		startedAt,
		finishedAt,
		coverage,
		findings,
		accepted: audit.accepted,
		changes,
	},
	ageHours: 3.2,
	isLate: false,
	portal: "https://portal.azure.com",
	notEvaluated: [
		{ reason: "The audit saw no virtual network of its subnets", clusters: 1 },
	],
	shortClusters: 10,
	verdicts: {
		budgets: { fits: 160, tight: 5, short: 14, unknown: 3 },
		clusters: { fits: 13, tight: 5, short: 12, unknown: 3 },
	},
	fullest: [
		{
			...listedBudget,
			fix: {
				finding: finding.id,
				cluster: finding.cluster,
				clusterName: finding.clusterName,
				title: "Replace pool gateways with a new pool of max pods 22 (now 30).",
			},
		},
	],
	reclaimable: {
		addresses: 3950,
		oversizedSubnets: {
			subnets: 1,
			addresses: 3900,
			largest: [{ ...budget, addresses: 3900 }],
		},
		wastedBlocks: {
			subnets: 1,
			addresses: 48,
			largest: [
				{
					...budget,
					id: budget.id.replace("snet-ingress", "snet-pods"),
					kind: "pod-blocks",
					name: budget.name.replace("snet-ingress", "snet-pods"),
					addresses: 48,
				},
			],
		},
		oversizedMaxPods: { subnets: 0, addresses: 0, largest: [] },
		leftoverInterfaces: {
			subnets: 1,
			addresses: 2,
			largest: [{ ...budget, addresses: 2 }],
		},
	},
	weeks: [
		{
			from: "2026-11-21T08:12:00.000Z",
			to: "2026-11-28T08:12:00.000Z",
			audits: 7,
			changes,
		},
	],
} as const;

export const history = {
	budget: budget.id,
	kind: "subnet",
	name: budget.name,
	unit: "addresses",
	points: [
		{ at, demand: exactly(234), full: exactly(234), limit: exactly(251) },
	],
	runway: { days: 120, low: 80, high: null, points: 30, overDays: 60 },
} as const;

export const health = {
	status: "healthy",
	reasons: [],
	notices: [],
	version: programVersion,
	newestAudit: { state: "completed", startedAt: at, ageHours: 3.2 },
	alerts: { waiting: 0, failed: 0 },
	wrongSettings: [],
	storage: "answers",
	resourceGraph: "answers",
} as const;

export const unhealthy = {
	...health,
	status: "unhealthy",
	reasons: ["settings are wrong: AUDIT_SUBSCRIPTIONS"],
	wrongSettings: ["AUDIT_SUBSCRIPTIONS"],
	resourceGraph: "not-asked",
} as const;

const problemOf = (
	status: number,
	title: string,
	detail: string,
	field: string,
) => ({ type: "about:blank", title, status, detail, field });

export const problems = {
	badRequest: problemOf(
		400,
		"Bad request",
		'severity is "urgent"; use critical, high, medium, low or info.',
		"severity",
	),
	notFound: {
		type: "about:blank",
		title: "Not found",
		status: 404,
		detail: "No audit has ended yet.",
	},
	notSignedIn: {
		type: "about:blank",
		title: "Not signed in",
		status: 401,
		detail: "Nobody is signed in; open /.auth/login/aad first.",
		door: "sign-in",
		signIn: "/.auth/login/aad",
	},
	signInNeeded: {
		type: "about:blank",
		title: "Not signed in",
		status: 401,
		detail: "Nobody is signed in; open /.auth/login/aad first.",
	},
	otherSite: problemOf(
		403,
		"Forbidden",
		"The header x-auditor-request is missing or wrong; use report.",
		"x-auditor-request",
	),
	conflict: {
		type: "about:blank",
		title: "Conflict",
		status: 409,
		detail:
			"No audit of the fleet has ended yet. Start one first: POST /api/audits without a body.",
	},
	preconditionFailed: problemOf(
		412,
		"Precondition failed",
		"The acceptance has changed or is gone since you read it. Read it again, then decide.",
		"if-match",
	),
	bodyTooLarge: problemOf(
		413,
		"Body too large",
		"The body has 2000000 bytes; the limit is 1048576 (1 MiB).",
		"body",
	),
	busy: {
		type: "about:blank",
		title: "Azure is busy",
		status: 503,
		detail:
			"Resource Graph did not answer within 60 seconds. Try again in 15 seconds.",
	},
	unsupportedMediaType: problemOf(
		415,
		"Unsupported media type",
		'Content-Type is "text/xml"; use application/json.',
		"content-type",
	),
	failed: problemOf(
		500,
		"Wrong settings",
		"AUDIT_STORAGE is refused by the storage (403 AuthorizationFailure). The app needs to create tables, and to read and write their rows.",
		"AUDIT_STORAGE",
	),
	storageAway: problemOf(
		503,
		"Storage does not answer",
		"The storage of AUDIT_STORAGE does not answer. Check the setting, and that the app can reach the storage.",
		"AUDIT_STORAGE",
	),
} as const;
