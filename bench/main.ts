import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { projectRoot } from "../local/projectRoot.ts";
import {
	type FleetRun,
	type FleetSize,
	resultOf,
	runFleet,
} from "./fleetRun.ts";
import { inventoryLine, runInventory } from "./inventoryRun.ts";
import type { Judging } from "./judgingProcess.ts";
import {
	type JudgingResult,
	type JudgingRun,
	judgeGenerated,
	judgingResultOf,
	runJudging,
} from "./judgingRun.ts";
import { busyPercent, heapCapOptions } from "./measure.ts";
import { previousRelease } from "./previous.ts";
import {
	judgingLegend,
	judgingTable,
	laterLines,
	legend,
	previousLine,
	quotaLine,
	resultTable,
	sharingLine,
	spread,
	startTable,
	targetLine,
} from "./report.ts";
import { measureStarts, type Start } from "./startRun.ts";
import { judgingTargetsOf, type Target, targetsOf } from "./targets.ts";
import {
	type Month,
	runYear,
	yearLegend,
	yearTable,
	yearTargets,
} from "./yearRun.ts";

const help = `Measures audits of generated fleets against what nobody can do without, and the previous release on the same rows.

Options:
  --quick          1,000 clusters only
  --clusters N     another size than 1,000 and 10,000; can be repeated: --clusters 10000 --clusters 50000
  --repetitions N  how often audits and floor are measured; else 3 times, twice at 10,000 clusters, once above
  --judging        judging alone, no audits
  --inventory      the inventory step alone: processor time and memory, without and with a heap cap
  --year           a year of simulated nights of 50 clusters: whether storage and time level off
  --help           this text`;

/** Of the largest fleets, audits are measured once and without a heap cap, which is for the smallest instance. */
function sizeOf(clusters: number, repetitions: number | null): FleetSize {
	const isWhole = clusters <= 10_000;
	const usual = clusters <= 1000 ? 3 : isWhole ? 2 : 1;
	return { clusters, repetitions: repetitions ?? usual, isWhole };
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			quick: { type: "boolean" },
			clusters: { type: "string", multiple: true },
			repetitions: { type: "string" },
			judging: { type: "boolean" },
			inventory: { type: "boolean" },
			year: { type: "boolean" },
			help: { type: "boolean" },
		},
	});
	if (values.help) {
		console.log(help);
		return;
	}
	const repetitions =
		values.repetitions === undefined
			? null
			: wholeNumber("--repetitions", values.repetitions);
	const sizes = (
		values.clusters ?? (values.quick ? ["1000"] : ["1000", "10000"])
	).map((clusters) => sizeOf(wholeNumber("--clusters", clusters), repetitions));
	const busy = await busyPercent();
	if (values.year) {
		reportYear(await runYear((message) => console.error(message)), busy);
		return;
	}
	if (values.inventory) {
		await reportInventory(sizes);
		return;
	}
	const judging = await runJudging((message) =>
		console.error(`judging: ${message}`),
	);
	if (values.judging) reportJudging(judging, await generated(sizes), busy);
	else await runAudits(sizes, judging, busy);
}

function wholeNumber(option: string, text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 1)
		throw new Error(`${option} is ${text}; use a whole number from 1`);
	return number;
}

async function runAudits(
	sizes: readonly FleetSize[],
	judging: JudgingRun,
	busy: number,
): Promise<void> {
	const previous = previousRelease();
	console.error("starting fresh processes");
	const starts = await measureStarts(previous);
	report(await runAll(sizes, previous), judging, starts, busy);
}

async function runAll(
	sizes: readonly FleetSize[],
	previous: ReturnType<typeof previousRelease>,
): Promise<FleetRun[]> {
	const runs: FleetRun[] = [];
	for (const size of sizes)
		runs.push(
			await runFleet(size, previous, (message) =>
				console.error(`${size.clusters} clusters: ${message}`),
			),
		);
	return runs;
}

async function generated(sizes: readonly FleetSize[]): Promise<Judging[]> {
	const judged: Judging[] = [];
	for (const { clusters } of sizes) {
		console.error(`judging: a generated fleet of ${clusters}`);
		judged.push(await judgeGenerated(clusters));
	}
	return judged;
}

/** Processor time is little moved by what else runs on the machine. */
async function reportInventory(sizes: readonly FleetSize[]): Promise<void> {
	for (const { clusters } of sizes)
		for (const options of [[], heapCapOptions]) {
			const cap = options.length === 0 ? "no heap cap" : options.join(" ");
			const run = await runInventory(clusters, options);
			console.log(
				`\n${cap}\n${run === null ? `${clusters} clusters: out of memory` : inventoryLine(run)}`,
			);
		}
}

function reportYear(year: readonly Month[], busy: number): void {
	printMachine(busy);
	console.log(`\n${yearTable(year)}\n\n${yearLegend}`);
	console.log(`\n${yearTargets(year).map(targetLine).join("\n")}`);
}

/** The rest of the file stays as it was measured last. */
function reportJudging(
	run: JudgingRun,
	generated: readonly Judging[],
	busy: number,
): void {
	const judging = judgingResultOf(run, generated);
	printMachine(busy);
	printJudging(judging);
	console.log(`\n${judgingTargetsOf(judging).map(targetLine).join("\n")}`);
	const earlier = existsSync(latestPath)
		? JSON.parse(readFileSync(latestPath, "utf8"))
		: { machine, busyPercent: busy, runs: [], quota: [] };
	write({ ...earlier, judging });
}

function report(
	runs: readonly FleetRun[],
	judgingRun: JudgingRun,
	starts: readonly Start[],
	busy: number,
): void {
	const results = runs.map(resultOf);
	const judging = judgingResultOf(
		judgingRun,
		runs.map(({ judging }) => judging),
	);
	const targets = [
		...targetsOf(results, runs[0]?.queries ?? 0, starts),
		...judgingTargetsOf(judging),
	];
	printMachine(busy);
	console.log(`\n${resultTable(results)}\n\n${legend}\n`);
	console.log(`${runs.map(spread).join("\n")}\n`);
	console.log(runs.map(quotaLine).join("\n"));
	console.log(results.map(previousLine).join("\n"));
	console.log(results.flatMap(laterLines).join("\n"));
	console.log(`\n${startTable(starts)}`);
	printJudging(judging);
	console.log(`\n${targets.map(targetLine).join("\n")}`);
	const quota = runs.map(({ clusters, underQuota }) => ({
		clusters,
		...underQuota,
	}));
	write({ machine, busyPercent: busy, runs: results, quota, judging, starts });
	refuseWrong(targets);
}

const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? "an unknown kind"}, Node ${process.version}`;

function printMachine(busy: number): void {
	console.log(`\n${machine}; ${busy} % busy with other work before the run`);
	if (busy > 20)
		console.log("The machine was not free: these times say little.");
}

function printJudging(judging: JudgingResult): void {
	console.log(`\n${judgingTable(judging)}\n\n${judgingLegend}\n`);
	console.log(sharingLine(judging));
}

/** Speed is shown, never tested; an audit that writes what has not changed is an error. */
function refuseWrong(targets: readonly Target[]): void {
	if (!targets.some(({ reached, isCorrectness }) => isCorrectness && !reached))
		return;
	console.error("\nThe program is wrong: it writes what has not changed.");
	process.exitCode = 1;
}

const latestPath = `${projectRoot()}/bench/latest.json`;

function write(latest: unknown): void {
	writeFileSync(latestPath, `${JSON.stringify(latest, null, "\t")}\n`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
