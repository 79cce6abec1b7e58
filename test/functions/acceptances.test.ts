import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../shared/contract.ts";
import { checkedFetch } from "../http/document.ts";
import { sharedSubnet, shop, smallFleet } from "../workflow/fleets.ts";
import { sharedStorage } from "../workflow/storage.ts";
import { openWorld, type World } from "../workflow/world.ts";

let world: World;
let finding: Finding;

beforeAll(async () => {
	world = await openWorld(sharedStorage().next(), { resources: smallFleet() });
	await world.audit();
	const found = (await world.findings()).find((one) => one.cluster === shop);
	if (found === undefined) throw new Error("shop is not short");
	finding = found;
});

afterAll(async () => {
	await world?.close();
});

/** Of the local host, which asks for no key. */
const done = {
	acceptedBy: "local host",
	acceptedAt: expect.stringMatching(/^\d{4}-.*Z$/),
};

const json = { "content-type": "application/json" };
const terms = {
	reason: "moves in March",
	owner: "team-retail",
	expiry: `${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)}T00:00:00.000Z`,
};

async function call(
	method: string,
	path: string,
	body?: string,
	headers: Readonly<Record<string, string>> = json,
) {
	const response = await checkedFetch(world.host.url + path, {
		method,
		...(body !== undefined && { body, headers }),
	});
	const text = await response.text();
	return {
		status: response.status,
		type: response.headers.get("content-type")?.split(";")[0] ?? "",
		etag: response.headers.get("etag"),
		body: text === "" ? null : JSON.parse(text),
	};
}

const put = (path: string, body: unknown = terms) =>
	call("PUT", path, JSON.stringify(body));
const ofFinding = (id = finding.id) => `/api/findings/${id}/acceptance`;
const ofBudget = (id = sharedSubnet) =>
	`/api/budgets/acceptance?budget=${encodeURIComponent(id)}`;

describe("an acceptance of a finding", () => {
	it("is answered, shown, listed, replaced and withdrawn", async () => {
		expect(await put(ofFinding())).toEqual({
			status: 200,
			type: "application/json",
			etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
			body: { ...terms, by: "finding", ...done },
		});
		const accepted = await world.get<{ findings: Finding[] }>(
			"/api/findings?accepted=true",
		);
		expect(accepted.findings).toEqual([
			{ ...finding, acceptance: { ...terms, by: "finding", ...done } },
		]);
		const others = await world.get<{ findings: Finding[] }>(
			"/api/findings?accepted=false",
		);
		expect(others.findings.map(({ id }) => id)).not.toContain(finding.id);
		expect(others.findings.length).toBeGreaterThan(0);

		const longer = { ...terms, reason: "moves in April" };
		expect((await put(ofFinding(), longer)).status).toBe(200);
		expect(await world.get("/api/acceptances")).toEqual({
			acceptances: [
				{
					etag: expect.any(String),
					...longer,
					by: "finding",
					...done,
					covers: {
						finding: finding.id,
						rule: "capacity-shortfall",
						cluster: shop,
						budget: sharedSubnet.toLowerCase(),
					},
				},
			],
			withdrawn: [],
		});

		expect(await call("DELETE", ofFinding())).toEqual({
			status: 204,
			type: "",
			etag: null,
			body: null,
		});
		expect((await call("DELETE", ofFinding())).status).toBe(404);
		expect(await world.get("/api/acceptances")).toEqual({
			acceptances: [],
			withdrawn: [
				{
					...longer,
					by: "finding",
					...done,
					covers: expect.objectContaining({ finding: finding.id }),
					withdrawnBy: "local host",
					withdrawnAt: done.acceptedAt,
				},
			],
		});
		expect(await world.get("/api/findings?accepted=true")).toMatchObject({
			findings: [],
			continuation: null,
		});
	});

	it("has an ETag, and is written only if If-Match is met", async () => {
		const send = (headers: Record<string, string>, body = terms) =>
			call("PUT", ofFinding(), JSON.stringify(body), { ...json, ...headers });
		const refused = {
			status: 412,
			type: "application/problem+json",
			body: { field: "if-match" },
		};
		expect(await send({ "if-match": "*" })).toMatchObject(refused);
		const first = await send({ "if-none-match": "*" });
		expect(first.status).toBe(200);
		expect(await send({ "if-none-match": "*" })).toMatchObject(refused);

		const ours = { "if-match": first.etag ?? "" };
		const longer = { ...terms, reason: "moves in April" };
		const second = await send(ours, longer);
		expect(second).toMatchObject({ status: 200, body: longer });
		expect(second.etag).not.toBe(first.etag);
		// Somebody else has written since: what we read is old.
		expect(await send(ours)).toMatchObject(refused);
		expect(await send({ "if-match": `W/${second.etag}` })).toMatchObject(
			refused,
		);
		expect(await send({ "if-match": "abc" })).toMatchObject({
			status: 400,
			body: { field: "if-match" },
		});
		const { acceptances } = await world.get<{
			acceptances: { etag: string; reason: string }[];
		}>("/api/acceptances");
		expect(acceptances).toMatchObject([
			{ reason: longer.reason, etag: second.etag },
		]);

		const remove = (headers: Record<string, string>) =>
			checkedFetch(world.host.url + ofFinding(), { method: "DELETE", headers });
		expect((await remove(ours)).status).toBe(412);
		expect((await remove({ "if-match": second.etag ?? "" })).status).toBe(204);
		expect((await remove({ "if-match": "*" })).status).toBe(412);
	});

	it("lets one of four writers win who have read the same", async () => {
		const { etag } = await put(ofFinding());
		const replies = await Promise.all(
			["a", "b", "c", "d"].map((owner) =>
				call("PUT", ofFinding(), JSON.stringify({ ...terms, owner }), {
					...json,
					"if-match": etag ?? "",
				}),
			),
		);
		expect(replies.map(({ status }) => status).sort()).toEqual([
			200, 412, 412, 412,
		]);
		await call("DELETE", ofFinding());
	});

	it("is told every fault of its body at once", async () => {
		const body = JSON.stringify({ owner: "\ud800", expiry: "soon" });
		expect(await call("PUT", ofFinding(), body)).toMatchObject({
			status: 400,
			body: {
				field: "reason",
				errors: [{ field: "reason" }, { field: "owner" }, { field: "expiry" }],
			},
		});
	});

	it.each(["0".repeat(32), "x", "x' or RowKey ne '"])(
		"of an unknown finding is a 404: %s",
		async (id) => {
			const reply = await put(ofFinding(encodeURIComponent(id)));
			expect(reply.status).toBe(404);
		},
	);

	it.each<{
		what: string;
		body: string;
		headers?: Record<string, string>;
		status: number;
		field: string;
	}>([
		{ what: "malformed JSON", body: "{", status: 400, field: "body" },
		{ what: "no body", body: "", status: 400, field: "body" },
		{ what: "a list", body: "[]", status: 400, field: "body" },
		{ what: "nothing", body: "{}", status: 400, field: "reason" },
		{
			what: "an unknown field",
			body: JSON.stringify({ ...terms, by: "tag" }),
			status: 400,
			field: "by",
		},
		{
			what: "another type of content",
			body: JSON.stringify(terms),
			headers: { "content-type": "text/xml" },
			status: 415,
			field: "content-type",
		},
	])("is refused with $what", async ({ body, headers, status, field }) => {
		const reply = await call("PUT", ofFinding(), body, headers);
		expect(reply).toMatchObject({
			status,
			type: "application/problem+json",
			body: { type: "about:blank", status, field },
		});
	});

	it.each(["PUT", "DELETE"])("takes no parameters: %s", async (method) => {
		const path = `${ofFinding()}?reason=x`;
		const reply = await (method === "PUT" ? put(path) : call(method, path));
		expect(reply).toMatchObject({ status: 400, body: { field: "reason" } });
	});

	it.each(["yes", "", "True"])("is not a filter as %j", async (value) => {
		expect(await call("GET", `/api/findings?accepted=${value}`)).toMatchObject({
			status: 400,
			body: { field: "accepted" },
		});
	});
});

describe("an acceptance of a budget", () => {
	it("is answered, listed and withdrawn, in any case of its id", async () => {
		expect(await put(ofBudget(sharedSubnet.toUpperCase()))).toMatchObject({
			status: 200,
			body: { ...terms, by: "budget" },
		});
		const covers = {
			finding: null,
			rule: null,
			cluster: null,
			budget: sharedSubnet.toLowerCase(),
		};
		expect(await world.get("/api/acceptances")).toEqual({
			acceptances: [
				{ ...terms, by: "budget", ...done, covers, etag: expect.any(String) },
			],
			withdrawn: [expect.objectContaining({ by: "finding" })],
		});
		expect((await call("DELETE", ofBudget())).status).toBe(204);
		expect((await call("DELETE", ofBudget())).status).toBe(404);
	});

	it("that no finding names is a 404", async () => {
		expect((await put(ofBudget(`${sharedSubnet}-other`))).status).toBe(404);
	});

	it("has to be named", async () => {
		expect(await put("/api/budgets/acceptance")).toMatchObject({
			status: 400,
			body: { field: "budget" },
		});
	});
});
