import type { RegistryContentType } from "prom-client";
import { subscriptionOfId } from "../arm.ts";
import {
	type Audit,
	type Range,
	scenarioNames,
	severities,
	verdicts,
} from "../contract.ts";
import { hash } from "../keys/hash.ts";
import { budgetKindNames, budgetKinds } from "../model/budgetKinds.ts";
import type { ListedBudget } from "../model/budgetList.ts";
import { freeAndVerdict } from "../model/range.ts";
import { worstFirst } from "../model/verdictOrder.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import { type MetricsFormat, mediaTypes } from "./metricsFormat.ts";

export interface MetricsFacts {
	readonly version: string;
	/** The newest audit that is over, failed or not. Null before the first. */
	readonly last: Pick<Audit, "state" | "startedAt" | "finishedAt"> | null;
	/** The newest audit that was completed or partial. Null before the first. */
	readonly ended: Pick<
		Audit,
		"startedAt" | "coverage" | "findings" | "accepted"
	> | null;
	/** Those of that audit, fullest first. Null where it is of a release that had no list. */
	readonly budgets: readonly StoredBudget[] | null;
}

/** A scrape of more is slow to make, to send and to store. */
export const mostSeries = 10_000;

/** What Prometheus and its relatives read. */
export async function metricsText(
	facts: MetricsFacts,
	format: MetricsFormat,
): Promise<string> {
	// The first scrape loads it, so that no start of the program waits for it.
	const { Gauge, Registry } = await import("prom-client");
	const registry = new Registry<RegistryContentType>();
	registry.setContentType(mediaTypes[format]);
	const families = Map.groupBy(seriesOf(facts), ({ metric }) => metric);
	for (const [metric, series] of families) {
		const gauge = new Gauge({
			name: `aks_subnet_auditor_${metric}`,
			help: helpOf(metric),
			labelNames: Object.keys(series[0]?.labels ?? {}),
			// By default it would stay in the registry of the process.
			registers: [],
		});
		for (const { labels, value } of series) gauge.set(labels, value);
		registry.registerMetric(gauge);
	}
	const text = await registry.metrics();
	return format === "openmetrics" ? withUnits(text) : text;
}

/** OpenMetrics says the unit of a name with such a suffix in a line of its own, which the library does not write. */
function withUnits(text: string): string {
	return text.replace(
		/^# TYPE (\S+_([a-z]+)) gauge$/gm,
		(line, name: string, suffix: string) =>
			units.includes(suffix) ? `${line}\n# UNIT ${name} ${suffix}` : line,
	);
}

const units: readonly string[] = [
	"seconds",
	...Object.values(budgetKinds).map(({ unit }) => unit),
];

interface Series {
	readonly metric: Metric;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

function seriesOf(facts: MetricsFacts): Series[] {
	const { budgets } = facts;
	const general = [
		...auditorSeries(facts),
		...fleetSeries(facts),
		...(budgets === null ? [] : totals(budgets)),
	];
	if (budgets === null) return general;
	// One is for the number of those that are left out.
	const { shown, leftOut } = unhealthySeries(
		budgets,
		mostSeries - general.length - 1,
	);
	return [...general, one("budgets_left_out", leftOut), ...shown];
}

function auditorSeries({ version, last }: MetricsFacts): Series[] {
	const states = ["completed", "partial", "failed"] as const;
	return [
		one("build_info", 1, { version }),
		...states.map((state) =>
			one("last_audit_state", last?.state === state ? 1 : 0, { state }),
		),
		...(last === null
			? []
			: [one("last_audit_timestamp_seconds", seconds(last.startedAt))]),
		...(last === null || last.finishedAt === null
			? []
			: [
					one(
						"last_audit_duration_seconds",
						(Date.parse(last.finishedAt) - Date.parse(last.startedAt)) / 1000,
					),
				]),
	];
}

function fleetSeries({ ended }: MetricsFacts): Series[] {
	if (ended === null) return [];
	const { startedAt, coverage, findings, accepted } = ended;
	return [
		one("inventory_timestamp_seconds", seconds(startedAt)),
		one("clusters", coverage.clusters),
		one("clusters_not_evaluated", coverage.notEvaluated),
		one("coverage_gaps", coverage.gaps.length),
		...severities.map((severity) =>
			one("findings", findings[severity], { severity }),
		),
		one("findings_accepted", accepted),
	];
}

/** Zeros as well: a series that is not there fires no alert and draws no line. */
function totals(budgets: readonly StoredBudget[]): Series[] {
	const byKind = Map.groupBy(budgets, ({ kind }) => kind);
	return budgetKindNames.flatMap((kind) => {
		const ofKind = Map.groupBy(byKind.get(kind) ?? [], (each) => each.verdict);
		return verdicts.map((verdict) =>
			one("budgets", ofKind.get(verdict)?.length ?? 0, { kind, verdict }),
		);
	});
}

/** What fits has no series of its own. A budget has all its series or none, and nothing follows the first that has none. */
function unhealthySeries(
	budgets: readonly StoredBudget[],
	room: number,
): { readonly shown: readonly Series[]; readonly leftOut: number } {
	const unhealthy = worstFirst
		.filter((verdict) => verdict !== "fits")
		.flatMap((verdict) => budgets.filter((each) => each.verdict === verdict));
	const shown: Series[] = [];
	for (const [index, budget] of unhealthy.entries()) {
		const series = budgetSeries(fromStored(budget));
		if (shown.length + series.length > room)
			return { shown, leftOut: unhealthy.length - index };
		shown.push(...series);
	}
	return { shown, leftOut: 0 };
}

/** The id is long: one series has it, with all else that a reader wants to see, and the others refer to it by its hash. */
function budgetSeries(budget: ListedBudget): Series[] {
	const { id, kind, name, verdict, limit } = budget;
	const { unit } = budgetKinds[kind];
	const key = { budget: hash(id).slice(0, 16) };
	const subscription = subscriptionOfId(id) ?? "";
	return [
		one("budget_info", 1, { ...key, id, kind, name, subscription, verdict }),
		...ends(`capacity_${unit}`, key, limit),
		...scenarioNames.flatMap((scenario) => {
			const labels = { ...key, scenario };
			const demand = budget.demand[scenario];
			return [
				...ends(`demand_${unit}`, labels, demand),
				...ends(`free_${unit}`, labels, freeAndVerdict(limit, demand).free),
			];
		}),
	];
}

/** An unbounded end is no number: it has no series. */
function ends(
	metric: Metric,
	labels: Series["labels"],
	range: Range,
): Series[] {
	return (["low", "high"] as const).flatMap((bound) => {
		const value = range[bound];
		return value === null ? [] : [one(metric, value, { ...labels, bound })];
	});
}

function one(
	metric: Metric,
	value: number,
	labels: Series["labels"] = {},
): Series {
	return { metric, labels, value };
}

function seconds(at: string): number {
	return Date.parse(at) / 1000;
}

const help = {
	build_info: "The version of the auditor.",
	last_audit_state: "1 for the state of the newest audit that is over.",
	last_audit_timestamp_seconds:
		"When the newest audit that is over began, failed or not.",
	last_audit_duration_seconds:
		"How long the newest audit took that is over, failed or not.",
	inventory_timestamp_seconds:
		"When the newest audit that was completed or partial began. The numbers of the fleet are from it.",
	clusters: "Clusters that the audit saw.",
	clusters_not_evaluated: "Clusters that could not be judged.",
	coverage_gaps: "Parts of the fleet that the audit did not see.",
	findings: "Open findings, accepted ones included.",
	findings_accepted: "Open findings that somebody decided to live with.",
	budgets: "All budgets, by the worst verdict of their four scenarios.",
	budgets_left_out:
		"Budgets that do not fit and have no series of their own, as there are too many. They are the healthiest of them.",
	budget_info: "What a budget is, if it does not fit.",
} as const;

const amountHelp = {
	capacity: (unit: string) => `How many ${unit} a budget has.`,
	demand: (unit: string) => `How many ${unit} a budget needs in a scenario.`,
	free: (unit: string) =>
		`How many ${unit} are free in a scenario. Negative: so many are missing.`,
} as const;

type Amount = keyof typeof amountHelp;
type Unit = (typeof budgetKinds)[keyof typeof budgetKinds]["unit"];
type Metric = keyof typeof help | `${Amount}_${Unit}`;

function helpOf(metric: Metric): string {
	if (metric in help) return help[metric as keyof typeof help];
	const [amount, unit] = metric.split("_") as [Amount, Unit];
	return amountHelp[amount](unit);
}
