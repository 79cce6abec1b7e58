import type { Room } from "./judgingFleets.ts";
import type { Judging, JudgingCalls, Sharing } from "./judgingProcess.ts";
import { startRemote } from "./remote.ts";

/** Judging alone: of clusters of three pools, and of as many in one subnet as in subnets of their own. */
export interface JudgingRun {
	readonly roomy: Judging;
	readonly short: Judging;
	readonly sharing: Sharing;
}

const threePoolClusters = 600;
const sharingClusters = 300;

export async function runJudging(
	note: (message: string) => void,
): Promise<JudgingRun> {
	note("clusters of three pools");
	const threePools = (room: Room) =>
		inProcess("threePools", { clusters: threePoolClusters, room });
	const roomy = await threePools("roomy");
	const short = await threePools("short");
	note(`${sharingClusters} clusters in one subnet`);
	const sharing = await inProcess("sharing", sharingClusters);
	return { roomy, short, sharing };
}

export function judgeGenerated(clusters: number): Promise<Judging> {
	return inProcess("generated", clusters);
}

/** A process each, so that none is measured with what another one left behind. */
async function inProcess<K extends keyof JudgingCalls>(
	name: K,
	...argument: Parameters<JudgingCalls[K]>
): Promise<Awaited<ReturnType<JudgingCalls[K]>>> {
	const remote = startRemote<JudgingCalls>("./judgingProcess.js");
	try {
		return await remote.call(name, ...argument);
	} finally {
		await remote.close();
	}
}

/** What goes into the file, numbers of one precision. */
export function judgingResultOf(
	{ roomy, short, sharing }: JudgingRun,
	generated: readonly Judging[],
) {
	return {
		roomy: rounded(roomy),
		short: rounded(short),
		generated: generated.map(rounded),
		sharing: {
			clusters: sharing.clusters,
			roomy: hundredths(sharing.roomy),
			roomyWithAddingUp: hundredths(sharing.roomyWithAddingUp),
			short: hundredths(sharing.short),
		},
	};
}

export type JudgingResult = ReturnType<typeof judgingResultOf>;

function rounded(judging: Judging): Judging {
	return {
		clusters: judging.clusters,
		poolsPerCluster: Number(judging.poolsPerCluster.toFixed(1)),
		searchedPercent: Math.round(judging.searchedPercent),
		clustersPerSecond: Math.round(judging.clustersPerSecond),
		clustersPerSecondWithoutRemedies: Math.round(
			judging.clustersPerSecondWithoutRemedies,
		),
	};
}

function hundredths(ratio: number): number {
	return Number(ratio.toFixed(2));
}
