import { describe, expect, it } from "vitest";
import {
	acceptanceTerms,
	auditsPage,
	budgetId,
	capacityCluster,
	knownParameters,
} from "../../shared/http/parameters.ts";
import { clusterId } from "../model/builders.ts";
import { refused } from "./refused.ts";

const query = (text: string) => new URLSearchParams(text);

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

describe("the terms of an acceptance", () => {
	const now = "2026-11-22T05:00:00.000Z";
	const terms = {
		reason: "moves in March",
		owner: "team-payments",
		expiry: "2027-03-31",
	};
	const read = (body: unknown, contentType: string | null = null) =>
		acceptanceTerms(contentType, JSON.stringify(body), now);

	it.each([null, "application/json", "Application/JSON; charset=utf-8"])(
		"are taken with the content type %s",
		(contentType) => {
			expect(read(terms, contentType)).toEqual({
				...terms,
				expiry: "2027-03-31T00:00:00.000Z",
			});
		},
	);

	it.each(["text/plain", "application/jsonp", "multipart/form-data"])(
		"are refused with the content type %s",
		(contentType) => {
			expect(refused(() => read(terms, contentType))).toMatchObject({
				status: 415,
				field: "content-type",
			});
		},
	);

	it("lose the space around them, and have room", () => {
		const long = { reason: "r".repeat(500), owner: "o".repeat(200) };
		expect(read({ ...long, expiry: " 2026-11-22T06:00:00+00:30 " })).toEqual({
			...long,
			expiry: "2026-11-22T05:30:00.000Z",
		});
		expect(read({ ...terms, owner: " team " }).owner).toBe("team");
	});

	it.each(["", "{", "[]", "null", '"text"', "3"])(
		"are refused where the body is %j",
		(body) => {
			expect(refused(() => acceptanceTerms(null, body, now))).toMatchObject({
				status: 400,
				field: "body",
			});
		},
	);

	it.each([
		{ field: "reason", value: undefined },
		{ field: "owner", value: undefined },
		{ field: "expiry", value: undefined },
		{ field: "reason", value: "" },
		{ field: "owner", value: "  " },
		{ field: "reason", value: 3 },
		{ field: "owner", value: null },
		{ field: "expiry", value: ["2027-03-31"] },
		{ field: "reason", value: "r".repeat(501) },
		{ field: "owner", value: "o".repeat(201) },
		{ field: "by", value: "finding" },
		{ field: "Reason", value: "why" },
		{ field: "expiry", value: "next year" },
		{ field: "expiry", value: "31.03.2027" },
		{ field: "expiry", value: "2027-02-30" },
		{ field: "expiry", value: "2027-13-01" },
		{ field: "expiry", value: "2027-03-31T24:30:00Z" },
		// Without an offset nobody knows when.
		{ field: "expiry", value: "2027-03-31T08:00:00" },
		{ field: "expiry", value: "1806300000000" },
		// Today began at midnight.
		{ field: "expiry", value: "2026-11-22" },
		{ field: "expiry", value: "2026-11-22T05:00:00.000Z" },
		{ field: "expiry", value: "2020-01-01" },
		// 367 days and a few hours ahead. 366 are a year at its longest.
		{ field: "expiry", value: "2027-11-24" },
	])("are refused where $field is $value", ({ field, value }) => {
		expect(refused(() => read({ ...terms, [field]: value }))).toMatchObject({
			status: 400,
			field,
		});
	});

	it("end a year ahead at the latest", () => {
		const expiry = "2027-11-22T05:00:00.000Z";
		expect(read({ ...terms, expiry }).expiry).toBe(expiry);
		expect(
			refused(() => read({ ...terms, expiry: "2027-11-22T05:00:01Z" })),
		).toMatchObject({ status: 400, field: "expiry" });
	});

	it("are told all that is wrong with them at once", () => {
		const wrong = { owner: " ", expiry: "soon", by: "me" };
		expect(refused(() => read(wrong))).toMatchObject({
			status: 400,
			field: "by",
			message:
				'Field "by" is unknown; use reason, owner or expiry. reason is missing; use a text of 1 to 500 characters. owner is empty; use a text of 1 to 200 characters. expiry is "soon", which is not a time; use an ISO 8601 date (2027-03-01) or a date-time with its offset (2027-03-01T08:00:00Z).',
			errors: [
				{
					field: "by",
					detail: 'Field "by" is unknown; use reason, owner or expiry.',
				},
				{
					field: "reason",
					detail: "reason is missing; use a text of 1 to 500 characters.",
				},
				{
					field: "owner",
					detail: "owner is empty; use a text of 1 to 200 characters.",
				},
				{ field: "expiry", detail: expect.stringMatching(/ISO 8601/) },
			],
		});
	});

	it("name the field alone where one fault is all", () => {
		expect(refused(() => read({ ...terms, owner: "" })).errors).toBeNull();
	});

	it("may contain characters of two halves", () => {
		expect(read({ ...terms, reason: "moves \u{1f680}" }).reason).toBe(
			"moves \u{1f680}",
		);
	});

	it.each(["\u202e", "\u0000", "a\nb", "\ud800", "\udc00", "\udc00\ud800"])(
		"do not contain %j",
		(text) => {
			for (const field of ["reason", "owner"])
				expect(
					refused(() => read({ ...terms, [field]: `moves${text}soon` })),
				).toMatchObject({ status: 400, field });
		},
	);
});

describe("the id of a budget", () => {
	it("is lower case", () => {
		const pods =
			"/subscriptions/1/resourceGroups/RG/providers/Microsoft.ContainerService/managedClusters/Shop/pod-range";
		expect(budgetId(new URLSearchParams({ budget: ` ${pods} ` }))).toBe(
			"/subscriptions/1/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/shop/pod-range",
		);
	});

	it.each(["", "budget=", "budget=a", "budget=a&budget=b", "cluster=a"])(
		"is refused as ?%s",
		(text) => {
			expect(refused(() => budgetId(query(text))).status).toBe(400);
		},
	);
});
