import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Orchestrators run again from their beginning at every step: whatever differs from run to run breaks them. */
const sources = [
	"functions/fleetAudit.ts",
	"functions/delivery.ts",
	"shared/azure/orchestration.ts",
].map((file) => readFileSync(join(import.meta.dirname, "../..", file), "utf8"));
const orchestrators = found(
	/^df\.app\.orchestration\((.+?), function\* \(context\) \{\n(.*?)^\}\);/gms,
);
/** What the orchestrators delegate to runs again as they do. */
const parts = found(
	/^(?:export )?function\*? (\w+)[<(][^{]*?\bdurable: Durable.*? \{\n(.*?)^\}/gms,
);

function found(pattern: RegExp) {
	return sources.flatMap((source) =>
		[...source.matchAll(pattern)].map(([, name = "", body = ""]) => ({
			name,
			body,
		})),
	);
}

it("are the audit and its delivery, with what they delegate to", () => {
	expect(orchestrators.map(({ name }) => name)).toEqual([
		"orchestrationOf.fleet",
		"orchestrationOf.scoped",
		"deliveryName",
	]);
	expect(parts.map(({ name }) => name)).toEqual([
		"readScope",
		"evaluate",
		"fail",
		"now",
		"callOnceMore",
		"once",
		"tried",
		"lastStep",
		"retried",
		"later",
	]);
	expect(sources.join().match(/app\.orchestration\(/g)).toHaveLength(3);
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
	for (const { body } of [...orchestrators, ...parts])
		if (body.includes("Task.all("))
			expect(body).toMatch(/for \([^)]*open\.length > 0/);
});
