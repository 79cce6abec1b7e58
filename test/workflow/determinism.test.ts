import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Orchestrators run again from their beginning at every step: whatever differs from run to run breaks them. */
const workflow = readFileSync(
	join(import.meta.dirname, "../../functions/workflow.ts"),
	"utf8",
);
const orchestrators = [
	...workflow.matchAll(
		/^df\.app\.orchestration\((.+?), function\* \(context\) \{\n(.*?)^\}\);/gms,
	),
].map(([, name = "", body = ""]) => ({ name, body }));
/** What the orchestrators delegate to runs again as they do. */
const parts = [
	...workflow.matchAll(/^function\* (\w+)[<(].*? \{\n(.*?)^\}/gms),
].map(([, name = "", body = ""]) => ({ name, body }));

it("has the audit and its delivery as generators", () => {
	expect(orchestrators.map(({ name }) => name)).toEqual([
		"fleetAuditName",
		"deliveryName",
	]);
	expect(parts.map(({ name }) => name)).toEqual(["once", "tried", "fail"]);
	expect(workflow.match(/app\.orchestration\(/g)).toHaveLength(2);
});

it.each(orchestrators)(
	"$name uses context.df and nothing else of its context",
	({ body }) => {
		const used = [...body.matchAll(/\bcontext\b(\.\w+)?/g)].map(
			([, member]) => member,
		);
		expect(new Set(used)).toEqual(new Set([".df"]));
	},
);

it.each([
	{ what: "the clock", pattern: /Date\.now|new Date\(\s*\)|performance\./ },
	{ what: "chance", pattern: /random|randomUUID|newGuid/i },
	{ what: "settings", pattern: /process\.|[Ss]ettings?\(/ },
	{ what: "promises", pattern: /\bawait\b|\.then\(|Promise\.|setTimeout/ },
	{ what: "the network or storage", pattern: /fetch\(|storage\(|[tT]ables/ },
	{
		what: "what durable-functions 4 takes away",
		pattern: /isReplaying|isCompleted|isFaulted|\.result\b|df\.lock|callHttp/,
	},
])("no orchestrator uses $what", ({ pattern }) => {
	const users = [...orchestrators, ...parts].filter(({ body }) =>
		pattern.test(body),
	);
	expect(users.map(({ name }) => name)).toEqual([]);
});

it("hands Task.all no empty list, which throws", () => {
	for (const { body } of orchestrators)
		if (body.includes("Task.all("))
			expect(body).toMatch(/for \([^)]*open\.length > 0/);
});
