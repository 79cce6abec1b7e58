import { describe, expect, it } from "vitest";
import { evaluate } from "../../../local/resourceGraph/evaluate.ts";
import { InvalidQuery } from "../../../local/resourceGraph/invalidQuery.ts";

function refusalOf(kql: string): InvalidQuery {
	try {
		evaluate(kql, {});
	} catch (error) {
		if (error instanceof InvalidQuery) return error;
		throw error;
	}
	throw new Error(`Not refused: ${kql}`);
}

describe("what the subset leaves out is named", () => {
	it.each([
		{ kql: "resources | join kind=inner (resources) on id", token: "join" },
		{ kql: "resources | union resources", token: "union" },
		{ kql: "union resources", token: "union" },
		{ kql: "resources | distinct type", token: "distinct" },
		{ kql: "resources | count", token: "count" },
		{ kql: "resources | top 5 by id asc", token: "top" },
		{ kql: "resources | sample 5", token: "sample" },
		{ kql: "resources | project-away id", token: "project-away" },
		{ kql: "resources | parse name with a", token: "parse" },
		{ kql: "let x = 1; resources", token: "let" },
		{ kql: "where type == 'x'", token: "where" },
		{ kql: "print 1", token: "print" },
		{ kql: ".show tables", token: ".show tables" },
		{ kql: "", token: "<EOF>" },
		{ kql: "resources | where name != 'a'", token: "!=" },
		{ kql: "resources | where name !~ 'a'", token: "!~" },
		{ kql: "resources | where name has 'a'", token: "has" },
		{ kql: "resources | where name !contains 'a'", token: "!contains" },
		{ kql: "resources | where name startswith 'a'", token: "startswith" },
		{ kql: "resources | where name in ('a')", token: "in" },
		{ kql: "resources | where name !in~ ('a')", token: "!in~" },
		{ kql: "resources | where toint(tags.n) > 3", token: ">" },
		{ kql: "resources | where properties.flag", token: "properties.flag" },
		{ kql: "resources | where isnotnull(properties.flag)", token: "isnotnull" },
		{ kql: "resources | where properties.a == properties.b", token: "==" },
		{ kql: "resources | where id == 1", token: "==" },
		{ kql: "resources | where isnull(tags) =~ name", token: "=~" },
		{ kql: "resources | where name in~ (kind)", token: "kind" },
		{ kql: "resources | where properties.n == -1", token: "-1" },
		{ kql: "resources | where tags == dynamic(null)", token: "dynamic(null)" },
		{ kql: "resources | extend x = strcat(name, 'a')", token: "strcat" },
		{ kql: "resources | extend x = iff(isnull(tags), 1, 2)", token: "iff" },
		{
			kql: "resources | extend x = toint(tags.n) + 1",
			token: "toint(tags.n) + 1",
		},
		{ kql: "resources | extend tostring(tags.n)", token: "tostring(tags.n)" },
		{ kql: "resources | project properties[-1]", token: "[-1]" },
		{ kql: "resources | project properties[name]", token: "[name]" },
		{ kql: "resources | mv-expand properties.list", token: "mv-expand" },
		{ kql: "resources | mv-expand properties.list limit 0", token: "limit 0" },
		{
			kql: "resources | mv-expand properties.list limit 1025",
			token: "limit 1025",
		},
		{
			kql: "resources | mv-expand a = tags.a, b = tags.b limit 5",
			token: "mv-expand",
		},
		{
			kql: "resources | mv-expand kind=array tags limit 5",
			token: "kind=array",
		},
		{
			kql: "resources | mv-expand with_itemindex=i tags limit 5",
			token: "with_itemindex=i",
		},
		{
			kql: "resources | mv-expand zones to typeof(string) limit 5",
			token: "to typeof",
		},
		{
			kql: "resources | mv-expand zones limit 5 | mv-expand tags limit 5 | mv-expand sku limit 5 | mv-expand plan limit 5",
			token: "mv-expand",
		},
		{
			kql: "resources | extend x = split(id, name)",
			token: "split(id, name)",
		},
		{
			kql: "resources | extend x = split(id, '/', 1)",
			token: "split(id, '/', 1)",
		},
		{
			kql: "resources | extend x = array_slice(zones, 0, -1)",
			token: "array_slice(zones, 0, -1)",
		},
		{ kql: "resources | summarize count()", token: "summarize" },
		{ kql: "resources | summarize by type", token: "summarize" },
		{ kql: "resources | summarize dcount(id) by type", token: "dcount(id)" },
		{
			kql: "resources | summarize count(), a = count() by type",
			token: "summarize",
		},
		{ kql: "resources | order by tolower(id) asc", token: "tolower(id)" },
		{ kql: "resources | order by id asc nulls last", token: "nulls last" },
	])("$kql", ({ kql, token }) => {
		const [detail] = refusalOf(kql).details;
		expect(detail).toMatchObject({
			code: "InvalidQueryLanguage",
			token,
			line: -1,
			characterPositionInLine: -1,
		});
		expect(detail?.message).toContain(`'${token}' is not supported`);
	});
});

describe("what does not parse or fit the schema is placed", () => {
	it.each([
		{ kql: "resources | where name ==", token: "<EOF>", line: 1, at: 25 },
		{ kql: "resources |\nfoo", token: "foo", line: 2, at: 0 },
		{ kql: "deployments | project id", token: "deployments", line: 1, at: 0 },
		{ kql: "Resources\n| project id, nome", token: "nome", line: 2, at: 14 },
		// Columns are case-sensitive, tables are not.
		{ kql: "resources | project Id", token: "Id", line: 1, at: 20 },
		{
			kql: "resources | project id | project name",
			token: "name",
			line: 1,
			at: 33,
		},
		// Kusto neither groups nor sorts by dynamic values.
		{
			kql: "resources | summarize count() by tags.a",
			token: "tags.a",
			line: 1,
			at: 33,
		},
		{ kql: "resources | order by tags", token: "tags", line: 1, at: 21 },
		{
			kql: "resources | project x = coalesce(tags.a, 'b')",
			token: "'b'",
			line: 1,
			at: 41,
		},
	])("$kql", ({ kql, token, line, at }) => {
		expect(refusalOf(kql).details[0]).toMatchObject({
			code: "ParserFailure",
			token,
			line,
			characterPositionInLine: at,
		});
	});
});
