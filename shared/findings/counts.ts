import {
	type ChangeCounts,
	type ChangeKind,
	changeKinds,
	type Severity,
	type SeverityCounts,
	severities,
} from "../contract.ts";

export const noSeverities: SeverityCounts = zero(severities);
export const noChanges: ChangeCounts = zero(changeKinds);

export function countSeverities(
	found: Iterable<{ readonly severity: Severity }>,
): SeverityCounts {
	const counts = { ...noSeverities };
	for (const { severity } of found) counts[severity]++;
	return counts;
}

export function countChanges(
	changes: Iterable<{ readonly kind: ChangeKind }>,
): ChangeCounts {
	const counts = { ...noChanges };
	for (const { kind } of changes) counts[kind]++;
	return counts;
}

export function addCounts<K extends string>(
	a: Readonly<Record<K, number>>,
	b: Readonly<Record<K, number>>,
): Record<K, number> {
	const total: Record<K, number> = { ...a };
	for (const key of Object.keys(b) as K[]) total[key] += b[key];
	return total;
}

function zero<K extends string>(keys: readonly K[]): Record<K, number> {
	return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
