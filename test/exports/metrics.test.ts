import parse from "parse-prometheus-text-format";
import { describe, expect, it } from "vitest";
import {
	type MetricsFacts,
	metricsText,
} from "../../shared/exports/metrics.ts";
import { facts, stored, subscription } from "./metricsFacts.ts";

const prefix = "aks_subnet_auditor_";

/** Values by name without the prefix and by labels, as a public parser reads them. */
async function read(
	changed: Partial<MetricsFacts> = {},
): Promise<Record<string, Record<string, number>>> {
	const families = parse(await metricsText({ ...facts, ...changed }, "text"));
	return Object.fromEntries(
		families.map(({ name, metrics }) => [
			name.replace(prefix, ""),
			Object.fromEntries(
				metrics.map(({ labels = {}, value }) => [
					Object.values(labels).join(" "),
					Number(value),
				]),
			),
		]),
	);
}

/** The start of the SHA-256 of its id. */
const short = "4a7f0a56b0771edc";

describe("the metrics", () => {
	it("say how the newest audit went, and when", async () => {
		const metrics = await read();
		expect(metrics.build_info).toEqual({ "1.2.3": 1 });
		expect(metrics.last_audit_state).toEqual({
			completed: 0,
			partial: 1,
			failed: 0,
		});
		// date -u -d 2026-11-22T05:00:00Z +%s
		expect(metrics.last_audit_timestamp_seconds).toEqual({ "": 1795323600 });
		expect(metrics.last_audit_duration_seconds).toEqual({ "": 90.5 });
		expect(metrics.inventory_timestamp_seconds).toEqual({ "": 1795323600 });
	});

	it("keep the numbers of the audit before one that failed, and say that one failed", async () => {
		const metrics = await read({
			last: {
				state: "failed",
				startedAt: "2026-11-23T05:00:00.000Z",
				finishedAt: "2026-11-23T05:00:10.000Z",
			},
		});
		expect(metrics.last_audit_state).toMatchObject({ partial: 0, failed: 1 });
		expect(metrics.last_audit_timestamp_seconds).toEqual({ "": 1795410000 });
		expect(metrics.inventory_timestamp_seconds).toEqual({ "": 1795323600 });
		expect(metrics.clusters).toEqual({ "": 12 });
	});

	it("count clusters, gaps and findings, zeros as well", async () => {
		const metrics = await read();
		expect(metrics.clusters).toEqual({ "": 12 });
		expect(metrics.clusters_not_evaluated).toEqual({ "": 3 });
		expect(metrics.coverage_gaps).toEqual({ "": 1 });
		expect(metrics.findings).toEqual({
			critical: 1,
			high: 2,
			medium: 3,
			low: 0,
			info: 7,
		});
		expect(metrics.findings_accepted).toEqual({ "": 4 });
	});

	it("count all budgets by kind and verdict", async () => {
		const { budgets } = await read();
		// Nine kinds with four verdicts each.
		expect(Object.keys(budgets ?? {})).toHaveLength(36);
		expect(budgets).toMatchObject({
			"subnet fits": 1,
			"subnet tight": 1,
			"subnet short": 1,
			"subnet unknown": 1,
			"routes fits": 1,
			"routes short": 0,
		});
	});

	it("name budgets that do not fit, worst first, and no others", async () => {
		const families = parse(await metricsText(facts, "text"));
		const info = families.find(({ name }) => name === `${prefix}budget_info`);
		expect(info?.metrics.map(({ labels }) => labels?.name)).toEqual([
			"net/short",
			"net/tight",
			"net/unknown",
		]);
		expect(info?.metrics[0]?.labels).toEqual({
			budget: short,
			id: `/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.network/virtualnetworks/net/subnets/short`,
			kind: "subnet",
			name: "net/short",
			subscription,
			verdict: "short",
		});
	});

	it("show capacity, demand and free of such a budget in every scenario", async () => {
		const metrics = await read({
			budgets: [stored("short", "short", { upgrade: { low: 255, high: 261 } })],
		});
		expect(metrics.capacity_addresses).toEqual({
			[`${short} low`]: 251,
			[`${short} high`]: 251,
		});
		expect(metrics.demand_addresses).toEqual({
			[`${short} today low`]: 100,
			[`${short} today high`]: 100,
			[`${short} upgrade low`]: 255,
			[`${short} upgrade high`]: 261,
			[`${short} full low`]: 200,
			[`${short} full high`]: 200,
			[`${short} full-upgrade low`]: 210,
			[`${short} full-upgrade high`]: 210,
		});
		expect(metrics.free_addresses).toMatchObject({
			[`${short} today low`]: 151,
			// 251 - 261 and 251 - 255.
			[`${short} upgrade low`]: -10,
			[`${short} upgrade high`]: -4,
			[`${short} full-upgrade high`]: 41,
		});
		expect(metrics.budgets_left_out).toEqual({ "": 0 });
	});

	it("leave out the samples of an unbounded end, and only those", async () => {
		const text = await metricsText(
			{
				...facts,
				budgets: [
					stored("short", "unknown", { full: { low: 90, high: null } }),
				],
			},
			"text",
		);
		expect(text).not.toMatch(/NaN|Inf|null/);
		expect(text).toContain(
			`{budget="${short}",scenario="full",bound="low"} 90`,
		);
		const full = text
			.split("\n")
			.filter((line) => line.includes('scenario="full"'))
			.map((line) => line.replace(prefix, "").replace(/{.*bound=/, " "));
		// At most 251 - 90 are free, at least nobody knows.
		expect(full).toEqual([
			'demand_addresses "low"} 90',
			'free_addresses "high"} 161',
		]);
	});

	it.each([
		{ kind: "pod-blocks", unit: "blocks" },
		{ kind: "routes", unit: "routes" },
		{ kind: "pool-nodes", unit: "nodes" },
	] as const)("count $kind in $unit", async ({ kind, unit }) => {
		const metrics = await read({
			budgets: [stored("short", "short", {}, kind)],
		});
		expect(metrics[`capacity_${unit}`]).toEqual({
			[`${short} low`]: 251,
			[`${short} high`]: 251,
		});
		expect(metrics).not.toHaveProperty("capacity_addresses");
	});

	it("escape what a name may have", async () => {
		const name = 'a "quoted" \\ name';
		const families = parse(
			await metricsText({ ...facts, budgets: [stored(name, "short")] }, "text"),
		);
		const info = families.find((one) => one.name === `${prefix}budget_info`);
		expect(info?.metrics[0]?.labels?.name).toBe(`net/${name}`);
	});

	it("have only those of the auditor itself before the first audit", async () => {
		const metrics = await read({ last: null, ended: null, budgets: null });
		expect(metrics).toEqual({
			build_info: { "1.2.3": 1 },
			last_audit_state: { completed: 0, partial: 0, failed: 0 },
		});
	});

	it("have no budgets, rather than none, of an audit without a list of them", async () => {
		const metrics = await read({ budgets: null });
		expect(metrics).not.toHaveProperty("budgets");
		expect(metrics).not.toHaveProperty("budgets_left_out");
		expect(metrics.clusters).toEqual({ "": 12 });
	});

	it("are at most 10,000 series: the healthiest budgets go first, and are counted", async () => {
		const many = (count: number, verdict: "tight" | "short" | "unknown") =>
			Array.from({ length: count }, (_, index) =>
				stored(`${verdict}-${index}`, verdict),
			);
		const text = await metricsText(
			{
				...facts,
				budgets: [
					...many(300, "tight"),
					...many(10, "unknown"),
					...many(300, "short"),
				],
			},
			"text",
		);
		const series = text.split("\n").filter((line) => /^[^#]/.test(line));
		/*
		 * 6 of the auditor, 10 of the fleet, 36 numbers of budgets and the number left out are 53. A budget has 19: its
		 * info, 2 of capacity, 8 of demand, 8 of free. So there is room for 523: 53 + 523 x 19 = 9,990.
		 */
		expect(series).toHaveLength(9990);
		const shown = series
			.filter((line) => line.startsWith(`${prefix}budget_info`))
			.map((line) => /name="net\/([^"]*)"/.exec(line)?.[1]);
		expect(shown.slice(0, 2)).toEqual(["short-0", "short-1"]);
		expect(shown.slice(299, 301)).toEqual(["short-299", "tight-0"]);
		expect(shown.at(-1)).toBe("tight-222");
		// 77 tight ones and 10 unknown ones.
		expect(text).toContain(`${prefix}budgets_left_out 87\n`);
	});
});

describe("the formats", () => {
	it("differ in the units and the end alone", async () => {
		const text = await metricsText(facts, "text");
		const open = await metricsText(facts, "openmetrics");
		expect(open.endsWith("\n# EOF\n")).toBe(true);
		expect(parse(open)).toEqual(parse(text));
		expect(text).not.toContain("# EOF");
		expect(text).not.toContain("# UNIT");
	});

	it("say the unit of each name that ends in one, before the first sample", async () => {
		const open = await metricsText(facts, "openmetrics");
		expect(open.match(/^# UNIT .*$/gm)).toEqual(
			[
				"last_audit_timestamp_seconds seconds",
				"last_audit_duration_seconds seconds",
				"inventory_timestamp_seconds seconds",
				"capacity_addresses addresses",
				"demand_addresses addresses",
				"free_addresses addresses",
			].map((unit) => `# UNIT ${prefix}${unit}`),
		);
		expect(open).toContain(
			`# TYPE ${prefix}free_addresses gauge\n# UNIT ${prefix}free_addresses addresses\n${prefix}free_addresses{`,
		);
	});

	it("have help and a type for every metric, and no unit twice", async () => {
		for (const { name, help, type } of parse(
			await metricsText(facts, "text"),
		)) {
			expect(name).toMatch(/^aks_subnet_auditor_[a-z_]+$/);
			expect(name).not.toMatch(/_total$/);
			expect(help).toMatch(/^[A-Z0-9].*\.$/);
			expect(type).toBe("GAUGE");
		}
	});
});
