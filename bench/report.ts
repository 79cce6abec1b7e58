import type { FleetRun, Result } from "./fleetRun.ts";
import type { Judging } from "./judgingProcess.ts";
import type { JudgingResult } from "./judgingRun.ts";
import { seconds, table } from "./table.ts";
import type { Target } from "./targets.ts";

export function resultTable(results: readonly Result[]): string {
	const head = [
		"clusters",
		"audit",
		"floor",
		"x floor",
		"requests",
		"least",
		"written",
		"2nd audit",
		"written",
		"peak memory",
		"judged/s",
	];
	return table(
		head,
		results.map((result) => [
			`${result.clusters}`,
			seconds(result.wallMs),
			seconds(result.floorMs),
			(result.wallMs / result.floorMs).toFixed(2),
			`${result.requests}`,
			`${result.leastRequests}`,
			`${result.tableWrites}`,
			seconds(result.secondWallMs),
			`${result.secondTableWrites}`,
			`${result.peakRssMiB} MiB`,
			`${result.clustersJudgedPerSecond}`,
		]),
	);
}

/** What the columns mean, where a name is not enough. */
export const legend = [
	"audit: from the request that starts it until its row says that it has ended; the host has just been started.",
	"floor: the same rows paged one after the other, then the same entities in the largest transactions that their keys",
	"  allow, by the bare SDK in a process of its own, 8 transactions at a time as in the program. Medians.",
	"written: entities, one that was written several times once. judged/s: judging alone, see below.",
].join("\n");

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
export function spread({ clusters, audits, floors, judging }: FleetRun) {
	const list = (values: readonly number[]) => values.map(seconds).join(", ");
	return [
		`${clusters} clusters of ${judging.poolsPerCluster.toFixed(1)} pools`,
		`  audits ${list(audits.map(({ wallMs }) => wallMs))}; second ${list(audits.map(({ secondWallMs }) => secondWallMs))}`,
		`  floor, reading ${list(floors.map(({ readMs }) => readMs))}; writing ${list(floors.map(({ writeMs }) => writeMs))} of ${floors[0]?.entities} entities in ${floors[0]?.transactions} transactions`,
	].join("\n");
}

export function quotaLine({ clusters, underQuota }: FleetRun): string {
	const { wallMs, requests, quotaMs } = underQuota;
	return `${clusters} clusters under the real quota (15 requests in 5 s): ${seconds(wallMs)} with ${requests} requests; the quota alone asks for ${seconds(quotaMs)}`;
}

export function targetLine({ text, measured, reached }: Target): string {
	return `${reached ? "reached    " : "NOT REACHED"}  ${text}: ${measured}`;
}
