import { describe, expect, it } from "vitest";
import { createQuota, quotaHeaders } from "../../local/resourceGraph/quota.ts";
import { createPacer } from "../../shared/azure/pacer.ts";

/** Time that passes in the order of what waits for it. */
function simulated() {
	let time = 0;
	let due: { readonly at: number; readonly wake: () => void }[] = [];
	const wait = (milliseconds: number) =>
		new Promise<void>((wake) => {
			due.push({ at: time + milliseconds, wake });
		});
	return {
		now: () => time,
		wait,
		async run(until: Promise<unknown>) {
			let isDone = false;
			until.then(() => {
				isDone = true;
			});
			for (;;) {
				for (let turn = 0; turn < 50; turn++) await Promise.resolve();
				if (isDone) return time;
				const [next] = due.toSorted((a, b) => a.at - b.at);
				if (next === undefined) throw new Error("nothing is left to wait for");
				due = due.filter((one) => one !== next);
				time = Math.max(time, next.at);
				next.wake();
			}
		},
	};
}

/** Sends this many requests, each as soon as the pacer lets it, against the emulator's quota. */
async function send(
	requests: number,
	latency: (request: number) => number,
	options: { readonly used?: number; readonly headers?: boolean } = {},
) {
	const clock = simulated();
	const quota = createQuota({ requests: 15, seconds: 5 }, clock.now);
	for (let other = 0; other < (options.used ?? 0); other++) quota();
	const pacer = createPacer(clock.now, clock.wait);
	let refused = 0;
	let most = 0;
	let flying = 0;
	const one = async (request: number) => {
		const isOver = await pacer.ready();
		most = Math.max(most, ++flying);
		// Half of the time on the way there, half on the way back.
		await clock.wait(latency(request) / 2);
		const { exceeded, remaining, resetsAfter } = quota();
		await clock.wait(latency(request) / 2);
		if (exceeded) refused++;
		const headers = quotaHeaders(remaining, resetsAfter);
		if (options.headers !== false) pacer.note({ get: (name) => headers[name] });
		flying--;
		isOver();
	};
	const all = Array.from({ length: requests }, (_, request) => one(request));
	const took = await clock.run(Promise.all(all));
	return { refused, most, took };
}

describe("a pacer", () => {
	it.each([
		{ what: "at once", latency: () => 0 },
		{ what: "slowly", latency: () => 1500 },
		{ what: "one after the other", latency: (one: number) => 100 + one * 40 },
		{
			what: "the later the sooner",
			latency: (one: number) => 4000 - (one % 30) * 130,
		},
		{ what: "after the window", latency: () => 9000 },
	])(
		"lets no request be refused where they are answered $what",
		async ({ latency }) => {
			const { refused, most } = await send(90, latency);
			expect(refused).toBe(0);
			expect(most).toBeGreaterThan(1);
			expect(most).toBeLessThanOrEqual(15);
		},
	);

	it("uses the quota: ninety requests take six windows", async () => {
		const { took } = await send(90, () => 100);
		expect(took).toBeGreaterThanOrEqual(25_000);
		expect(took).toBeLessThan(32_000);
	});

	it("does not use what other callers have used", async () => {
		const { refused } = await send(30, () => 200, { used: 12 });
		expect(refused).toBe(0);
	});

	it("sends all at once where answers show no quota", async () => {
		const { most, took } = await send(40, () => 100, { headers: false });
		expect(most).toBe(39);
		expect(took).toBe(200);
	});
});
