import { describe, expect, it } from "vitest";
import {
	die,
	type Fake,
	type Run,
	runOrchestration,
} from "./runOrchestration.ts";

const key = { auditId: "a1", channel: "retail" };
const answered = (value: unknown) => ({ ok: true, value });
const sent = answered({ state: "done" });
const again = (retryAfterSeconds: number | null = null) =>
	answered({ state: "again", retryAfterSeconds });
const failed = (reason: string) => ({ ok: false, reason, passing: true });

function deliver(
	post: readonly unknown[],
	giveUp: Fake = () => answered(null),
): Promise<Run> {
	return runOrchestration("deliver", {
		input: key,
		activities: {
			post: (_input, attempt) => post[Math.min(attempt, post.length) - 1],
			giveUp,
		},
	});
}

function timesOf({ calls }: Run, name: string): number[] {
	return calls.filter((call) => call.name === name).map(({ at }) => at);
}

it("is over when the card is sent", async () => {
	const run = await deliver([sent]);
	expect(run).toMatchObject({ runtimeStatus: "Completed", output: null });
	expect(run.calls).toEqual([{ name: "post", input: key, at: 0 }]);
});

it.each([
	{ what: "once", post: [again()], at: [0, 2] },
	{
		what: "three times",
		post: [again(), again(), again()],
		at: [0, 2, 12, 42],
	},
	{
		what: "with a Retry-After longer than its own wait",
		post: [again(7200), again()],
		at: [0, 7200, 7210],
	},
	{
		what: "with a Retry-After shorter than its own wait",
		post: [again(), again(1)],
		at: [0, 2, 12],
	},
	{
		what: "because storage is away",
		post: [failed("storage does not answer")],
		at: [0, 2],
	},
])("posts again after its wait: refused $what", async ({ post, at }) => {
	const run = await deliver([...post, sent]);
	expect(timesOf(run, "post")).toEqual(at);
	expect(timesOf(run, "giveUp")).toEqual([]);
});

it("gives the card up after twelve tries in a day", async () => {
	const run = await deliver([again()]);
	expect(run.story).toEqual(["post x12", "giveUp"]);
	// 2 + 10 + 30 + 60 + 300 + 900 s, then 1, 2, 4, 8 and 8 h.
	expect(run.seconds).toBe(1302 + 23 * 3600);
	expect(run.calls.at(-1)?.input).toEqual({ ...key, reason: null });
});

describe("a worker that dies", () => {
	it("once with the post costs ten seconds", async () => {
		const run = await deliver([die, sent]);
		expect(timesOf(run, "post")).toEqual([0, 10]);
		expect(run.story).toEqual(["post x2"]);
	});

	it("twice with the post has the card given up, with that reason", async () => {
		const run = await deliver([die]);
		expect(run.story).toEqual(["post x2", "giveUp"]);
		expect(run.calls.at(-1)?.input).toEqual({
			...key,
			reason:
				"its worker died twice (exit code 137: usually out of memory) while it sent the card",
		});
	});

	it("once with the end of a delivery costs ten seconds", async () => {
		const run = await deliver([die], (_input, attempt) =>
			attempt === 1 ? die : answered(null),
		);
		expect(run.story).toEqual(["post x2", "giveUp x2"]);
		expect(run.runtimeStatus).toBe("Completed");
	});
});

it("tries for ten minutes to write down that a card was given up", async () => {
	const run = await deliver([die], () => failed("storage does not answer"));
	expect(run.story).toEqual(["post x2", "giveUp x8"]);
	expect(run.runtimeStatus).toBe("Completed");
});
