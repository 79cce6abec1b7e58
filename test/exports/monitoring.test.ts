import { readFileSync } from "node:fs";
import { join } from "node:path";
import parse from "parse-prometheus-text-format";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { metricsText } from "../../shared/exports/metrics.ts";
import { facts, stored } from "./metricsFacts.ts";

/* The alert rules, the dashboard and the page of the metrics name metrics and labels that there are. */

const docs = join(import.meta.dirname, "..", "..", "docs");
const fileAt = (path: string) => readFileSync(join(docs, path), "utf8");

/** Labels by metric, of a fleet that has every metric. Prometheus adds instance and job. */
const labels = new Map<string, ReadonlySet<string>>();

beforeAll(async () => {
	const budgets = (
		["subnet", "routes", "pod-blocks", "pool-nodes"] as const
	).map((kind) => stored(kind, "short", {}, kind));
	const text = await metricsText({ ...facts, budgets }, "openmetrics");
	for (const { name, metrics } of parse(text))
		labels.set(name, new Set(Object.keys(metrics[0]?.labels ?? {})));
});

const rules = v.object({
	groups: v.array(
		v.strictObject({
			name: v.string(),
			rules: v.array(
				v.strictObject({
					alert: v.pipe(v.string(), v.regex(/^AksSubnetAuditor[A-Za-z]+$/)),
					expr: v.string(),
					for: v.optional(v.pipe(v.string(), v.regex(/^\d+[smhd]$/))),
					labels: v.strictObject({
						severity: v.picklist(["critical", "warning"]),
					}),
					annotations: v.strictObject({
						summary: v.string(),
						description: v.string(),
					}),
				}),
			),
		}),
	),
});

const dashboard = v.object({
	title: v.string(),
	panels: v.array(
		v.object({
			id: v.number(),
			title: v.string(),
			gridPos: v.object({
				x: v.number(),
				y: v.number(),
				w: v.number(),
				h: v.number(),
			}),
			targets: v.array(v.object({ expr: v.string() })),
		}),
	),
});

const alerts = v
	.parse(rules, parseYaml(fileAt("monitoring/alerts.yml")))
	.groups.flatMap((group) => group.rules);
const { panels } = v.parse(
	dashboard,
	JSON.parse(fileAt("monitoring/dashboard.json")),
);
const page = fileAt("metrics.md");
const examples = [...page.matchAll(/```promql\n(.*?)```/gs)].map(
	([, query = ""]) => ({ title: "example of the page", expr: query }),
);

const queries = [
	...alerts.map(({ alert, expr }) => ({ title: alert, expr })),
	...panels.flatMap(({ title, targets }) =>
		targets.map(({ expr }) => ({ title, expr })),
	),
	...examples,
];

it("there are queries of all three", () => {
	expect(alerts).toHaveLength(5);
	expect(panels).toHaveLength(10);
	expect(examples).toHaveLength(1);
});

describe.each(queries)("$title", ({ expr }) => {
	const selectors = [
		...expr.matchAll(/(aks_subnet_auditor_\w+)(?:\{([^}]*)\})?/g),
	].map(([, name = "", matchers = ""]) => ({ name, matchers }));

	it("asks for metrics and labels that there are", () => {
		expect(selectors).not.toEqual([]);
		for (const { name, matchers } of selectors) {
			expect([...labels.keys()]).toContain(name);
			for (const [, label = ""] of matchers.matchAll(/(\w+)\s*=~?\s*"/g))
				expect([...(labels.get(name) ?? [])]).toContain(label);
		}
	});

	it("joins and groups by labels that there are", () => {
		const known = new Set([
			"instance",
			...selectors.flatMap(({ name }) => [...(labels.get(name) ?? [])]),
		]);
		for (const [, list = ""] of expr.matchAll(
			/\b(?:by|on|group_left)\s*\(([^)]*)\)/g,
		))
			for (const label of list.split(","))
				expect([...known]).toContain(label.trim());
	});

	it("closes what it opens", () => {
		const count = (mark: string) => expr.split(mark).length;
		expect(count("(")).toBe(count(")"));
		expect(count("{")).toBe(count("}"));
		expect(count('"') % 2).toBe(1);
	});
});

it("the dashboard's panels have ids of their own and are within 24 columns", () => {
	expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
	for (const { gridPos } of panels)
		expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});

it("the page has every metric and no other, with its labels", () => {
	const rows = [...page.matchAll(/^\| (`[^|]*) \| ([^|]*)\| [^|]* \|$/gm)];
	const documented = new Map(
		rows.flatMap(([, names = "", list = ""]) =>
			wordsIn(names).map((name): [string, string[]] => [name, wordsIn(list)]),
		),
	);
	const made = [...labels].map(([name, set]): [string, string[]] => [
		name.replace("aks_subnet_auditor_", ""),
		[...set],
	]);
	// The page has one row for the addresses, and says that there are the same for other units.
	const oneUnit = made.filter(
		([name]) => !/_(blocks|routes|nodes)$/.test(name),
	);
	expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(oneUnit));
	expect(made).toHaveLength(oneUnit.length + 9);
});

function wordsIn(text: string): string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

it("the scrape configuration asks our route, with the key in a header", () => {
	const [, text = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
	expect(parseYaml(text)).toMatchObject({
		scrape_configs: [
			{
				metrics_path: "/api/metrics",
				http_headers: { "x-functions-key": { files: [expect.any(String)] } },
			},
		],
	});
});
