import type { Result } from "./fleetRun.ts";
import type { JudgingResult } from "./judgingRun.ts";

export interface Target {
	readonly text: string;
	readonly measured: string;
	readonly reached: boolean;
	/** Not a matter of speed: missing it means that the program is wrong. */
	readonly isCorrectness?: boolean;
}

const extraRequestsPerQuery = 2;
const mostFloors = 2.5;
const mostGrowth = 11;
const mostMiB = 1024;
const leastJudged = 10_000;
const mostSharing = 1.33;

/** What was to be reached, held against what was; targets of a size that was not run are left out. */
export function targetsOf(
	results: readonly Result[],
	queries: number,
): Target[] {
	const small = results.find(({ clusters }) => clusters === 1000);
	const large = results.find(({ clusters }) => clusters === 10_000);
	return [
		...results.map((result) => requestTarget(result, queries)),
		...(large ? [floorTarget(large)] : []),
		...(small && large ? [growthTarget(small, large)] : []),
		...results.map(memoryTarget),
		...results.map(secondTarget),
	];
}

export function judgingTargetsOf({
	roomy,
	short,
	sharing,
}: JudgingResult): Target[] {
	const judged = (what: string, perSecond: number): Target => ({
		text: `clusters of three pools, ${what}: at least ${leastJudged} judged a second and core without remedies`,
		measured: `${perSecond}`,
		reached: perSecond >= leastJudged,
	});
	const shared = (what: string, ratio: number): Target => ({
		text: `${sharing.clusters} clusters in one subnet, ${what}: at most ${mostSharing} x the judging of as many in subnets of their own`,
		measured: `${ratio.toFixed(2)} x`,
		reached: ratio <= mostSharing,
	});
	return [
		judged("nothing violated", roomy.clustersPerSecondWithoutRemedies),
		judged("all violated", short.clustersPerSecondWithoutRemedies),
		shared("nothing violated", sharing.roomy),
		shared("all violated", sharing.short),
	];
}

function requestTarget(
	{ clusters, requests, leastRequests }: Result,
	queries: number,
): Target {
	const most = leastRequests + extraRequestsPerQuery * queries;
	return {
		text: `${clusters} clusters: at most ${most} requests, the least possible + ${extraRequestsPerQuery} per query`,
		measured: `${requests}`,
		reached: requests <= most,
	};
}

function floorTarget({ clusters, wallMs, floorMs }: Result): Target {
	const ratio = wallMs / floorMs;
	return {
		text: `${clusters} clusters: at most ${mostFloors} x floor`,
		measured: `${ratio.toFixed(2)} x`,
		reached: ratio <= mostFloors,
	};
}

function growthTarget(small: Result, large: Result): Target {
	const growth = large.wallMs / small.wallMs;
	return {
		text: `growth from ${small.clusters} to ${large.clusters} clusters at most ${mostGrowth} x`,
		measured: `${growth.toFixed(1)} x`,
		reached: growth <= mostGrowth,
	};
}

function memoryTarget({ clusters, peakRssMiB }: Result): Target {
	return {
		text: `${clusters} clusters: host's memory at most ${mostMiB} MiB`,
		measured: `${peakRssMiB} MiB`,
		reached: peakRssMiB <= mostMiB,
	};
}

function secondTarget({ clusters, secondNews }: Result): Target {
	return {
		text: `${clusters} clusters: a second audit writes no finding and no change`,
		measured: `${secondNews}`,
		reached: secondNews === 0,
		isCorrectness: true,
	};
}
