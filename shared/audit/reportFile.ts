import { networkOfBudget } from "../arm.ts";
import { listAudits } from "../azure/auditStore.ts";
import { readBudgets } from "../azure/budgetStore.ts";
import { openLines } from "../azure/openLines.ts";
import { findNetwork } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit, Finding } from "../contract.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { listedClusters } from "../records/clusterList.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import type { ReportFacts } from "../settings/audit.ts";
import { grouped } from "../text.ts";
import { newestList, type ShownBudget, shownBudget } from "./budgetsPage.ts";
import { type Capacity, capacityOf } from "./capacity.ts";
import { clustersIn, type ShownCluster } from "./clustersPage.ts";
import { worstFindings } from "./findingsPage.ts";
import { type History, historyOf } from "./history.ts";
import { mapOf, type NetworkMap } from "./networkMap.ts";
import { type FleetOverview, fleetOverview } from "./overview.ts";
import { auditStatus } from "./status.ts";

/** All that the report shows, for a file that opens without the auditor. Each part is as its route answers it. */
export interface ReportData {
	/** ISO 8601. */
	readonly madeAt: string;
	/** What is not in the file, and where it is: sentences. */
	readonly leftOut: readonly string[];
	readonly overview: FleetOverview;
	/** Newest first. */
	readonly audits: readonly Audit[];
	/** Open ones, worst first. */
	readonly findings: readonly Finding[];
	/** All of them, worst first. */
	readonly clusters: readonly ShownCluster[];
	/** Fullest first. */
	readonly budgets: readonly ShownBudget[];
	/** By cluster. */
	readonly capacity: Readonly<Record<string, Capacity>>;
	/** By budget. */
	readonly history: Readonly<Record<string, History>>;
	/** By the ARM ID of a virtual network. */
	readonly networks: Readonly<Record<string, NetworkMap>>;
}

/** Of a fleet of any size: some 40 MB of text at most, in a few hundred reads. */
export interface Bounds {
	readonly audits: number;
	readonly findings: number;
	readonly budgets: number;
	readonly clusters: number;
	/** Characters of all capacities: one subnet can have hundreds of clusters in it. */
	readonly capacityLength: number;
	readonly histories: number;
	readonly networks: number;
}

export const fileBounds: Bounds = {
	audits: 50,
	findings: 5_000,
	budgets: 2_000,
	clusters: 200,
	capacityLength: 15_000_000,
	histories: 100,
	networks: 200,
};

/**
 * The report's data, the worst first where there is more than the bounds allow. Throws a Problem where no audit has ended
 * yet. `now`: ISO 8601.
 */
export async function reportData(
	tables: Tables,
	now: string,
	facts: ReportFacts & { readonly reportUrl: string | null },
	bounds: Bounds = fileBounds,
): Promise<ReportData> {
	const overview = await fleetOverview(tables, now, facts);
	const { audit, snapshot } = await newestList(tables);
	const stored = await readBudgets(tables, snapshot);
	const listed = await listAudits(tables, bounds.audits, undefined);
	const audits = await Promise.all(
		listed.audits.map((record) => auditStatus(tables, record)),
	);
	const open = await worstFindings(tables, allOpen, bounds.findings, now);
	const budgets = worstBudgets(stored, bounds.budgets);

	const clusters = unique([
		...open.findings.map(({ cluster }) => cluster),
		...stored.flatMap((one) => fromStored(one).clusters),
	]);
	const capacity = await capacitiesOf(tables, audit, clusters, bounds);
	const ids = unique([
		...open.findings.flatMap(({ budget }) => budget?.id ?? []),
		...stored.map(({ id }) => id),
	]);
	const asked = ids.slice(0, bounds.histories);
	const history = await historiesOf(tables, asked);
	const networkIds = unique(
		[...budgets, ...stored].flatMap(({ id }) => networkOfBudget(id) ?? []),
	);
	const networks = await networksOf(
		tables,
		{ audit, snapshot, stored },
		networkIds.slice(0, bounds.networks),
	);

	const openCount = open.findings.length + open.leftOut;
	return {
		madeAt: now,
		leftOut: [
			"It has no resolved findings.",
			...without("open findings", open.findings.length, openCount),
			...without("budgets", budgets.length, stored.length),
			...without(
				"clusters with their capacity",
				Object.keys(capacity).length,
				clusters.length,
			),
			...without("budgets with their history", asked.length, ids.length),
			...without(
				"virtual networks",
				Object.keys(networks).length,
				networkIds.length,
			),
			...(listed.continuation === null
				? []
				: [`It has the newest audits only, ${bounds.audits} of them.`]),
			facts.reportUrl === null
				? "The report that the auditor serves has everything."
				: `The report that the auditor serves has everything: ${facts.reportUrl}`,
		],
		overview,
		audits,
		findings: open.findings,
		clusters: clustersIn(
			listedClusters(stored.map(fromStored)),
			await openLines(tables),
		),
		budgets,
		capacity,
		history,
		networks,
	};
}

const allOpen = {
	filter: { state: "open" },
	accepted: undefined,
	list: "",
	continuation: undefined,
	format: "json",
} as const;

function without(what: string, there: number, all: number): string[] {
	return there === all
		? []
		: [`It has ${grouped(there)} of ${grouped(all)} ${what}.`];
}

/** Those that do not fit go first, then the fullest. In the order of the list. */
function worstBudgets(
	stored: readonly StoredBudget[],
	most: number,
): ShownBudget[] {
	const [bad, fit] = [
		stored.filter(({ verdict }) => verdict !== "fits"),
		stored.filter(({ verdict }) => verdict === "fits"),
	];
	const chosen = new Set([...bad, ...fit].slice(0, most));
	return stored
		.filter((one) => chosen.has(one))
		.map((one) => shownBudget(fromStored(one)));
}

/** One after the other: each reads a part of the snapshot. */
async function capacitiesOf(
	tables: Tables,
	audit: AuditRecord,
	clusters: readonly string[],
	bounds: Bounds,
): Promise<Record<string, Capacity>> {
	const found: Record<string, Capacity> = {};
	let length = 0;
	for (const cluster of clusters.slice(0, bounds.clusters)) {
		const capacity = await capacityOf(tables, audit, cluster);
		if (capacity === null) continue;
		length += JSON.stringify(capacity).length;
		if (length > bounds.capacityLength) break;
		found[cluster] = capacity;
	}
	return found;
}

async function historiesOf(
	tables: Tables,
	budgets: readonly string[],
): Promise<Record<string, History>> {
	const found: Record<string, History> = {};
	for (const budget of budgets) {
		const history = await historyOf(tables, budget);
		if (history !== null) found[budget] = history;
	}
	return found;
}

async function networksOf(
	tables: Tables,
	{
		audit,
		snapshot,
		stored,
	}: {
		readonly audit: AuditRecord;
		readonly snapshot: string;
		readonly stored: readonly StoredBudget[];
	},
	ids: readonly string[],
): Promise<Record<string, NetworkMap>> {
	const byNetwork = Map.groupBy(stored, ({ id }) => networkOfBudget(id));
	const found: Record<string, NetworkMap> = {};
	for (const id of ids) {
		const seen = await findNetwork(tables, snapshot, id);
		if (seen) found[id] = mapOf(seen, audit, byNetwork.get(id) ?? []);
	}
	return found;
}

function unique(values: readonly string[]): string[] {
	return [...new Set(values)];
}
