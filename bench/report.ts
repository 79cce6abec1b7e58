import { movedPercent } from "./auditRun.ts";
import type { FleetRun, Result } from "./fleetRun.ts";
import type { Judging } from "./judgingProcess.ts";
import type { JudgingResult } from "./judgingRun.ts";
import type { Start } from "./startRun.ts";
import { seconds, table } from "./table.ts";
import type { Target } from "./targets.ts";

export function resultTable(results: readonly Result[]): string {
	return table(
		[
			"clusters",
			"reading",
			"1st night",
			"2nd night",
			"x reading",
			"requests",
			"least",
			"written",
			"2nd",
			"3rd",
			"stored",
			"memory",
		],
		results.flatMap((result) => [
			nightsRow(String(result.clusters), result, result),
			...(result.capped?.nights
				? [nightsRow("heap cap", result, result.capped.nights)]
				: []),
			...(result.previous
				? [nightsRow("previous", result, result.previous)]
				: []),
		]),
	);
}

function nightsRow(
	name: string,
	{ readMs, leastRequests }: Result,
	nights: NonNullable<Result["previous"]>,
): string[] {
	return [
		name,
		seconds(readMs),
		seconds(nights.wallMs),
		seconds(nights.secondWallMs),
		(nights.secondWallMs / readMs).toFixed(1),
		String(nights.requests),
		String(leastRequests),
		String(nights.tableWrites),
		String(nights.secondTableWrites),
		String(nights.thirdTableWrites),
		`${nights.storedMiB} MiB`,
		`${nights.peakRssMiB} MiB`,
	];
}

/** What the columns mean, where a name is not enough. */
export const legend = [
	"reading: the same rows paged one after the other by the bare SDK, in a process of its own. Times are medians.",
	"nights: from the request that starts an audit until its row says that it has ended. A new process, empty tables; the",
	`  second night audits the same fleet, before the third ${movedPercent} % of the clusters change. x reading: the second night.`,
	"written: entities in each night, one that was written several times once. stored: after the second night. memory: the",
	"  process's peak. previous: the release before this one, on the same rows in the same run.",
].join("\n");

/** This release's figures as parts of the previous one's. */
export function previousLine({ clusters, previous, ...own }: Result): string {
	if (previous === null)
		return `${clusters} clusters: without the previous release, whose commit git does not have`;
	const part = (name: keyof typeof previous & keyof typeof own) =>
		(Number(own[name]) / previous[name]).toFixed(3);
	return `${clusters} clusters, of the previous release: first night ${part("wallMs")}, second ${part("secondWallMs")}, memory ${part("peakRssMiB")}, written ${part("tableWrites")}, ${part("secondTableWrites")} and ${part("thirdTableWrites")}, stored ${part("storedMiB")}`;
}

export function laterLines({ clusters, capacity, year }: Result): string[] {
	if (capacity === null || year === null) return [];
	const earlier =
		capacity.previousMedianMs === null
			? ""
			: `; previous release ${capacity.previousMedianMs} ms`;
	return [
		`${clusters} clusters, GET /api/capacity: ${capacity.medianMs} ms with at most ${capacity.mostRequests} requests to storage; the process's first ${capacity.firstMs} ms with ${capacity.firstRequests}${earlier}`,
		`${clusters} clusters, a year of history behind ${year.series} series: a night takes ${seconds(year.withMs)}, without ${seconds(year.withoutMs)}`,
	];
}

export function startTable(starts: readonly Start[]): string {
	return table(
		["functions", "loading", "start to first answer"],
		starts.map(({ functions, loadMs, firstAnswerMs }) => [
			functions,
			`${loadMs} ms`,
			`${firstAnswerMs} ms`,
		]),
	);
}

export function judgingTable({ roomy, short, generated }: JudgingResult) {
	const row = (fleet: string, judging: Judging) => [
		fleet,
		`${judging.clusters}`,
		judging.poolsPerCluster.toFixed(1),
		`${judging.searchedPercent} %`,
		`${judging.clustersPerSecondWithoutRemedies}`,
		`${judging.clustersPerSecond}`,
	];
	return table(
		["judged/s", "clusters", "pools", "mended", "without remedies", "with"],
		[
			row("nothing violated", roomy),
			row("all violated", short),
			...generated.map((judging) => row("generated", judging)),
		],
	);
}

export const judgingLegend = [
	"judged/s: clusters judged a second of the judging thread's processor time, no I/O: entries, views, Azure's own",
	"  check and every rule. Medians.",
	"nothing violated, all violated: flat, overlay and pod-subnet clusters of three pools that grow, in turns; all violated",
	"  is the worst case for remedies. mended: clusters with a finding that remedies are searched for.",
	"without remedies: the rules that search for remedies get no cluster to search with; all else they say is the same.",
	"one subnet: flat clusters of three pools, pairs of rounds in turns, the median of their ratios; with remedies, of which",
	"  there are fewer where all are violated: what neighbors take, no change of one cluster mends.",
].join("\n");

/** Judging is held against its target; adding up comes before it, once an audit. */
export function sharingLine({ sharing }: JudgingResult): string {
	return `${sharing.clusters} clusters in one subnet, nothing violated: added up and judged ${sharing.roomyWithAddingUp.toFixed(2)} x as many in subnets of their own`;
}

/** The parts behind the medians, for whoever wonders about the spread. */
export function spread({
	clusters,
	audits,
	floors,
	previous,
	judging,
}: FleetRun) {
	const list = (values: readonly number[]) => values.map(seconds).join(", ");
	return [
		`${clusters} clusters of ${judging.poolsPerCluster.toFixed(1)} pools`,
		`  audits ${list(audits.map(({ wallMs }) => wallMs))}; second ${list(audits.map(({ secondWallMs }) => secondWallMs))}`,
		`  floor, reading ${list(floors.map(({ readMs }) => readMs))}; writing ${list(floors.map(({ writeMs }) => writeMs))} of ${floors[0]?.entities} entities in ${floors[0]?.transactions} transactions, findings and changes ${list(floors.map(({ newsMs }) => newsMs))}`,
		...(previous.length === 0
			? []
			: [
					`  previous release ${list(previous.map(({ wallMs }) => wallMs))}; second ${list(previous.map(({ secondWallMs }) => secondWallMs))}`,
				]),
	].join("\n");
}

export function quotaLine({ clusters, underQuota }: FleetRun): string {
	const { wallMs, requests, quotaMs } = underQuota;
	return `${clusters} clusters under the real quota (15 requests in 5 s): ${seconds(wallMs)} with ${requests} requests; the quota alone asks for ${seconds(quotaMs)}`;
}

export function targetLine({ text, measured, reached }: Target): string {
	return `${reached ? "reached    " : "NOT REACHED"}  ${text}: ${measured}`;
}
