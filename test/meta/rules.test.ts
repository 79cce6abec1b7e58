import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { budgetIdOf } from "../../shared/judge/judge.ts";
import { rules, rulesVersion } from "../../shared/rules/registry.ts";
import { facts, outcomesOf } from "../rules/facts.ts";

describe("the registry of rules", () => {
	it("has each id once", () => {
		const ids = rules.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	describe.each(rules)("$id", (rule) => {
		const { id, title, since, arithmeticSince = since } = rule;

		it("is a kebab-case name", () => {
			expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
		});

		it("has a title that can be a heading", () => {
			expect(title).toMatch(/^[A-Z].*[^.!?\s]$/);
		});

		it("has a page that begins with its title", () => {
			const page = new URL(`../../docs/rules/${id}.md`, import.meta.url);
			expect(existsSync(page), `docs/rules/${id}.md`).toBe(true);
			expect(readFileSync(page, "utf8")).toContain(title);
		});

		it("appeared in a version that there was, and adds up as it does since then or later", () => {
			expect(since).toBeGreaterThanOrEqual(1);
			expect(arithmeticSince).toBeGreaterThanOrEqual(since);
			expect(arithmeticSince).toBeLessThanOrEqual(rulesVersion);
		});

		it("judges budgets, the cluster, or both", () => {
			expect([rule.check, rule.checkCluster]).not.toEqual([
				undefined,
				undefined,
			]);
		});

		it("says nothing of the budgets of a cluster that cannot be seen", () => {
			const outcomes = outcomesOf(rule, facts({ notEvaluated: "no network" }));
			expect(outcomes.map(budgetIdOf)).toEqual(
				rule.checkCluster === undefined ? [] : [null],
			);
		});
	});
});
