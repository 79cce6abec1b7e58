import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { projectRoot } from "../local/channel/projectRoot.ts";
import {
	type FleetRun,
	type FleetSize,
	resultOf,
	runFleet,
} from "./fleetRun.ts";
import { busyPercent } from "./measure.ts";
import {
	legend,
	quotaLine,
	resultTable,
	spread,
	targetLine,
} from "./report.ts";
import { type Target, targetsOf } from "./targets.ts";

const help = `Measures audits of generated fleets against what nobody can do without.

Options:
  --quick  1,000 clusters only
  --help   this text`;

const small: FleetSize = { clusters: 1000, repetitions: 3 };
const large: FleetSize = { clusters: 10_000, repetitions: 2 };

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { quick: { type: "boolean" }, help: { type: "boolean" } },
	});
	if (values.help) {
		console.log(help);
		return;
	}
	const busy = await busyPercent();
	const runs: FleetRun[] = [];
	for (const size of values.quick ? [small] : [small, large])
		runs.push(
			await runFleet(size, (message) =>
				console.error(`${size.clusters} clusters: ${message}`),
			),
		);
	report(runs, busy);
}

function report(runs: readonly FleetRun[], busy: number): void {
	const results = runs.map(resultOf);
	const targets = targetsOf(results, runs[0]?.queries ?? 0);
	const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? "an unknown kind"}, Node ${process.version}`;
	console.log(`\n${machine}; ${busy} % busy with other work before the run`);
	if (busy > 20)
		console.log("The machine was not free: these times say little.");
	console.log(`\n${resultTable(results)}\n\n${legend}\n`);
	console.log(`${runs.map(spread).join("\n")}\n`);
	console.log(`${runs.map(quotaLine).join("\n")}\n`);
	console.log(targets.map(targetLine).join("\n"));
	const quota = runs.map(({ clusters, underQuota }) => ({
		clusters,
		...underQuota,
	}));
	write({ machine, busyPercent: busy, runs: results, quota });
	refuseWrong(targets);
}

/** Speed is shown, never tested; an audit that writes what has not changed is an error. */
function refuseWrong(targets: readonly Target[]): void {
	if (!targets.some(({ reached, isCorrectness }) => isCorrectness && !reached))
		return;
	console.error("\nThe program is wrong: it writes what has not changed.");
	process.exitCode = 1;
}

function write(latest: unknown): void {
	const path = `${projectRoot()}/bench/latest.json`;
	writeFileSync(path, `${JSON.stringify(latest, null, "\t")}\n`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
