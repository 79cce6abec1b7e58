import { describe, expect, it } from "vitest";
import { lintQuery } from "./lint.ts";

describe("a query that can be paged through", () => {
	it.each([
		'Resources | where type =~ "a" | project id, name | order by id asc',
		"resources | mv-expand s = properties.subnets limit 1024 | project id, s = tolower(s.id) | order by id asc, s asc",
		"resourcecontainers | summarize count() by id = tolower(subscriptionId) | order by id asc",
		"resourcecontainers | summarize count() by subscriptionId | project id = subscriptionId, count_ | order by id asc",
		"resources | summarize n = count() by id = type, location | order by location asc, id asc",
		"resources | mv-expand zones limit 9 | summarize count() by id = tostring(zones) | order by id asc",
		"resources | mv-expand a = properties.a limit 9 | mv-expand b = a.b limit 9 | mv-expand c = b.c limit 9 | project id, b = tostring(b.name), c = tostring(c.name), d = tostring(c.d) | order by id asc, b asc, c asc, d asc",
		"resources | mv-expand a = properties.a limit 9 | mv-expand b = array_slice(a.b, 9, 17) limit 9 | extend parts = split(tostring(b.id), '/') | summarize count() by id, n = tostring(parts[4]) | order by id asc, n asc",
	])("%s", (kql) => {
		expect(lintQuery(kql).problems).toEqual([]);
	});

	it("has its columns told with their types", () => {
		const { columns } = lintQuery(
			"resources | project id, tags, n = toint(tags.n), c = array_length(zones), b = isnull(sku) | order by id asc",
		);
		expect(columns).toEqual([
			{ name: "id", type: "string" },
			{ name: "tags", type: "dynamic" },
			{ name: "n", type: "int" },
			{ name: "c", type: "long" },
			{ name: "b", type: "bool" },
		]);
	});
});

describe("problems", () => {
	it.each([
		{
			kql: "resources | project id, nome | order by id asc",
			problem: "The name 'nome' does not refer to any",
		},
		{ kql: "resources | wher id", problem: "Query operator expected" },
		{
			kql: "disks | project id | order by id asc",
			problem: "The name 'disks' does not refer to any known table",
		},
		{
			kql: "resources | project name | order by name asc",
			problem: "no string column 'id'",
		},
		{
			kql: "resources | project id = tags.id",
			problem: "no string column 'id'",
		},
		{ kql: "resources | project id", problem: "does not end with 'order by'" },
		{
			kql: "resources | order by id asc | project id",
			problem: "does not end with 'order by'",
		},
		{
			kql: "resources | order by location asc",
			problem: "'order by' lacks 'id'",
		},
		{
			kql: "resources | mv-expand zones limit 9 | order by id asc",
			problem: "'order by id' is not unique after",
		},
		{
			kql: "resources | mv-expand zones | order by id asc, name asc",
			problem: "has no limit",
		},
		{
			kql: "resources | mv-expand zones limit 9 | mv-expand tags limit 9 | order by id asc, name asc",
			problem: "'order by id' is not unique after mv-expand",
		},
		{
			kql: "resources | mv-expand zones limit 9 | mv-expand tags limit 9 | mv-expand sku limit 9 | mv-expand plan limit 9 | summarize count() by id | order by id asc",
			problem: "4 mv-expand: Resource Graph takes 3",
		},
		{
			kql: "resources | summarize count() by id, tags = tostring(tags) | mv-expand count_ limit 9 | order by id asc",
			problem: "'order by id' is not unique after mv-expand",
		},
		{
			kql: "resources | summarize count() by id, type | order by id asc",
			problem: "'order by' lacks 'type'",
		},
		{
			kql: "resources | take 5 | order by id asc",
			problem: "'take' switches paging off",
		},
		{
			kql: "resources | limit 5 | order by id asc",
			problem: "'limit' switches paging off",
		},
		{
			kql: "resources | top 5 by id asc | order by id asc",
			problem: "'top' switches paging off",
		},
		{
			kql: "resources | sample 5 | order by id asc",
			problem: "'sample' switches paging off",
		},
		{
			kql: "resources | join (resources) on id | order by id asc",
			problem: "'join' reads a second table",
		},
		{
			kql: "resources | union resources | order by id asc",
			problem: "'union' reads a second table",
		},
		{ kql: "union resources, resources", problem: "'union' is not supported" },
	])("$kql", ({ kql, problem }) => {
		expect(lintQuery(kql).problems).toContainEqual(
			expect.stringContaining(problem),
		);
	});

	it("are checked against the schema", () => {
		const schema = { disks: { id: "string", size: "long" } } as const;
		expect(
			lintQuery("Disks | project id, size | order by id asc", schema),
		).toEqual({
			columns: [
				{ name: "id", type: "string" },
				{ name: "size", type: "long" },
			],
			problems: [],
		});
	});
});
