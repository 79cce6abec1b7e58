import { describe, expect, it } from "vitest";
import { auditRequest } from "../../shared/http/auditRequest.ts";
import { refused } from "./refused.ts";

const ours = "10000000-0000-4000-8000-000000000001";
const theirs = "20000000-0000-4000-8000-000000000002";
const clusterIn = (subscription: string, name = "a") =>
	`/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
const read = (body: unknown, judged: readonly string[] | null = null) =>
	auditRequest(JSON.stringify(body), judged);

describe("the body of a started audit", () => {
	it.each(["", " \r\n", "{}", " { } "])("%j is the whole fleet", (body) => {
		expect(auditRequest(body, null)).toBeNull();
	});

	it("names clusters and subscriptions, in any case and each once", () => {
		const clusters = [clusterIn(ours, "B"), clusterIn(ours), clusterIn(ours)];
		expect(read({ clusters, subscriptions: [theirs] })).toEqual({
			clusters: [
				clusterIn(ours).toLowerCase(),
				clusterIn(ours, "b").toLowerCase(),
			],
			subscriptions: [theirs],
		});
		expect(read({ subscriptions: [ours.toUpperCase()] })).toEqual({
			subscriptions: [ours],
		});
	});

	it.each([
		{ body: "{", field: "body" },
		{ body: "null", field: "body" },
		{ body: "[]", field: "body" },
		{ body: '"x"', field: "body" },
		{ body: "1", field: "body" },
		{ body: '{"__proto__":{}}', field: "__proto__" },
		{ body: '{"cluster":[]}', field: "cluster" },
		{ body: '{"clusters":"x"}', field: "clusters" },
		// An empty list is neither the whole fleet nor nothing.
		{ body: '{"clusters":[]}', field: "clusters" },
		{ body: '{"subscriptions":[]}', field: "subscriptions" },
		{ body: '{"subscriptions":["x"]}', field: "subscriptions[0]" },
		{ body: '{"clusters":[7]}', field: "clusters[0]" },
	])("$body is refused", ({ body, field }) => {
		expect(refused(() => auditRequest(body, null))).toMatchObject({
			status: 400,
			field,
		});
	});

	it("names every fault by its path", () => {
		const wrong = { clusters: [clusterIn(ours), "x"], subscriptions: ["y"] };
		const { errors, field } = refused(() => read(wrong));
		expect(field).toBe("clusters[1]");
		expect(errors?.map((one) => one.field)).toEqual([
			"clusters[1]",
			"subscriptions[0]",
		]);
	});

	it("takes 100 clusters and refuses 101", () => {
		const clusters = Array.from({ length: 101 }, (_, index) =>
			clusterIn(ours, `c${index}`),
		);
		expect(read({ clusters: clusters.slice(1) })?.clusters).toHaveLength(100);
		expect(refused(() => read({ clusters })).message).toBe(
			"clusters has 101 IDs; use a list of 1 to 100 IDs.",
		);
	});

	it("refuses what is outside of the judged subscriptions, with the reason", () => {
		const clusters = [clusterIn(ours), clusterIn(theirs)];
		expect(refused(() => read({ clusters }, [ours]))).toMatchObject({
			status: 400,
			field: "clusters[1]",
			message: `clusters[1] is in subscription ${theirs}, which AUDIT_SUBSCRIPTIONS does not have; add it there first.`,
		});
		expect(refused(() => read({ subscriptions: [theirs] }, [ours])).field).toBe(
			"subscriptions[0]",
		);
	});
});
