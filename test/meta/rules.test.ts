import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
	arithmeticSince,
	ruleSince,
	rules,
	rulesVersion,
} from "../../shared/rules/registry.ts";
import { facts } from "../rules/facts.ts";

describe("the registry of rules", () => {
	it("has each id once", () => {
		const ids = rules.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it("says of each in which version it appeared", () => {
		expect(Object.keys(ruleSince).sort()).toEqual(
			rules.map(({ id }) => id).sort(),
		);
		for (const since of Object.values(ruleSince))
			expect(since).toBeLessThanOrEqual(rulesVersion);
	});

	it("says of rules that it has, and of versions from then to now, when their sums became others", () => {
		expect(
			Object.keys(arithmeticSince).filter((id) => !(id in ruleSince)),
		).toEqual([]);
		for (const [id, since] of Object.entries(arithmeticSince)) {
			expect(since, id).toBeLessThanOrEqual(rulesVersion);
			expect(since, id).toBeGreaterThanOrEqual(ruleSince[id] ?? rulesVersion);
		}
	});

	describe.each(rules)("$id", ({ id, title, check }) => {
		it("is a kebab-case name", () => {
			expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
		});

		it("has a title that can stand as a heading", () => {
			expect(title).toMatch(/^[A-Z].*[^.!?\s]$/);
		});

		it("has a page that begins with its title", () => {
			const page = new URL(`../../docs/rules/${id}.md`, import.meta.url);
			expect(existsSync(page), `docs/rules/${id}.md`).toBe(true);
			expect(readFileSync(page, "utf8")).toContain(title);
		});

		it("says something of every cluster that cannot be evaluated, and never fine of its budgets", () => {
			const outcomes = check(facts({ notEvaluated: "no network" }));
			for (const outcome of outcomes)
				if (outcome.kind === "fine") expect(outcome.budget).toBeNull();
		});
	});
});
