import type { Result } from "./fleetRun.ts";
import type { JudgingResult } from "./judgingRun.ts";
import type { Start } from "./startRun.ts";

export interface Target {
	readonly text: string;
	readonly measured: string;
	readonly reached: boolean;
	/** Not a matter of speed: missing it means that the program is wrong. */
	readonly isCorrectness?: boolean;
}

const extraRequestsPerQuery = 2;
const leastJudged = 10_000;
const mostSharing = 1.33;

/** What was to be reached, held against what was; targets of a size that was not run are left out. */
export function targetsOf(
	results: readonly Result[],
	queries: number,
	starts: readonly Start[],
): Target[] {
	const of = (size: number) =>
		results.filter(({ clusters }) => clusters === size);
	const [small, large, huge] = [of(1000)[0], of(10_000)[0], of(50_000)[0]];
	return [
		...results.map((result) => requestTarget(result, queries)),
		...(large ? largeTargets(large) : []),
		...(huge ? [quotaTarget(huge, 1.25), memoryTarget(huge, 1400)] : []),
		...(small && large ? [growthTarget(small, large, 11)] : []),
		...(large && huge ? [growthTarget(large, huge, 5.5)] : []),
		...startTargets(starts),
		...results.map(secondTarget),
	];
}

function largeTargets(large: Result): Target[] {
	const { wallMs, secondWallMs, readMs, newsMs, year, capped } = large;
	return [
		ratioTarget(large, "second night, to reading", secondWallMs / readMs, 6),
		ratioTarget(
			large,
			"first night, to reading and bare writing of findings and changes",
			wallMs / (readMs + newsMs),
			4,
		),
		quotaTarget(large, 1.3),
		entityTarget(large, "second", large.secondTableWrites, 600),
		entityTarget(large, "third", large.thirdTableWrites, 900),
		...(year
			? [
					ratioTarget(
						large,
						"a night with a year of history behind it, to one without",
						year.withMs / year.withoutMs,
						1.3,
					),
				]
			: []),
		...(capped ? cappedTargets(large, capped) : []),
	];
}

function ratioTarget(
	{ clusters }: Result,
	what: string,
	ratio: number,
	most: number,
): Target {
	return {
		text: `${clusters} clusters, ${what}: at most ${most} x`,
		measured: `${ratio.toFixed(2)} x`,
		reached: ratio <= most,
	};
}

function quotaTarget(result: Result, most: number): Target {
	const { wallMs, quotaMs } = result.underQuota;
	return ratioTarget(
		result,
		"under the quota, to what it asks for",
		wallMs / quotaMs,
		most,
	);
}

function entityTarget(
	{ clusters }: Result,
	night: string,
	entities: number,
	most: number,
): Target {
	return {
		text: `${clusters} clusters, ${night} night: at most ${most} entities written`,
		measured: `${entities}`,
		reached: entities <= most,
	};
}

function cappedTargets(
	large: Result,
	{ heapCapMiB, nights, ranOutOfMemory }: NonNullable<Result["capped"]>,
): Target[] {
	const what = `with a heap cap of ${heapCapMiB} MiB`;
	if (nights === null || ranOutOfMemory > 0)
		return [
			{
				text: `${large.clusters} clusters, ${what}: at most 400 MiB`,
				measured: `ran out of memory ${ranOutOfMemory} times`,
				reached: false,
			},
		];
	const both = (of: Pick<Result, "wallMs" | "secondWallMs">) =>
		of.wallMs + of.secondWallMs;
	return [
		{
			text: `${large.clusters} clusters, ${what}: at most 400 MiB`,
			measured: `${nights.peakRssMiB} MiB`,
			reached: nights.peakRssMiB <= 400,
		},
		ratioTarget(
			large,
			`two nights ${what}, to those without`,
			both(nights) / both(large),
			1.1,
		),
	];
}

function startTargets(starts: readonly Start[]): Target[] {
	const of = (functions: Start["functions"]) =>
		starts.find((start) => start.functions === functions);
	const bundled = of("bundled");
	const previous = of("previous release");
	if (bundled === undefined || previous === undefined) return [];
	const ratio = bundled.loadMs / previous.loadMs;
	return [
		{
			text: "loading the functions in a fresh process: at most 0.5 x the previous release",
			measured: `${ratio.toFixed(2)} x`,
			reached: ratio <= 0.5,
		},
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

function growthTarget(small: Result, large: Result, most: number): Target {
	const growth = large.wallMs / small.wallMs;
	return {
		text: `growth from ${small.clusters} to ${large.clusters} clusters at most ${most} x`,
		measured: `${growth.toFixed(1)} x`,
		reached: growth <= most,
	};
}

function memoryTarget(
	{ clusters, peakRssMiB }: Result,
	mostMiB: number,
): Target {
	return {
		text: `${clusters} clusters: memory at most ${mostMiB} MiB`,
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
