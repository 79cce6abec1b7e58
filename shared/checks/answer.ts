import { lastName } from "../arm.ts";
import type { Finding, Gap, Remedy, Verdict } from "../contract.ts";
import { transitions } from "../findings/lifecycle.ts";
import type { ArmAnswer } from "../inventory/armAnswer.ts";
import { budgetIdOf, judgeCluster } from "../judge/judge.ts";
import type { Entry } from "../model/entries.ts";
import { entriesOf } from "../model/entries.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { compareChecked, worstChecked } from "../model/verdictOrder.ts";
import type { Thresholds } from "../rules/rule.ts";
import type {
	CheckAnswer,
	CheckedAmount,
	CheckedBudget,
	CheckedCluster,
	CheckRequest,
} from "./contract.ts";
import { type JudgedFleet, keyOf, stateOf, worstOf } from "./judged.ts";
import type { Proposal } from "./proposal.ts";
import type { Subject } from "./subject.ts";

/** All that an answer is made of. */
export interface Compared {
	readonly before: JudgedFleet;
	readonly after: JudgedFleet;
	readonly moments: readonly JudgedFleet[];
	readonly subject: Subject;
	readonly proposal: Proposal;
	readonly azure: ReadonlyMap<string, ArmAnswer>;
	readonly thresholds: Thresholds;
	readonly gaps: readonly Gap[];
	readonly sources: CheckAnswer["sources"];
	/** The oldest time at which something was read. ISO 8601. */
	readonly readAt: string;
}

export function answerOf(
	request: CheckRequest,
	compared: Compared,
): CheckAnswer {
	const { subject, gaps, readAt, sources, proposal } = compared;
	const asked = new Set(subject.asked);
	const touched = touchedBudgets(compared);
	const ids = [...asked, ...neighborsOn(touched, compared)].filter(
		(id, index, all) => all.indexOf(id) === index,
	);
	const together = new Set(request.clusters.map((id) => id.toLowerCase()));
	const clusters = ids.map((id) =>
		clusterAnswer(id, request, compared, {
			isAsked: asked.has(id),
			touched,
			together: together.has(id) && together.size > 1 ? together : nobody,
		}),
	);
	const findings = ids.flatMap((id) =>
		findingsOf(id, compared, asked.has(id) ? null : touched),
	);
	const unread = gaps.some(({ reason }) => !/ peerings answered$/.test(reason));
	const open: Verdict[] =
		unread || proposal.unclear.size > 0 ? ["unknown"] : [];
	return {
		verdict: worstChecked([...open, ...clusters.map(({ verdict }) => verdict)]),
		readAt,
		sources,
		clusters,
		oneAfterTheOther:
			together.size > 1
				? {
						verdict: worstChecked([
							...open,
							...ids.map(
								(id) =>
									clusterAnswer(id, request, compared, {
										isAsked: asked.has(id),
										touched,
										together: nobody,
									}).verdict,
							),
						]),
					}
				: null,
		azure: azureOf(clusters),
		findings,
		remedies: remediesOf(findings, asked),
		gaps,
		ignored: subject.ignored,
	};
}

const nobody: ReadonlySet<string> = new Set();

/** Keys of shared budgets that the change moves, or that need more while it is made. */
function touchedBudgets({
	before,
	after,
	moments,
	proposal,
}: Compared): ReadonlySet<string> {
	if (proposal.changes.length === 0 && moments.length === 0) return nobody;
	const all = new Map<string, string[]>();
	for (const judged of [before, after, ...moments])
		for (const [key, amounts] of amountsIn(judged))
			all.set(key, [...(all.get(key) ?? []), amounts]);
	const versions = 2 + moments.length;
	return new Set(
		[...all]
			.filter(
				([, amounts]) => amounts.length < versions || new Set(amounts).size > 1,
			)
			.map(([key]) => key),
	);
}

function amountsIn({ fleet, shared }: JudgedFleet): Map<string, string> {
	const budgets = [
		...shared.values(),
		...fleet.clusters.flatMap(({ budgets }) => budgets),
	];
	return new Map(
		budgets.map((budget) => {
			const { limit, observed, totals, foreign } = budget;
			return [
				keyOf(budget),
				JSON.stringify([limit, observed, totals, foreign]),
			];
		}),
	);
}

/** Clusters with something on these budgets, before or after. */
function neighborsOn(
	touched: ReadonlySet<string>,
	{ before, after }: Compared,
): string[] {
	if (touched.size === 0) return [];
	return [...after.clusters.keys(), ...before.clusters.keys()].filter((id) =>
		[after, before].some((judged) =>
			[...judged.budgetsOf(id).keys()].some((key) => touched.has(key)),
		),
	);
}

interface Part {
	readonly isAsked: boolean;
	readonly touched: ReadonlySet<string>;
	/** Clusters that upgrade at the same time, itself among them. */
	readonly together: ReadonlySet<string>;
}

function clusterAnswer(
	id: string,
	request: CheckRequest,
	compared: Compared,
	part: Part,
): CheckedCluster {
	const { before, after, subject } = compared;
	const isGone = subject.clusters.get(id)?.isRemoved === true;
	const now = after.clusters.get(id);
	const then = before.clusters.get(id);
	const keys = new Set([
		...after.budgetsOf(id).keys(),
		...before.budgetsOf(id).keys(),
	]);
	const budgets = [...keys]
		.filter((key) => part.isAsked || part.touched.has(key))
		.map((key) => budgetAnswer(id, key, request, compared, part.together));
	const notEvaluated = isGone ? null : whyNotEvaluated(id, compared);
	return {
		cluster: id,
		clusterName: now?.name ?? then?.name ?? lastName(id),
		asked: part.isAsked,
		verdict: worstChecked([
			...(notEvaluated === null || !part.isAsked ? [] : ["unknown" as const]),
			...budgets.map(({ verdict }) => verdict),
		]),
		verdictBefore: then
			? worstChecked([
					...(then.notEvaluated === null || !part.isAsked
						? []
						: ["unknown" as const]),
					...budgets.flatMap((one) =>
						one.before === null ? [] : [worstOf(one.before)],
					),
				])
			: null,
		notEvaluated,
		budgets,
	};
}

function whyNotEvaluated(
	id: string,
	{ after, azure, proposal }: Compared,
): string | null {
	const unclear = proposal.unclear.get(id);
	if (unclear !== undefined) return unclear;
	const now = after.clusters.get(id);
	if (now !== undefined) return now.notEvaluated;
	const answer = azure.get(id);
	if (answer?.kind === "unreadable") return answer.reason;
	return `Cluster ${lastName(id)} does not exist, or the auditor's identity cannot see it.`;
}

function budgetAnswer(
	cluster: string,
	key: string,
	{ scenarios }: CheckRequest,
	{ before, after, moments }: Compared,
	together: ReadonlySet<string>,
): CheckedBudget {
	const was = before.budgetsOf(cluster).get(key);
	const is = after.budgetsOf(cluster).get(key);
	const one = is ?? was;
	if (one === undefined) throw new Error(`nobody judged ${key}`);
	const { id, kind, name, unit } = one.view.budget;
	const stateBefore = was
		? stateOf(was, scenarios, besideOn(before, id, cluster, together))
		: null;
	const stateAfter = is
		? stateOf(is, scenarios, besideOn(after, id, cluster, together))
		: null;
	const transition = worstMoment(
		moments.flatMap((moment) => moment.budgetsOf(cluster).get(key) ?? []),
		[was, is].filter((judged) => judged !== undefined),
	);
	return {
		id,
		kind,
		name,
		unit,
		verdict: worstChecked([
			...(stateAfter === null ? [] : [worstOf(stateAfter)]),
			...(transition === null ? [] : [transition.verdict]),
			// Azure would not have let it come to this: model and data do not match.
			...(is?.mismatch && was?.mismatch ? ["unknown" as const] : []),
		]),
		before: stateBefore,
		after: stateAfter,
		transition,
		azure: is?.azure ?? null,
	};
}

/** Entries of the other clusters that upgrade at the same time. */
function besideOn(
	{ clusters }: JudgedFleet,
	budget: string,
	own: string,
	together: ReadonlySet<string>,
): Entry[] {
	return [...together]
		.filter((id) => id !== own)
		.flatMap((id) => {
			const cluster = clusters.get(id)?.cluster;
			return cluster
				? entriesOf(cluster).filter((entry) => entry.budget.id === budget)
				: [];
		});
}

/** Null where no moment needs more than before and after. Nobody upgrades while pools are made anew: no surge. */
function worstMoment(
	moments: readonly JudgedBudget[],
	others: readonly JudgedBudget[],
): CheckedAmount | null {
	const today = ({ view }: JudgedBudget) => view.scenarios.today;
	const needed = others.map((one) => today(one).demand);
	const more = moments
		.map(today)
		.filter(({ demand }) =>
			needed.every(
				(one) =>
					isMore(demand.high, one.high) ||
					(demand.high === one.high && (demand.low ?? 0) > (one.low ?? 0)),
			),
		);
	const [first, ...rest] = more;
	if (first === undefined) return null;
	const found = rest.reduce(
		(worst, one) =>
			compareChecked(one.verdict, worst.verdict) < 0 ||
			(one.verdict === worst.verdict &&
				isMore(one.demand.high, worst.demand.high))
				? one
				: worst,
		first,
	);
	const { demand, free, verdict } = found;
	return { demand, free, verdict };
}

/** Null is without bound. */
function isMore(a: number | null, b: number | null): boolean {
	if (b === null) return false;
	return a === null || a > b;
}

function azureOf(clusters: readonly CheckedCluster[]): CheckAnswer["azure"] {
	const checks = clusters
		.filter(({ asked }) => asked)
		.flatMap(({ budgets }) => budgets.flatMap(({ azure }) => azure ?? []));
	return checks.length === 0
		? null
		: {
				change: worstChecked(checks.map(({ change }) => change.verdict)),
				upgrade: worstChecked(checks.map(({ upgrade }) => upgrade.verdict)),
			};
}

/** What an audit would find. `on`: of these budgets alone; null: of all. */
function findingsOf(
	id: string,
	{ after, thresholds, readAt }: Compared,
	on: ReadonlySet<string> | null,
): Finding[] {
	const cluster = after.clusters.get(id);
	if (cluster === undefined) return [];
	const ids = on && new Set([...on].map((key) => key.split(" ")[1]));
	const outcomes = judgeCluster(
		cluster,
		after.shared,
		new Set(),
		thresholds,
	).filter(({ outcome }) => ids === null || ids.has(budgetIdOf(outcome) ?? ""));
	return transitions(cluster, outcomes, [], new Map(), {
		auditId: "",
		at: readAt,
		last: null,
	}).flatMap(({ write }) => (write ? [write] : []));
}

/**
 * Those of the clusters that are asked about, if they have any: a neighbor's would not undo what the change does.
 * Titles name no cluster, so two clusters can have the same title with other commands.
 */
function remediesOf(
	findings: readonly Finding[],
	asked: ReadonlySet<string>,
): Remedy[] {
	const failing = findings.filter(
		({ verdict }) => verdict === "short" || verdict === "tight",
	);
	const own = failing
		.filter(({ cluster }) => asked.has(cluster))
		.flatMap(({ remedies }) => remedies);
	const all =
		own.length > 0 ? own : failing.flatMap(({ remedies }) => remedies);
	return [
		...new Map(
			all.map((one) => [[one.title, ...one.command].join("\n"), one]),
		).values(),
	];
}
