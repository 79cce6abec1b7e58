import { describe, expect, it } from "vitest";
import { gateOptions, WrongUse } from "../../../local/gate/options.ts";

const cluster =
	"/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-a";
const options = (line: string) =>
	gateOptions(line.split(" ").map((word) => word.replace("ID", cluster)));

describe("what is checked", () => {
	it.each([
		{
			line: "--cluster ID --upgrade",
			subject: { kind: "upgrade", clusters: [cluster] },
		},
		{
			line: "--cluster ID --pool web --max-count 40",
			subject: {
				kind: "pool",
				cluster,
				pool: "web",
				properties: { enableAutoScaling: true, maxCount: 40 },
			},
		},
		{
			line: "--cluster ID --pool web --max-surge 33%",
			subject: {
				kind: "pool",
				cluster,
				pool: "web",
				properties: { upgradeSettings: { maxSurge: "33%" } },
			},
		},
		{ line: "--plan tf.json", subject: { kind: "plan", file: "tf.json" } },
		{ line: "--what-if w.json", subject: { kind: "what-if", file: "w.json" } },
	])("$line", ({ line, subject }) => {
		expect(options(line)).toEqual({
			subject,
			api: null,
			subscription: null,
			format: "text",
			output: null,
			location: null,
			failOn: "tight",
		});
	});
});

it("takes the address of a deployed auditor without its path", () => {
	expect(
		options("--plan p --api https://a.azurewebsites.net/api --fail-on short"),
	).toMatchObject({ api: "https://a.azurewebsites.net", failOn: "short" });
});

it("shows its help", () => {
	expect(options("--help")).toBeNull();
});

describe("wrong use is told", () => {
	it.each([
		{ line: "--upgrade", text: "Nothing to check: give --cluster" },
		{ line: "--cluster ID", text: "Add --upgrade, or --pool" },
		{
			line: "--cluster aks-a --upgrade",
			text: '--cluster is "aks-a"; use the cluster\'s resource ID',
		},
		{ line: "--cluster ID --max-count 3", text: "--max-count needs --pool" },
		{ line: "--cluster ID --pool web", text: "What about the pool?" },
		{
			line: "--cluster ID --pool web --max-count 1001",
			text: "from 0 to 1000",
		},
		{
			line: "--cluster ID --pool web --max-surge many",
			text: "--max-surge is",
		},
		{
			line: "--cluster ID --cluster ID --pool web --count 3",
			text: "one --cluster only",
		},
		{
			line: "--plan a --what-if b",
			text: "Use either --plan or --what-if, not both.",
		},
		{
			line: "--plan a --upgrade",
			text: "Use either --plan or --upgrade, not both.",
		},
		{
			line: "--plan a --format xml",
			text: '--format is "xml"; use one of text',
		},
		{ line: "--plan a --fail-on never", text: "--fail-on is" },
		{ line: "--plan a --subscription x", text: "--subscription is" },
		{
			line: "--plan a --api http://example.org",
			text: "--api is not an https address",
		},
		{ line: "--plan a --api https://a.net/?code=k3y", text: "AUDITOR_KEY" },
		{ line: "--plans a", text: "--plans" },
	])("$line", ({ line, text }) => {
		expect(() => options(line)).toThrow(WrongUse);
		expect(() => options(line)).toThrow(text);
		expect(() => options(line)).not.toThrow("k3y");
	});
});
