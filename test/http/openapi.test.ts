import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import {
	longestOwner,
	longestReason,
} from "../../shared/findings/acceptance.ts";
import { findingsQuery } from "../../shared/http/filters.ts";
import { openApi, openApiText } from "../../shared/http/openapi.ts";
import { acceptanceTerms } from "../../shared/http/parameters.ts";
import { Problem } from "../../shared/http/problem.ts";
import { routes } from "../../shared/http/routes.ts";
import { check } from "./document.ts";

const root = join(import.meta.dirname, "..", "..");
const { paths, components } = openApi();

describe("the document", () => {
	it("is the committed one", () => {
		expect(
			openApiText() ===
				readFileSync(join(root, "docs", "openapi.json"), "utf8"),
			"What callers see has changed. Run `npm run docs`, and add a line to CHANGELOG.md.",
		).toBe(true);
	});

	it("passes the strict rules of a public linter", async () => {
		const config = await createConfig({ extends: ["recommended-strict"] });
		const problems = await lintFromString({
			source: openApiText(),
			absoluteRef: join(root, "docs", "openapi.json"),
			config,
		});
		expect(
			problems.map(({ ruleId, message, location }) => [
				ruleId,
				message,
				location[0]?.pointer,
			]),
		).toEqual([]);
	});

	it("has no component that nothing refers to", () => {
		const text = openApiText();
		const unused = Object.keys(components.schemas).filter(
			(name) => !text.includes(`"#/components/schemas/${name}"`),
		);
		expect(unused).toEqual([]);
	});

	it("has examples with its fields and no other", () => {
		let checked = 0;
		const visit = (value: unknown, where: readonly string[]): void => {
			if (typeof value !== "object" || value === null) return;
			if ("schema" in value && "example" in value) {
				check([...where, "schema"], value.example);
				checked++;
				return;
			}
			for (const [name, inner] of Object.entries(value))
				visit(inner, [...where, name]);
		};
		visit(paths, ["paths"]);
		visit(components.responses, ["components", "responses"]);
		expect(checked).toBeGreaterThan(25);
	});

	it("says nothing of one fleet: it needs no key", () => {
		const open = routes.filter(({ access }) => access === "anybody");
		expect(open.map(({ path }) => path)).toEqual([
			"report",
			"report/data/me",
			"health",
			"health",
			"openapi.json",
		]);
	});
});

describe("the check of answers", () => {
	const finding = ["components", "schemas", "Finding"];
	const example =
		paths["/findings"]?.get &&
		routes.find(({ name }) => name === "listFindings")?.answers[200]?.content?.[
			"application/json"
		]?.example;
	const [one] = (example as { readonly findings: readonly object[] }).findings;

	it("takes the example", () => {
		expect(() => check(finding, one)).not.toThrow();
	});

	it.each([
		{ what: "a field more", value: { ...one, more: 1 } },
		{ what: "a field less", value: { ...one, headline: undefined } },
		{ what: "another severity", value: { ...one, severity: "urgent" } },
		{ what: "half a number", value: { ...one, free: { low: 0.5, high: 1 } } },
		{ what: "a time that is none", value: { ...one, firstSeen: "yesterday" } },
		{
			what: "a field more inside",
			value: {
				...one,
				budget: { id: "x", kind: "subnet", name: "x", more: 1 },
			},
		},
	])("refuses $what", ({ value }) => {
		expect(() => check(finding, JSON.parse(JSON.stringify(value)))).toThrow(
			/not as the document says/,
		);
	});
});

describe("what the document says of a call", () => {
	it("is taken: every value of a filter of findings", () => {
		const parameters =
			routes.find(({ name }) => name === "listFindings")?.parameters ?? [];
		const optionsOf = (schema: object): unknown =>
			"item" in schema
				? optionsOf(schema.item as object)
				: "options" in schema
					? schema.options
					: [];
		const values = parameters.flatMap(({ name, schema }) =>
			(optionsOf(schema) as string[]).map((value): [string, string] => [
				name,
				value,
			]),
		);
		// 3 states, 5 severities, 13 rules.
		expect(values.length).toBeGreaterThanOrEqual(21);
		for (const value of values) findingsQuery(new URLSearchParams([value]));
	});

	const at = "2026-11-22T05:00:00.000Z";
	const terms = { reason: "r", owner: "o", expiry: "2027-03-01" };

	it.each([
		{ what: "the shortest texts", body: terms, taken: true },
		{
			what: "the longest texts",
			body: {
				...terms,
				reason: "r".repeat(longestReason),
				owner: "o".repeat(longestOwner),
			},
			taken: true,
		},
		{
			what: "a reason too long",
			body: { ...terms, reason: "r".repeat(longestReason + 1) },
			taken: false,
		},
		{
			what: "an owner too long",
			body: { ...terms, owner: "o".repeat(longestOwner + 1) },
			taken: false,
		},
		{ what: "no reason", body: { ...terms, reason: "" }, taken: false },
		{ what: "a field more", body: { ...terms, by: "tag" }, taken: false },
		{
			what: "a field less",
			body: { reason: "r", owner: "o" },
			taken: false,
		},
		{ what: "a number", body: { ...terms, owner: 1 }, taken: false },
	])("is what the program does with $what", ({ body, taken }) => {
		const schema = ["components", "schemas", "AcceptanceBody"];
		const said = isTaken(() => check(schema, body));
		const done = isTaken(() =>
			acceptanceTerms("application/json", JSON.stringify(body), at),
		);
		expect({ said, done }).toEqual({ said: taken, done: taken });
	});

	function isTaken(read: () => unknown): boolean {
		try {
			read();
			return true;
		} catch (error) {
			if (error instanceof Problem) return false;
			if (/not as the document says/.test(String(error))) return false;
			throw error;
		}
	}
});
