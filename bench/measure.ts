import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

/** The most memory that this process has held; not `maxRSS` where there is better, since that starts with the parent's. */
export function peakRssMiB(): number {
	const status = "/proc/self/status";
	const match = existsSync(status)
		? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, "utf8"))
		: null;
	const kibibytes = match?.[1] ?? process.resourceUsage().maxRSS;
	return Number(kibibytes) / 1024;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const [low, high] = [
		sorted[Math.floor((sorted.length - 1) / 2)],
		sorted[Math.ceil((sorted.length - 1) / 2)],
	];
	if (low === undefined || high === undefined)
		throw new Error("no median of nothing");
	return (low + high) / 2;
}

/** Milliseconds that the quota alone asks for: a window opens with its first request and ends after its seconds. */
export function quotaMilliseconds(
	requests: number,
	quota: { readonly requests: number; readonly seconds: number },
): number {
	const windows = Math.ceil(requests / quota.requests);
	return Math.max(0, windows - 1) * quota.seconds * 1000;
}

/** How much of all cores is at work, in percent, for two seconds: before a run this is what others do. */
export async function busyPercent(): Promise<number> {
	const before = coreTimes();
	await delay(2000);
	const after = coreTimes();
	const idle = (after.idle - before.idle) / (after.all - before.all);
	return Math.round(100 * (1 - idle));
}

function coreTimes(): { idle: number; all: number } {
	const times = cpus().map(({ times }) => times);
	const sum = (values: readonly number[]) =>
		values.reduce((total, value) => total + value, 0);
	return {
		idle: sum(times.map(({ idle }) => idle)),
		all: sum(times.flatMap((one) => Object.values(one))),
	};
}

/** Leaves room for the host in the smallest instance, which has 512 MB. */
export const heapCapMiB = 256;
/**
 * The cap of the old generation alone lets the young one grow to 96 MiB and more, and V8 keeps its pages. 8 MiB a
 * semi-space are 24 MiB.
 */
export const heapCapOptions: readonly string[] = [
	`--max-old-space-size=${heapCapMiB}`,
	"--max-semi-space-size=8",
];
