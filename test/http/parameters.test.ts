import { describe, expect, it } from "vitest";
import {
	auditsPage,
	capacityCluster,
	findingFilter,
	knownParameters,
	noOptions,
} from "../../shared/http/parameters.ts";
import { Problem } from "../../shared/http/problem.ts";
import { clusterId } from "../model/builders.ts";

const query = (text: string) => new URLSearchParams(text);

function refused(read: () => unknown): Problem {
	try {
		read();
	} catch (error) {
		if (error instanceof Problem) return error;
		throw error;
	}
	throw new Error("it was taken");
}

const token = Buffer.from(
	JSON.stringify({ nextPartitionKey: "a", nextRowKey: "b" }),
).toString("base64");

describe("the filter of findings", () => {
	it("is open ones where nothing is asked for", () => {
		expect(findingFilter(query(""))).toEqual({
			filter: { state: "open" },
			continuation: undefined,
		});
	});

	it("takes every name that the contract has", () => {
		const text = new URLSearchParams({
			state: "all",
			severity: "critical",
			rule: "capacity-shortfall",
			cluster: clusterId().toUpperCase(),
			subscription: "00000000-0000-4000-8000-00000000000A",
			continuation: token,
		});
		expect(findingFilter(text)).toEqual({
			filter: {
				state: "all",
				severity: "critical",
				rule: "capacity-shortfall",
				cluster: clusterId(),
				subscription: "00000000-0000-4000-8000-00000000000a",
			},
			continuation: token,
		});
	});

	it.each(["open", "resolved", "all"])("takes state %s", (state) => {
		expect(findingFilter(query(`state=${state}`)).filter.state).toBe(state);
	});

	it.each(["critical", "high", "medium", "low", "info"])(
		"takes severity %s",
		(severity) => {
			expect(findingFilter(query(`severity=${severity}`)).filter.severity).toBe(
				severity,
			);
		},
	);

	it.each([
		"capacity-shortfall",
		"nearly-full",
		"kubenet-retirement",
		"not-evaluated",
	])("takes rule %s", (rule) => {
		expect(findingFilter(query(`rule=${rule}`)).filter.rule).toBe(rule);
	});

	it.each([
		// Unknown names.
		{ text: "states=open", field: "states" },
		{ text: "State=open", field: "State" },
		{ text: "limit=10", field: "limit" },
		{ text: "__proto__=1", field: "__proto__" },
		{ text: "constructor=1", field: "constructor" },
		// Wrong values.
		{ text: "state=closed", field: "state" },
		{ text: "state=", field: "state" },
		{ text: "state=OPEN", field: "state" },
		{ text: "severity=urgent", field: "severity" },
		{ text: "severity=critical,high", field: "severity" },
		{ text: "severity=", field: "severity" },
		{ text: "rule=subnet", field: "rule" },
		{ text: "rule=toString", field: "rule" },
		{ text: "cluster=aks-prod", field: "cluster" },
		{ text: "cluster=", field: "cluster" },
		{ text: "cluster=/subscriptions/x", field: "cluster" },
		{ text: "subscription=retail-prod", field: "subscription" },
		{ text: "subscription=", field: "subscription" },
		// Given twice.
		{ text: "state=open&state=all", field: "state" },
		{ text: "severity=high&severity=high", field: "severity" },
	])("refuses $text with a 400 that names $field", ({ text, field }) => {
		const problem = refused(() => findingFilter(query(text)));
		expect(problem).toMatchObject({ status: 400, field });
		expect(problem.message).toContain(field);
	});
});

describe("a continuation", () => {
	it.each([
		{ what: "audits", read: auditsPage },
		{
			what: "findings",
			read: (text: URLSearchParams) => findingFilter(text).continuation,
		},
	])("of $what is handed on as it is", ({ read }) => {
		expect(read(new URLSearchParams({ continuation: token }))).toBe(token);
		expect(read(query(""))).toBeUndefined();
	});

	it.each([
		{ what: "nothing", value: "" },
		{ what: "words", value: "next" },
		{ what: "base64 of words", value: Buffer.from("next").toString("base64") },
		{ what: "base64 of a number", value: Buffer.from("2").toString("base64") },
		{ what: "base64 of null", value: Buffer.from("null").toString("base64") },
		{ what: "JSON", value: '{"nextRowKey":"a"}' },
	])("of $what is refused", ({ value }) => {
		expect(
			refused(() => auditsPage(new URLSearchParams({ continuation: value }))),
		).toMatchObject({ status: 400, field: "continuation" });
	});
});

describe("the list of audits", () => {
	it("takes nothing but a continuation", () => {
		expect(refused(() => auditsPage(query("state=running")))).toMatchObject({
			status: 400,
			field: "state",
		});
	});
});

describe("the cluster whose capacity is asked for", () => {
	it("is an ARM id of any casing", () => {
		expect(
			capacityCluster(
				new URLSearchParams({ cluster: clusterId().toUpperCase() }),
			),
		).toBe(clusterId());
	});

	it.each([
		{ text: "", field: "cluster" },
		{ text: "cluster=aks-prod", field: "cluster" },
		{
			text: `cluster=${clusterId()}&cluster=${clusterId("b")}`,
			field: "cluster",
		},
		{ text: `cluster=${clusterId()}&scenario=full`, field: "scenario" },
	])("is refused as $text", ({ text, field }) => {
		expect(refused(() => capacityCluster(query(text)))).toMatchObject({
			status: 400,
			field,
		});
	});
});

describe("a route without parameters", () => {
	it("takes none", () => {
		expect(knownParameters(query(""), []).size).toBe(0);
		expect(
			refused(() => knownParameters(query("force=true"), [])),
		).toMatchObject({ status: 400, field: "force" });
	});
});

describe("the body of a started audit", () => {
	it.each(["", " \r\n", "{}", " { } "])("%j is none", (body) => {
		expect(() => noOptions(body)).not.toThrow();
	});

	it.each([
		{ body: "{", field: "body" },
		{ body: "null", field: "body" },
		{ body: "[]", field: "body" },
		{ body: '"x"', field: "body" },
		{ body: "1", field: "body" },
		{ body: '{"subscriptions":[]}', field: "subscriptions" },
		{ body: '{"__proto__":{}}', field: "__proto__" },
	])("$body is refused", ({ body, field }) => {
		expect(refused(() => noOptions(body))).toMatchObject({
			status: 400,
			field,
		});
	});
});
