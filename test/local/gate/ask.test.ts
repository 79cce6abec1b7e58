import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { askApi } from "../../../local/gate/askApi.ts";
import { CouldNotRun } from "../../../local/gate/couldNotRun.ts";
import { gateOptions } from "../../../local/gate/options.ts";
import {
	isEmpty,
	questionOf,
	refuseNewPool,
} from "../../../local/gate/request.ts";
import type { CheckRequest } from "../../../shared/checks/contract.ts";
import { amountOf, answerOf, clusterOf, subnetOf } from "./answers.ts";

const request: CheckRequest = {
	resources: [],
	removed: [],
	clusters: ["/a"],
	scenarios: ["upgrade"],
	replacements: [],
};

interface Reply {
	readonly status: number;
	readonly headers?: Record<string, string>;
	readonly body?: unknown;
}

let replies: Reply[] = [];
const seen: { key: unknown; path: unknown }[] = [];
const server = createServer((call: IncomingMessage, response) => {
	seen.push({ key: call.headers["x-functions-key"], path: call.url });
	const {
		status,
		headers = {},
		body = {},
	} = replies.shift() ?? {
		status: 500,
	};
	response.writeHead(status, headers).end(JSON.stringify(body));
});
let api = "";
beforeAll(async () => {
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
	seen.length = 0;
});

it("sends the key in a header and waits as long as the auditor asks", async () => {
	const told: string[] = [];
	replies = [
		{ status: 503, headers: { "retry-after": "1" } },
		{ status: 200, body: answerOf({}) },
	];
	const answer = await askApi(api, "k3y", request, (text) => told.push(text));
	expect(answer.verdict).toBe("fits");
	expect(seen).toEqual([
		{ key: "k3y", path: "/api/checks" },
		{ key: "k3y", path: "/api/checks" },
	]);
	expect(told).toEqual([
		"The auditor waits for Azure's quota. Asking again in 1 s.",
	]);
});

it.each([
	{ status: 401, text: "The auditor refuses the key." },
	{ status: 404, text: "its version may be too old" },
	{
		status: 400,
		body: { detail: "resources[0].id: not an ARM ID." },
		text: "The auditor answered 400: resources[0].id: not an ARM ID.",
	},
	{ status: 200, body: {}, text: "is not an auditor" },
	{ status: 200, body: { verdict: "fits" }, text: "is not an auditor" },
	{
		status: 302,
		headers: { location: "https://x.example" },
		text: "does not answer",
	},
])("could not run: $text", async ({ text, ...reply }) => {
	replies = [reply];
	const asked = askApi(api, "k3y", request, () => undefined);
	await expect(asked).rejects.toThrow(CouldNotRun);
	await expect(asked).rejects.toThrow(text);
	await expect(asked).rejects.not.toThrow("k3y");
});

it("refuses the name of a pool that the cluster does not have", () => {
	const limitOf = (name: string, isNew: boolean) =>
		subnetOf({
			kind: "pool-nodes",
			name,
			beforeUpgrade: amountOf(1000, 3, 3),
			afterUpgrade: amountOf(1000, 3, 3),
			...(isNew && { before: null }),
		});
	const answer = answerOf({
		clusters: [
			clusterOf("aks-a", true, [
				limitOf("system", false),
				limitOf("web", false),
				limitOf("wbe", true),
			]),
		],
	});
	expect(() => refuseNewPool(answer, "wbe")).toThrow(
		"The cluster has no pool wbe; it has system and web.",
	);
	expect(() => refuseNewPool(answer, "Web")).not.toThrow();
});

it("says which file is missing", async () => {
	const options = gateOptions(["--plan", "no/such/plan.json"]);
	if (options === null) throw new Error("no options");
	await expect(questionOf(options)).rejects.toThrow(
		"There is no file no/such/plan.json.",
	);
});

it("asks nothing about a plan that changes nothing of AKS", async () => {
	const options = gateOptions(["--plan", "test/local/gate/empty-plan.json"]);
	if (options === null) throw new Error("no options");
	const question = await questionOf(options);
	expect(isEmpty(question)).toBe(true);
	expect(question.planned?.unknown).toEqual([]);
});
