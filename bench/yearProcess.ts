import { virtualClock } from "../local/host/clock.ts";
import { type Host, startHost } from "../local/host/startHost.ts";
import { moveDate } from "../local/program/movedDate.ts";
import { passNight } from "../local/program/nights.ts";
import { answerCalls } from "./remote.ts";

/* The local host with the bundled functions, in a time that moves a day a night. */

export interface NightCost {
	readonly wallMs: number;
	/** Processor time of the host, which others on the machine hardly change. */
	readonly hostMs: number;
}

const clock = virtualClock({
	start: "2026-01-01T05:00:00.000Z",
	whenIdle: "jump",
});
let host: Host | null = null;

const calls = {
	start: async (env: Readonly<Record<string, string>>): Promise<void> => {
		moveDate(clock.now);
		host = await startHost({
			port: 0,
			env,
			timers: false,
			clock,
			log: ({ level, message }) => {
				if (level === "error") console.error(message);
			},
		});
	},
	/** From the timer's call until card and clearing up are done. */
	night: async (): Promise<NightCost> => {
		if (host === null) throw new Error("no host has been started");
		const begin = performance.now();
		const before = process.cpuUsage();
		await passNight(host, clock);
		const { user, system } = process.cpuUsage(before);
		return {
			wallMs: performance.now() - begin,
			hostMs: (user + system) / 1000,
		};
	},
	/** Durable instances that are kept. */
	instances: (): number => host?.hub.list().length ?? 0,
};

export type YearCalls = typeof calls;

answerCalls(calls);
