import { expect, it } from "vitest";
import { checkRequestOf } from "../../shared/http/checkBody.ts";
import { Problem } from "../../shared/http/problem.ts";

const cluster =
	"/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/a";

function call(text: string, headers: Record<string, string> = {}) {
	return checkRequestOf({
		headers: new Headers(headers),
		text: async () => text,
	});
}

async function refusal(text: string, headers: Record<string, string> = {}) {
	const error = await call(text, headers).then(
		() => null,
		(error: unknown) => error,
	);
	if (!(error instanceof Problem)) throw new Error("it was taken");
	const { status, field, message } = error;
	return { status, field, message };
}

it("asks for all scenarios, and of nothing else, where the body does not say it", async () => {
	expect(await call(JSON.stringify({ clusters: [cluster] }))).toEqual({
		resources: [],
		removed: [],
		clusters: [cluster],
		scenarios: ["today", "upgrade", "full", "full-upgrade"],
		replacements: [],
	});
});

it.each<{ what: string; body: unknown; field: string }>([
	{ what: "names nothing", body: {}, field: "body" },
	{ what: "is a list", body: [], field: "body" },
	{
		what: "has a field that nobody knows",
		body: { cluster },
		field: "cluster",
	},
	{
		what: "has a resource without properties",
		body: { resources: [{ id: cluster }] },
		field: "resources[0].properties",
	},
	{
		what: "has an ID that is none",
		body: { clusters: [cluster, "a"] },
		field: "clusters[1]",
	},
	{
		what: "has a scenario that there is not",
		body: { clusters: [cluster], scenarios: ["tomorrow"] },
		field: "scenarios[0]",
	},
])("a body that $what is refused with the place", async ({ body, field }) => {
	expect(await refusal(JSON.stringify(body))).toMatchObject({
		status: 400,
		field,
	});
});

it("a body that is no JSON is refused without its text", async () => {
	const { status, message } = await refusal('{"secret": hunter2');
	expect(status).toBe(400);
	expect(message).not.toContain("hunter2");
});

it("a body over 1 MiB is refused with the limit, before it is read where its length is told", async () => {
	const large = JSON.stringify({ clusters: ["/".repeat(1024 * 1024)] });
	expect(await refusal(large)).toMatchObject({
		status: 413,
		message: expect.stringContaining("1048576"),
	});
	expect(await refusal("{}", { "content-length": "1048577" })).toMatchObject({
		status: 413,
	});
});

it("a body of another type is refused", async () => {
	expect(await refusal("{}", { "content-type": "text/xml" })).toMatchObject({
		status: 415,
		field: "content-type",
	});
});
