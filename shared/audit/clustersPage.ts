import { lastName, subscriptionOfId } from "../arm.ts";
import { clustersAt, readClusterIds } from "../azure/clusterStore.ts";
import { openLines } from "../azure/openLines.ts";
import type { Tables } from "../azure/tables.ts";
import type { BudgetName, Range, ScenarioName, Verdict } from "../contract.ts";
import { decidingFinding } from "../findings/ownVerdict.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { worstFirst } from "../model/verdictOrder.ts";
import type { ListedCluster } from "../records/clusterList.ts";
import type { ClustersQuery } from "../records/clustersQuery.ts";
import type { KeptLine } from "../records/openLine.ts";
import { countsOf, type VerdictCounts } from "../records/verdictCounts.ts";
import { newestList, type ShownBudget } from "./budgetsPage.ts";

/** A cluster by the worst of what it uses. */
export interface ShownCluster {
	/** ARM ID, lower case. */
	readonly id: string;
	readonly name: string;
	readonly subscription: string | null;
	readonly verdict: Verdict;
	/** What its verdict follows from; of one that fits, its fullest budget. Null: it could not be evaluated as a whole. */
	readonly budget: (BudgetName & Pick<ShownBudget, "unit">) | null;
	/** The least demanding one with that verdict. */
	readonly scenario: ScenarioName | null;
	readonly free: Range | null;
}

/** What a cluster's verdict follows from, of its own open findings. */
type OpenFinding = Pick<
	KeptLine,
	"cluster" | "budget" | "scenario" | "free" | "verdict"
>;
type Deciding = NonNullable<ReturnType<typeof decidingFinding<OpenFinding>>>;

/** A page of the clusters that the newest audit judged, worst first, then by name. */
export async function clustersPage(
	tables: Tables,
	{ verdict, continuation }: ClustersQuery,
	pageSize: number,
): Promise<{
	auditId: string;
	clusters: ShownCluster[];
	continuation: string | null;
}> {
	const { auditId, snapshot } = await newestList(tables);
	const [ids, open] = await Promise.all([
		readClusterIds(tables, snapshot),
		openLines(tables),
	]);
	const all = inOrder(ids, decidingIn(open)).filter(
		(one) => verdict === undefined || verdict.includes(one.verdict),
	);
	const from = continuation === undefined ? 0 : Number(continuation);
	const to = from + pageSize;
	const onPage = all.slice(from, to);
	const fitting = await clustersAt(
		tables,
		snapshot,
		onPage.flatMap(({ deciding, position }) => (deciding ? [] : [position])),
	);
	return {
		auditId,
		clusters: onPage.map((one) => shown(one, fitting.get(one.position))),
		continuation: to < all.length ? String(to) : null,
	};
}

/** Clusters as they are shown, worst first, then by name. `listed`: by name. */
export function clustersIn(
	listed: readonly ListedCluster[],
	open: readonly OpenFinding[],
): ShownCluster[] {
	const ids = listed.map(({ id }) => id);
	return inOrder(ids, decidingIn(open)).map((one) =>
		shown(one, listed[one.position]),
	);
}

export function clusterVerdicts(
	ids: readonly string[],
	open: readonly OpenFinding[],
): VerdictCounts {
	return countsOf(inOrder(ids, decidingIn(open)));
}

interface Placed {
	readonly id: string;
	readonly position: number;
	readonly verdict: Verdict;
	/** Null: it fits. */
	readonly deciding: Deciding | null;
}

/**
 * Each cluster is judged by its own findings: the verdict of a budget is that of all its clusters at their maxima, and one of
 * them alone may fit.
 */
function decidingIn(open: readonly OpenFinding[]): Map<string, Deciding> {
	const deciding = new Map<string, Deciding>();
	for (const [cluster, own] of Map.groupBy(open, ({ cluster }) => cluster)) {
		const finding = decidingFinding(own);
		if (finding !== null) deciding.set(cluster, finding);
	}
	return deciding;
}

/** `ids`: by name. */
function inOrder(
	ids: readonly string[],
	deciding: ReadonlyMap<string, Deciding>,
): Placed[] {
	const byVerdict = Map.groupBy(
		ids.map((id, position): Placed => {
			const finding = deciding.get(id) ?? null;
			const verdict = finding?.verdict ?? "fits";
			return { id, position, verdict, deciding: finding };
		}),
		({ verdict }) => verdict,
	);
	return worstFirst.flatMap((verdict) => byVerdict.get(verdict) ?? []);
}

function shown(
	{ id, deciding, verdict }: Placed,
	listed: ListedCluster | undefined,
): ShownCluster {
	const named = { id, name: lastName(id), subscription: subscriptionOfId(id) };
	if (deciding !== null) {
		const { budget, scenario, free } = deciding;
		return {
			...named,
			verdict,
			budget: budget && withUnit(budget),
			scenario,
			free,
		};
	}
	if (listed === undefined) throw new Error(`cluster ${id} is not in the list`);
	const { budget, free } = listed;
	return {
		...named,
		verdict,
		budget: withUnit(budget),
		scenario: "full-upgrade",
		free,
	};
}

function withUnit(budget: BudgetName): NonNullable<ShownCluster["budget"]> {
	return { ...budget, unit: budgetKinds[budget.kind].unit };
}
