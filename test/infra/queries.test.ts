import { expect, it } from "vitest";
import { severities } from "../../shared/contract.ts";
import { stepFields, stepLine } from "../../shared/stepLine.ts";
import { allOf, oneOf, snapshotOf } from "./snapshot.ts";
import { problemsOf } from "./telemetry.ts";

/* The queries as they are deployed: those of the alert rules and of the workbook. */

const snapshot = snapshotOf("smallest");

interface RuleProperties {
	readonly windowSize: string;
	readonly evaluationFrequency: string;
	readonly severity: number;
	readonly scopes: readonly string[];
	readonly criteria: { readonly allOf: readonly { readonly query: string }[] };
	readonly actions: { readonly actionGroups: readonly string[] };
}

const rules = allOf(snapshot, "Microsoft.Insights/scheduledQueryRules").map(
	({ name, properties }) => ({
		name,
		properties: properties as unknown as RuleProperties,
	}),
);
const workbook = JSON.parse(
	String(
		oneOf(snapshot, "Microsoft.Insights/workbooks").properties.serializedData,
	),
) as { items: { name: string; content: { query?: string } }[] };

const queries = [
	...rules.map(
		({ name, properties }) =>
			[name, properties.criteria.allOf[0]?.query ?? ""] as const,
	),
	...workbook.items.flatMap(({ name, content }) =>
		content.query === undefined
			? []
			: [[`workbook: ${name}`, content.query] as const],
	),
];

const fields = new Map<string, ReadonlySet<string>>(
	Object.entries(stepFields).map(([event, own]) => [
		event,
		new Set(["event", "auditId", ...Object.keys(own)]),
	]),
);
const everyField = new Set([...fields.values()].flatMap((own) => [...own]));

/** Names of events between quotes after line.event. */
function eventsIn(kql: string): string[] {
	return [
		...kql.matchAll(/line\.event (?:==|in) (\([^)]*\)|'[^']*')/g),
	].flatMap(([, list = ""]) =>
		[...list.matchAll(/'([^']+)'/g)].map(([, one]) => `${one}`),
	);
}

it("are three alert rules and five queries of the workbook", () => {
	expect(rules.map(({ name }) => name)).toEqual([
		"alert-aks-subnet-auditor-no-audit",
		"alert-aks-subnet-auditor-audit-failed",
		"alert-aks-subnet-auditor-card-not-sent",
	]);
	expect(queries).toHaveLength(8);
});

it.each(queries)(
	"%s: parses, against the tables of the component",
	(_, kql) => {
		expect(problemsOf(kql)).toEqual([]);
	},
);

it.each(queries)(
	"%s: uses events and fields that the log lines have",
	(_, kql) => {
		const events = eventsIn(kql);
		expect(events.filter((one) => !fields.has(one))).toEqual([]);
		const used = [...kql.matchAll(/\bline\.(\w+)(?:\.(\w+))?/g)];
		expect(events.length > 0).toBe(used.length > 0);
		for (const [, field = "", inner] of used) {
			expect(everyField).toContain(field);
			// At least one of the query's events has it. The others show an empty cell.
			expect(
				events.some((one) => fields.get(one)?.has(field)),
				field,
			).toBe(true);
			if (field === "findings") expect(severities).toContain(inner);
		}
	},
);

it("finds lines by how they begin", () => {
	const line = stepLine({ event: "audit-failed", auditId: "a", reason: "b" });
	for (const [, kql] of queries)
		if (kql.includes("parse_json"))
			expect(
				line.startsWith(/startswith '(.*)'/.exec(kql)?.[1] ?? "none"),
			).toBe(true);
});

it("finds what is wrong with a query", () => {
	expect(problemsOf("traces | where nothing == 1")).not.toEqual([]);
	expect(problemsOf("traces | wher message == 'a'")).not.toEqual([]);
	expect(problemsOf("trace | count")).not.toEqual([]);
});

it("the rules look at the component often enough to miss nothing, and tell the action group", () => {
	const group = oneOf(snapshot, "Microsoft.Insights/actionGroups").id;
	const component = oneOf(snapshot, "Microsoft.Insights/components").id;
	for (const { properties } of rules) {
		expect(properties.scopes).toEqual([component]);
		expect(properties.actions.actionGroups).toEqual([group]);
	}
	expect(
		rules.map(({ properties: { evaluationFrequency, windowSize } }) => [
			evaluationFrequency,
			windowSize,
		]),
	).toEqual([
		["PT1H", "P2D"],
		["PT15M", "PT30M"],
		["PT15M", "PT30M"],
	]);
});

it("the addresses of people come from the deployment", () => {
	const { emailReceivers } = oneOf(
		snapshotOf("signed-in"),
		"Microsoft.Insights/actionGroups",
	).properties as { emailReceivers: { emailAddress: string }[] };
	expect(emailReceivers.map(({ emailAddress }) => emailAddress)).toEqual([
		"platform@example.com",
		"network@example.com",
	]);
});
