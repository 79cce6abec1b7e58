import { describe, expect, it } from "vitest";
import { sealed } from "../../shared/http/continuation.ts";
import { findingsQuery } from "../../shared/http/filters.ts";
import { auditsList, auditsPage } from "../../shared/http/parameters.ts";
import { clusterId } from "../model/builders.ts";
import { refused } from "./refused.ts";

const query = (text: string) => new URLSearchParams(text);

const network =
	"/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/rg/providers/microsoft.network/virtualnetworks/vnet-platform";

const token = "the storage's own";

describe("the filter of findings", () => {
	it("is open ones where nothing is asked for", () => {
		expect(findingsQuery(query(""))).toMatchObject({
			filter: { state: "open" },
			continuation: undefined,
		});
	});

	it("takes several values of one filter, each once", () => {
		const { filter } = findingsQuery(
			query("severity=critical,high, critical&rule=nearly-full,not-evaluated"),
		);
		expect(filter).toMatchObject({
			severity: ["critical", "high"],
			rule: ["nearly-full", "not-evaluated"],
		});
	});

	it("takes every name that the contract has", () => {
		const text = new URLSearchParams({
			state: "all",
			severity: "critical",
			rule: "capacity-shortfall",
			cluster: clusterId().toUpperCase(),
			subscription: "00000000-0000-4000-8000-00000000000A",
			network: network.toUpperCase(),
			accepted: "false",
		});
		expect(findingsQuery(text)).toMatchObject({
			filter: {
				state: "all",
				severity: ["critical"],
				rule: ["capacity-shortfall"],
				cluster: [clusterId()],
				subscription: ["00000000-0000-4000-8000-00000000000a"],
				network: [network],
			},
			accepted: false,
			continuation: undefined,
		});
	});

	it("answers pages of JSON, or all findings as CSV or SARIF", () => {
		expect(findingsQuery(query("")).format).toBe("json");
		expect(findingsQuery(query("format=json")).format).toBe("json");
		expect(findingsQuery(query("format=sarif")).format).toBe("sarif");
		expect(findingsQuery(query("format=csv")).format).toBe("csv");
		expect(refused(() => findingsQuery(query("format=xml")))).toMatchObject({
			status: 400,
			field: "format",
		});
		expect(
			refused(() => findingsQuery(query("format=sarif&continuation=x"))),
		).toMatchObject({ status: 400, field: "continuation" });
	});

	it.each(["open", "resolved", "all"])("takes state %s", (state) => {
		expect(findingsQuery(query(`state=${state}`)).filter.state).toBe(state);
	});

	it.each(["critical", "high", "medium", "low", "info"])(
		"takes severity %s",
		(severity) => {
			expect(
				findingsQuery(query(`severity=${severity}`)).filter.severity,
			).toEqual([severity]);
		},
	);

	it.each([
		"capacity-shortfall",
		"runway-short",
		"nearly-full",
		"kubenet-retirement",
		"not-evaluated",
	])("takes rule %s", (rule) => {
		expect(findingsQuery(query(`rule=${rule}`)).filter.rule).toEqual([rule]);
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
		{ text: "severity=critical,", field: "severity" },
		{ text: "severity=critical,urgent", field: "severity" },
		{ text: "severity=critical;high", field: "severity" },
		{ text: "severity=", field: "severity" },
		{ text: "rule=subnet", field: "rule" },
		{ text: "rule=toString", field: "rule" },
		{ text: "cluster=aks-prod", field: "cluster" },
		{ text: "cluster=", field: "cluster" },
		{ text: "cluster=/subscriptions/x", field: "cluster" },
		{ text: "subscription=retail-prod", field: "subscription" },
		{ text: "subscription=", field: "subscription" },
		{ text: "network=vnet-platform", field: "network" },
		{ text: `network=${network}/subnets/snet`, field: "network" },
		{ text: `network=${clusterId()}`, field: "network" },
		{ text: "accepted=true,false", field: "accepted" },
		{ text: "state=open,resolved", field: "state" },
		// Given twice.
		{ text: "state=open&state=all", field: "state" },
		{ text: "severity=high&severity=high", field: "severity" },
	])("refuses $text with a 400 that names $field", ({ text, field }) => {
		const problem = refused(() => findingsQuery(query(text)));
		expect(problem).toMatchObject({ status: 400, field });
		expect(problem.message).toContain(field);
	});
});

describe("a continuation", () => {
	const goOn = (filters: Record<string, string>, given: string) =>
		findingsQuery(new URLSearchParams({ ...filters, continuation: given }))
			.continuation;
	const critical = { severity: "critical", state: "all" };
	const given = sealed(
		findingsQuery(new URLSearchParams(critical)).list,
		token,
	);

	it("of audits returns the last one of the page before", () => {
		const last = "8231803199876-9f3a2c1d";
		const continuation = sealed(auditsList, last) ?? "";
		expect(auditsPage(new URLSearchParams({ continuation }))).toBe(last);
		expect(auditsPage(query(""))).toBeUndefined();
	});

	it("of findings returns it if the same is asked for, in any order", () => {
		expect(goOn(critical, given ?? "")).toBe(token);
		expect(goOn({ state: "all", severity: "critical" }, given ?? "")).toBe(
			token,
		);
	});

	it.each([
		{ what: "no filter", read: () => goOn({}, given ?? "") },
		{
			what: "another severity",
			read: () => goOn({ ...critical, severity: "high" }, given ?? ""),
		},
		{
			what: "another state",
			read: () => goOn({ severity: "critical" }, given ?? ""),
		},
		{
			what: "accepted ones",
			read: () => goOn({ ...critical, accepted: "true" }, given ?? ""),
		},
		{
			what: "audits",
			read: () =>
				auditsPage(new URLSearchParams({ continuation: given ?? "" })),
		},
	])("of other findings is refused for $what", ({ read }) => {
		expect(refused(read)).toMatchObject({ status: 400, field: "continuation" });
	});

	it.each([
		{ what: "nothing", value: "" },
		{ what: "words", value: "next" },
		{ what: "base64 of words", value: Buffer.from("next").toString("base64") },
		{ what: "base64 of a number", value: Buffer.from("2").toString("base64") },
		{ what: "base64 of null", value: Buffer.from("null").toString("base64") },
		{ what: "JSON", value: '{"nextRowKey":"a"}' },
		{
			what: "the storage itself",
			value: Buffer.from('{"nextPartitionKey":"a"}').toString("base64"),
		},
	])("of $what is refused", ({ value }) => {
		expect(
			refused(() => auditsPage(new URLSearchParams({ continuation: value }))),
		).toMatchObject({ status: 400, field: "continuation" });
	});
});
