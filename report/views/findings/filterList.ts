import { networkOfBudget } from "../../../shared/arm.ts";
import { type Severity, severities } from "../../../shared/contract.ts";
import type { ListedFinding } from "../../data/answers.ts";
import type { FindingsFilter } from "../../route.ts";

/** The findings that a filter means, in the order that they came in. */
export function filtered(
	findings: readonly ListedFinding[],
	filter: FindingsFilter,
): ListedFinding[] {
	const { severity } = filter;
	return withoutSeverity(findings, filter).filter(
		(one) => severity.length === 0 || severity.includes(one.severity),
	);
}

/** How many there are of each severity, whichever severities are chosen. */
export function severityCounts(
	findings: readonly ListedFinding[],
	filter: FindingsFilter,
): Readonly<Record<Severity, number>> {
	const counts = Object.fromEntries(
		severities.map((severity) => [severity, 0]),
	) as Record<Severity, number>;
	for (const { severity } of withoutSeverity(findings, filter))
		counts[severity]++;
	return counts;
}

function withoutSeverity(
	findings: readonly ListedFinding[],
	filter: FindingsFilter,
): ListedFinding[] {
	const { verdict, rule, subscription, network, accepted } = filter;
	const words = filter.text.trim().toLowerCase();
	return findings.filter(
		(one) =>
			(verdict.length === 0 ||
				(one.verdict !== null && verdict.includes(one.verdict))) &&
			(rule === null || one.rule === rule) &&
			(subscription === null || one.subscription === subscription) &&
			(network === null || networkOf(one) === network) &&
			(accepted === null || (one.acceptance !== null) === accepted) &&
			(words === "" || textOf(one).includes(words)),
	);
}

export function networkOf({ budget }: ListedFinding): string | null {
	return budget && networkOfBudget(budget.id);
}

function textOf({ clusterName, budget, headline }: ListedFinding): string {
	return `${clusterName} ${budget?.name ?? ""} ${headline}`.toLowerCase();
}

/** Findings about one thing. */
export interface Group {
	readonly id: string;
	/** The worst of them comes first. */
	readonly findings: readonly [ListedFinding, ...ListedFinding[]];
}

/** Groups in the order of their worst findings. Findings about no budget are grouped by their cluster. */
export function grouped(
	findings: readonly ListedFinding[],
	by: "budget" | "cluster",
): Group[] {
	const groups = new Map<string, [ListedFinding, ...ListedFinding[]]>();
	for (const finding of findings) {
		const { budget, cluster } = finding;
		const id = by === "budget" ? (budget?.id ?? cluster) : cluster;
		const group = groups.get(id);
		if (group === undefined) groups.set(id, [finding]);
		else group.push(finding);
	}
	return [...groups].map(([id, all]) => ({ id, findings: all }));
}

/** The values of a field, with how many findings have each. */
export function choices(
	findings: readonly ListedFinding[],
	field: (finding: ListedFinding) => string | null,
): { readonly value: string; readonly count: number }[] {
	const counts = new Map<string, number>();
	for (const finding of findings) {
		const value = field(finding);
		if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
	}
	return [...counts].map(([value, count]) => ({ value, count }));
}
