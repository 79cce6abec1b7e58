import { describe, expect, it } from "vitest";
import {
	die,
	type Fake,
	type Run,
	runOrchestration,
} from "./runOrchestration.ts";

const ok = (value: unknown) => ({ ok: true, value });
const failed = (reason: string, passing = false) => ({
	ok: false,
	reason,
	passing,
});
const done = () => ok(null);
const judged = () => ok([]);

/** An audit of slices a, b and c in which every step succeeds, except those that a test replaces. */
function audit(fakes: Readonly<Record<string, Fake>> = {}): Promise<Run> {
	return runOrchestration("fleetAudit", {
		input: { auditId: "a1", trigger: "timer" },
		activities: {
			gather: ({ part }: { part: string }) => ok(`read ${part}`),
			inventory: () => ok({ key: "snapshot", slices: ["a", "b", "c"] }),
			evaluate: judged,
			close: done,
			fail: done,
			deliverPending: done,
			startNext: done,
			removeInstances: () => null,
			...fakes,
		},
	});
}

interface Slices {
	readonly slices: readonly string[];
}

const conflictIn = (slice: string) => ({ slice, reason: "conflict" });

function inputsOf({ calls }: Run, name: string): unknown[] {
	return calls.filter((call) => call.name === name).map(({ input }) => input);
}

function timesOf({ calls }: Run, name: string): number[] {
	return calls.filter((call) => call.name === name).map(({ at }) => at);
}

/** Answers one after the other. The last one from then on. */
function inTurn(...answers: readonly unknown[]): Fake {
	return (_input, attempt) => answers[Math.min(attempt, answers.length) - 1];
}

const whole = [
	"gather x2",
	"inventory",
	"evaluate x3",
	"close",
	"deliverPending",
	"startNext",
	"removeInstances",
];

it("goes from reading the tenant to the deliveries", async () => {
	const run = await audit();
	expect(run).toMatchObject({ runtimeStatus: "Completed", output: null });
	expect(run.story).toEqual(whole);
	const input = { auditId: "a1", trigger: "timer" };
	expect(inputsOf(run, "gather")).toEqual([
		{ ...input, part: "clusters", parts: [] },
		{ ...input, part: "nodes", parts: ["read clusters"] },
	]);
	expect(inputsOf(run, "inventory")).toEqual([
		{ ...input, parts: ["read clusters", "read nodes"] },
	]);
	expect(inputsOf(run, "evaluate")).toEqual(
		["a", "b", "c"].map((slice) => ({
			auditId: "a1",
			snapshot: "snapshot",
			slices: [slice],
		})),
	);
	expect(inputsOf(run, "close")).toEqual([
		{
			auditId: "a1",
			snapshot: "snapshot",
			failed: [],
			finishedAt: expect.stringMatching(/^2026-11-22T05:00:00/),
		},
	]);
});

it("closes an audit of no cluster", async () => {
	const run = await audit({
		inventory: () => ok({ key: "snapshot", slices: [] }),
	});
	expect(run.story).toEqual([
		"gather x2",
		"inventory",
		"close",
		"deliverPending",
		"startNext",
		"removeInstances",
	]);
});

describe("a step that says that it failed", () => {
	it("is a part of the tenant, read again while storage is away", async () => {
		const away = failed("storage does not answer", true);
		const run = await audit({ gather: inTurn(ok("a"), away, ok("b")) });
		expect(timesOf(run, "gather")).toEqual([0, 0, 5]);
		expect(inputsOf(run, "inventory")).toMatchObject([{ parts: ["a", "b"] }]);
	});

	it("is a part of the tenant for another reason: nothing is added up", async () => {
		const run = await audit({
			gather: inTurn(ok("a"), failed("no role Reader")),
		});
		expect(run.story).toEqual([
			"gather x2",
			"fail",
			"deliverPending",
			"startNext",
		]);
		expect(inputsOf(run, "fail")).toMatchObject([{ reason: "no role Reader" }]);
	});

	it("is the inventory, tried again while storage is away", async () => {
		const away = failed("storage does not answer", true);
		const run = await audit({
			inventory: inTurn(away, away, away, ok({ key: "s", slices: ["a"] })),
		});
		expect(timesOf(run, "inventory")).toEqual([0, 5, 35, 155]);
		expect(run.story).toEqual([
			"gather x2",
			"inventory x4",
			"evaluate",
			"close",
			"deliverPending",
			"startNext",
			"removeInstances",
		]);
	});

	it("is the inventory, away for its last try", async () => {
		const run = await audit({
			inventory: () => failed("storage does not answer", true),
		});
		expect(run.story).toEqual([
			"gather x2",
			"inventory x4",
			"fail",
			"deliverPending",
			"startNext",
		]);
	});

	it("is the inventory for another reason: the audit fails at once, and its card is sent", async () => {
		const run = await audit({ inventory: () => failed("no role Reader") });
		expect(run.story).toEqual([
			"gather x2",
			"inventory",
			"fail",
			"deliverPending",
			"startNext",
		]);
		expect(inputsOf(run, "fail")).toEqual([
			{
				auditId: "a1",
				reason: "no role Reader",
				finishedAt: "2026-11-22T05:00:00.000Z",
			},
		]);
	});

	it("is a slice: tried again alone after 5, 30 and 120 seconds", async () => {
		let tries = 0;
		const run = await audit({
			evaluate: ({ slices }: Slices) =>
				ok(slices.includes("b") && ++tries < 3 ? [conflictIn("b")] : []),
		});
		expect(inputsOf(run, "evaluate")).toMatchObject(
			["a", "b", "c", "b", "b"].map((slice) => ({ slices: [slice] })),
		);
		expect(timesOf(run, "evaluate")).toEqual([0, 0, 0, 5, 35]);
		expect(inputsOf(run, "close")).toMatchObject([{ failed: [] }]);
	});

	it("is a slice, given up after its fourth try: the audit closes without it", async () => {
		const run = await audit({
			evaluate: ({ slices }: Slices) =>
				ok(slices.includes("b") ? [conflictIn("b")] : []),
		});
		expect(timesOf(run, "evaluate")).toEqual([0, 0, 0, 5, 35, 155]);
		expect(inputsOf(run, "close")).toMatchObject([
			{ failed: [{ slice: "b", reason: "conflict" }] },
		]);
		expect(run.story.slice(-4)).toEqual([
			"close",
			"deliverPending",
			"startNext",
			"removeInstances",
		]);
	});

	it("is a whole activity of slices: each of them is tried again", async () => {
		const run = await audit({
			evaluate: inTurn(ok([]), failed("no such table"), ok([])),
		});
		expect(inputsOf(run, "evaluate")).toMatchObject(
			["a", "b", "c", "b"].map((slice) => ({ slices: [slice] })),
		);
		expect(inputsOf(run, "close")).toMatchObject([{ failed: [] }]);
	});

	it("is two slices of an activity of four: these two alone are tried again", async () => {
		// 128 slices in 32 activities of four: the first has "0" to "3".
		const slices = Array.from({ length: 128 }, (_, slice) => String(slice));
		let tries = 0;
		const run = await audit({
			inventory: () => ok({ key: "snapshot", slices }),
			evaluate: ({ slices }: Slices) =>
				ok(
					slices.includes("1") && ++tries === 1
						? [conflictIn("1"), conflictIn("3")]
						: [],
				),
		});
		const inputs = inputsOf(run, "evaluate") as Slices[];
		expect(inputs).toHaveLength(34);
		expect(inputs[0]).toMatchObject({ slices: ["0", "1", "2", "3"] });
		expect(inputs[31]).toMatchObject({ slices: ["124", "125", "126", "127"] });
		expect(inputs.slice(0, 32).flatMap(({ slices }) => slices)).toEqual(slices);
		expect(inputs.slice(32)).toMatchObject([
			{ slices: ["1"] },
			{ slices: ["3"] },
		]);
		expect(inputsOf(run, "close")).toMatchObject([{ failed: [] }]);
	});

	it("is the close: tried for ten minutes", async () => {
		const run = await audit({
			close: inTurn(...Array(7).fill(failed("conflict")), ok(null)),
		});
		expect(timesOf(run, "close")).toEqual([0, 5, 15, 35, 75, 155, 315, 615]);
		expect(run.story).not.toContain("fail");
	});

	it("is the close to its last try: the audit fails, without the reason that is only for the log", async () => {
		const run = await audit({ close: () => failed("PUT audits: 412") });
		expect(run.story).toEqual([
			"gather x2",
			"inventory",
			"evaluate x3",
			"close x8",
			"fail",
			"deliverPending",
			"startNext",
			"removeInstances",
		]);
		expect(inputsOf(run, "fail")).toMatchObject([
			{ reason: "the audit could not be closed: the log says why" },
		]);
	});

	it.each(["fail", "deliverPending", "startNext"])(
		"is %s: tried for ten minutes, and then the audit is over",
		async (name) => {
			const run = await audit({
				inventory: () => failed("no role Reader"),
				[name]: () => failed("storage does not answer", true),
			});
			expect(timesOf(run, name)).toHaveLength(8);
			expect(run.runtimeStatus).toBe("Completed");
		},
	);
});

describe("a worker that dies once", () => {
	it.each(["inventory", "close", "deliverPending", "removeInstances"])(
		"costs ten seconds: %s",
		async (name) => {
			const answer =
				name === "inventory"
					? ok({ key: "snapshot", slices: ["a", "b", "c"] })
					: ok(null);
			const run = await audit({ [name]: inTurn(die, answer) });
			expect(run.runtimeStatus).toBe("Completed");
			const [first = 0, second] = timesOf(run, name);
			expect(second).toBe(first + 10);
			expect(run.story).toEqual(
				whole.map((one) => (one === name ? `${name} x2` : one)),
			);
		},
	);

	it("takes all slices in flight with it, and each is judged once more", async () => {
		const run = await audit({ evaluate: inTurn(die, ok([])) });
		const slices = inputsOf(run, "evaluate");
		expect(slices.slice(-3)).toMatchObject(
			["a", "b", "c"].map((slice) => ({ slices: [slice] })),
		);
		expect(inputsOf(run, "close")).toMatchObject([{ failed: [] }]);
	});

	it("costs a failed audit nothing", async () => {
		const run = await audit({
			inventory: () => failed("no role Reader"),
			fail: inTurn(die, ok(null)),
		});
		expect(run.story).toEqual([
			"gather x2",
			"inventory",
			"fail x2",
			"deliverPending",
			"startNext",
		]);
	});
});

describe("a step that kills its worker", () => {
	it.each([
		{ name: "gather", says: "while it read the fleet" },
		{ name: "inventory", says: "while it added up the fleet" },
		{ name: "evaluate", says: "while it judged clusters" },
		{ name: "close", says: "while it closed the audit" },
	])("fails the audit at its second death: $name", async ({ name, says }) => {
		const run = await audit({
			inventory: () => ok({ key: "snapshot", slices: ["a"] }),
			[name]: () => die,
		});
		expect(run.runtimeStatus).toBe("Completed");
		expect(timesOf(run, name)).toHaveLength(2);
		expect(inputsOf(run, "fail")).toMatchObject([
			{
				reason: `its worker died twice (exit code 137: usually out of memory) ${says}`,
			},
		]);
		expect(run.story).toContain("deliverPending");
	});

	it.each([
		{ name: "fail", after: ["deliverPending", "startNext"] },
		{ name: "deliverPending", after: ["startNext"] },
	])("is not tried a third time where it is $name", async ({ name, after }) => {
		const run = await audit({
			inventory: () => failed("no role Reader"),
			[name]: () => die,
		});
		expect(run.runtimeStatus).toBe("Completed");
		expect(timesOf(run, name)).toHaveLength(2);
		const last = run.calls.map((call) => call.name).lastIndexOf(name);
		expect(run.calls.slice(last + 1).map((call) => call.name)).toEqual(after);
	});

	it("costs an audit nothing where it removes old instances", async () => {
		const run = await audit({ removeInstances: () => die });
		expect(run.runtimeStatus).toBe("Completed");
		expect(run.story).toEqual([...whole.slice(0, -1), "removeInstances x2"]);
	});
});

it("says no more of a thrown error than that its worker died", async () => {
	const run = await audit({
		inventory: () => {
			throw new Error("AccountKey=secret");
		},
	});
	expect(inputsOf(run, "fail")).toMatchObject([
		{ reason: "its worker died twice while it added up the fleet" },
	]);
});
