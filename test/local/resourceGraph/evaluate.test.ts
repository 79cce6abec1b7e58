import { describe, expect, it } from "vitest";
import { evaluate } from "../../../local/resourceGraph/evaluate.ts";
import { network, networkId } from "./resources.ts";

/** Names of the networks that the condition keeps. */
function kept(condition: string, resources = sample): unknown[] {
	return evaluate(`resources | where ${condition} | project name`, {
		resources,
	}).map(({ name }) => name);
}

/** Value of an expression over one network with these properties. */
function resultOf(expression: string, properties?: unknown): unknown {
	const resources = [
		network("a", properties === undefined ? {} : { properties }),
	];
	return evaluate(`resources | project value = ${expression}`, { resources })[0]
		?.value;
}

const sample = [
	network("full", {
		properties: {
			text: "Text",
			number: 5,
			flag: true,
			list: [1, 2],
			bag: { a: 1 },
		},
	}),
	network("blank", {
		properties: { text: "", number: 0, flag: false, list: [], bag: {} },
	}),
	network("nulls", {
		properties: { text: null, number: null, flag: null, list: null, bag: null },
	}),
	network("bare"),
];

describe("tables", () => {
	it.each(["resources", "Resources", "RESOURCES"])(
		"%s is found in any casing",
		(table) => {
			expect(
				evaluate(`${table} | project name`, { resources: [network("a")] }),
			).toEqual([{ name: "a" }]);
		},
	);

	it("resourcecontainers is a table of its own", () => {
		const tables = {
			resources: [network("a")],
			resourcecontainers: [
				{
					id: "/subscriptions/sub-1",
					name: "Payments",
					type: "Microsoft.Resources/subscriptions",
				},
			],
		};
		expect(
			evaluate("// who\nResourceContainers | project name, type", tables),
		).toEqual([
			{ name: "Payments", type: "microsoft.resources/subscriptions" },
		]);
	});

	it("a table without rows returns none", () => {
		expect(evaluate("resourcecontainers", {})).toEqual([]);
	});
});

describe("where tostring(...) contains", () => {
	const subnet = (name: string) => `/Subscriptions/s/virtualNetworks/${name}`;
	const users = [
		network("list", { properties: { a: [{ b: [subnet("One/x")] }] } }),
		network("name", { properties: { [subnet("two/")]: 1 } }),
		network("text", { properties: `see ${subnet("one/y")}` }),
		network("other", { properties: { a: subnet("oneandmore/"), n: 12 } }),
		network("none", {}),
	];
	const having = (...texts: string[]) =>
		kept(
			texts
				.map((text) => `tostring(properties) contains '${text}'`)
				.join(" or "),
			users,
		);
	it.each([
		{
			texts: ["/subscriptions/s/virtualnetworks/one/"],
			names: ["list", "text"],
		},
		{
			texts: [
				"/subscriptions/s/virtualnetworks/one/",
				"/subscriptions/s/virtualnetworks/two/",
			],
			names: ["list", "name", "text"],
		},
		{
			texts: ["/subscriptions/s/virtualnetworks/one", "/x"],
			names: ["list", "text", "other"],
		},
		// The end of one string and the beginning of the next are no text of either.
		{ texts: ["/y,", "more/,"], names: [] },
		// What is no ID is found in the whole text: here the number, the bracket and the name.
		{ texts: ['"n":12', "x]}"], names: ["other"] },
	])("$texts", ({ texts, names }) => {
		expect(having(...texts)).toEqual(names);
	});
});

describe("where", () => {
	it.each([
		{ condition: "name == 'full'", names: ["full"] },
		{ condition: "name == 'FULL'", names: [] },
		{ condition: "name =~ 'FULL'", names: ["full"] },
		{ condition: "'FULL' =~ name", names: ["full"] },
		{ condition: "name in~ ('FULL', \"Bare\")", names: ["full", "bare"] },
		{ condition: "name contains 'ULL'", names: ["full", "nulls"] },
		// Several texts in one column are looked for at once: also one that is part of another, or has nothing in common.
		{
			condition:
				"name contains 'nul' or name contains 'NULLS' or name contains 'are'",
			names: ["nulls", "bare"],
		},
		{
			condition: "name contains 'fu' or kind == 'x' or name contains 'full'",
			names: ["full"],
		},
		{
			condition: "name contains '' or name contains 'x'",
			names: ["full", "blank", "nulls", "bare"],
		},
		{ condition: "name contains 'fullx' or name contains 'blanks'", names: [] },
		{ condition: "name == 'full' or name == 'bare'", names: ["full", "bare"] },
		{ condition: "name == 'full' and name == 'bare'", names: [] },
		// `and` binds tighter than `or`.
		{
			condition: "name == 'full' or name == 'bare' and name == 'none'",
			names: ["full"],
		},
		{
			condition: "(name == 'full' or name == 'bare') and name == 'bare'",
			names: ["bare"],
		},
		{ condition: "not(name == 'full')", names: ["blank", "nulls", "bare"] },
		{
			condition: "isempty(properties.text)",
			names: ["blank", "nulls", "bare"],
		},
		{ condition: "isnotempty(properties.text)", names: ["full"] },
		// An empty array or bag is not empty: only "" and null are.
		{ condition: "isempty(properties.list)", names: ["nulls", "bare"] },
		{ condition: "isempty(properties.bag)", names: ["nulls", "bare"] },
		{ condition: "isnull(properties.text)", names: ["nulls", "bare"] },
		{ condition: "isnull(properties.text) == false", names: ["full", "blank"] },
		{ condition: "isempty(kind)", names: ["full", "blank", "nulls", "bare"] },
		// A string is never null.
		{ condition: "isnull(kind)", names: [] },
	])("$condition", ({ condition, names }) => {
		expect(kept(condition)).toEqual(names);
	});

	it.each([
		{ condition: "properties.text == 'Text'", names: ["full"] },
		// Compared as text, a missing property is "": public queries find unattached addresses so.
		{ condition: "properties.text == ''", names: ["blank", "nulls", "bare"] },
		{ condition: "properties.text =~ 'tEXT'", names: ["full"] },
		{
			condition: "properties.text in~ ('text', '')",
			names: ["full", "blank", "nulls", "bare"],
		},
		{ condition: "properties.list == '[]'", names: ["blank"] },
		{ condition: "properties.bag == '{\"a\":1}'", names: ["full"] },
		{ condition: "properties.flag == 'true'", names: ["full"] },
		{ condition: "properties.flag == true", names: ["full"] },
		{ condition: "properties.flag == false", names: ["blank"] },
		{ condition: "properties.number == 5", names: ["full"] },
		{ condition: "5 == properties.number", names: ["full"] },
		{ condition: "properties.number == 0", names: ["blank"] },
		// Neither missing nor null equals a value, so the negation is true for both.
		{
			condition: "not(properties.number == 5)",
			names: ["blank", "nulls", "bare"],
		},
		// A text is not converted to the number it shows.
		{ condition: "properties.text == 5", names: [] },
	])("dynamic: $condition", ({ condition, names }) => {
		expect(kept(condition)).toEqual(names);
	});

	it("null == null is null: neither it nor its negation keeps the row", () => {
		expect(kept("toint(properties.none) == toint(properties.nothing)")).toEqual(
			[],
		);
		expect(
			kept("not(toint(properties.none) == toint(properties.nothing))"),
		).toEqual([]);
	});

	it.each([
		{ condition: "name == 'bare' or NULL", names: ["bare"] },
		{ condition: "NULL or name == 'bare'", names: ["bare"] },
		// null and false is false, its negation true. Null and true stays null.
		{
			condition: "not(NULL and name == 'bare')",
			names: ["full", "blank", "nulls"],
		},
		{
			condition: "not(name == 'bare' and NULL)",
			names: ["full", "blank", "nulls"],
		},
		{ condition: "not(name == 'bare' or NULL)", names: [] },
	])("three-valued: $condition", ({ condition, names }) => {
		expect(
			kept(condition.replace("NULL", "(toint(tags.x) == toint(tags.y))")),
		).toEqual(names);
	});

	it("numbers of int and long compare by value", () => {
		expect(kept("array_length(properties.list) == 2")).toEqual(["full"]);
		expect(
			kept("toint(properties.number) == array_length(properties.list)"),
		).toEqual(["blank"]);
	});
});

describe("paths", () => {
	const properties = {
		plain: 1,
		"with-dash": { inner: "x" },
		list: [{ name: "first" }, { name: "second" }],
		deep: { a: { b: { c: "d" } } },
		$type: "odd",
	};

	it.each([
		{ path: "properties.plain", value: 1 },
		{ path: "properties['plain']", value: 1 },
		{ path: 'properties["with-dash"].inner', value: "x" },
		{ path: "properties.list[0].name", value: "first" },
		{ path: "properties.list[1]", value: { name: "second" } },
		{ path: "properties.deep['a'].b['c']", value: "d" },
		{ path: "properties['$type']", value: "odd" },
		{ path: "properties.list[2]", value: null },
		{ path: "properties.list.name", value: null },
		{ path: "properties.deep[0]", value: null },
		{ path: "properties.plain.more", value: null },
		{ path: "properties.none.at.all", value: null },
		// Property names are case-sensitive.
		{ path: "properties.Plain", value: null },
		// What every JavaScript object has is not in the data.
		{ path: "properties.constructor", value: null },
		{ path: "properties.list.length", value: null },
	])("$path", ({ path, value }) => {
		expect(resultOf(path, properties)).toEqual(value);
	});
});

describe("literals", () => {
	it.each([
		{ literal: "'single'", value: "single" },
		{ literal: '"double"', value: "double" },
		{ literal: "'it\\'s'", value: "it's" },
		{ literal: "@'C:\\raw'", value: "C:\\raw" },
		{ literal: "42", value: 42 },
		{ literal: "1.5", value: 1.5 },
		{ literal: "true", value: true },
		{ literal: "false", value: false },
	])("$literal", ({ literal, value }) => {
		expect(resultOf(literal)).toBe(value);
	});
});

describe("functions", () => {
	it.each([
		{ call: "tolower('AbC')", value: "abc" },
		{ call: "tolower(properties.text)", value: "text" },
		{ call: "tolower(properties.none)", value: "" },
		{ call: "tostring(properties.text)", value: "Text" },
		{ call: "tostring(properties.number)", value: "5" },
		{ call: "tostring(properties.flag)", value: "true" },
		{ call: "tostring(properties.list)", value: '[1,"b"]' },
		{ call: "tostring(properties.bag)", value: '{"a":1}' },
		{ call: "tostring(properties.none)", value: "" },
		{ call: "tostring(properties.nil)", value: "" },
		{ call: "toint(properties.number)", value: 5 },
		{ call: "toint('12')", value: 12 },
		{ call: "toint('-3')", value: -3 },
		{ call: "toint('abc')", value: null },
		{ call: "toint('')", value: null },
		{ call: "toint('10%')", value: null },
		{ call: "toint(2.9)", value: 2 },
		{ call: "toint(properties.none)", value: null },
		{ call: "toint(properties.list)", value: null },
		// One more than an int can be.
		{ call: "toint('2147483647')", value: 2147483647 },
		{ call: "toint('2147483648')", value: null },
		{ call: "array_length(properties.list)", value: 2 },
		{ call: "array_length(properties.bag)", value: null },
		{ call: "array_length(properties.text)", value: null },
		{ call: "array_length(properties.none)", value: null },
		{ call: "isnull(properties.none)", value: true },
		{ call: "isnull(properties.nil)", value: true },
		{ call: "isnull(properties.text)", value: false },
		{ call: "isnull(toint(properties.text))", value: true },
		{ call: "isnull('')", value: false },
		{
			call: "coalesce(properties.none, properties.text, properties.number)",
			value: "Text",
		},
		{ call: "coalesce(properties.none, properties.nil)", value: null },
		// Of strings, the empty ones are skipped too. Of dynamic values, only null.
		{ call: "coalesce('', tostring(properties.none), 'last')", value: "last" },
		{ call: "coalesce('', kind)", value: "" },
		{ call: "coalesce(properties.blank, properties.text)", value: "" },
		{
			call: "coalesce(toint(properties.text), toint(properties.number), 7)",
			value: 5,
		},
		{ call: "split('a/b//c', '/')", value: ["a", "b", "", "c"] },
		{ call: "split(properties.text, 'ex')", value: ["T", "t"] },
		{ call: "split(properties.none, '/')", value: [""] },
		// Both ends belong to a slice. What is beyond the array is not there.
		{ call: "array_slice(properties.list, 0, 0)", value: [1] },
		{ call: "array_slice(properties.list, 1, 9)", value: ["b"] },
		{ call: "array_slice(properties.list, 2, 9)", value: [] },
		{ call: "array_slice(properties.bag, 0, 9)", value: null },
		{ call: "array_slice(properties.none, 0, 9)", value: null },
	])("$call", ({ call, value }) => {
		const properties = {
			text: "Text",
			blank: "",
			number: 5,
			flag: true,
			list: [1, "b"],
			bag: { a: 1 },
			nil: null,
		};
		expect(resultOf(call, properties)).toEqual(value);
	});
});

describe("extend and project", () => {
	it("project keeps the order given and names paths as Kusto does", () => {
		const resources = [
			network("a", {
				tags: { "cost-centre": "x" },
				properties: { a: { b: [9] } },
			}),
		];
		const [row] = evaluate(
			"resources | project name, properties.a.b[0], tags['cost-centre'], n = 1, tolower(id)",
			{
				resources,
			},
		);
		expect(Object.entries(row ?? {})).toEqual([
			["name", "a"],
			["properties_a_b_0", 9],
			["tags_cost-centre", "x"],
			["n", 1],
			["Column1", networkId("a").toLowerCase()],
		]);
	});

	it("extend adds columns, replaces those of the same name and sees earlier operators", () => {
		const rows = evaluate(
			"resources | extend one = properties.a, name = 'b' | extend two = one | project name, one, two",
			{ resources: [network("a", { properties: { a: 1 } })] },
		);
		expect(rows).toEqual([{ name: "b", one: 1, two: 1 }]);
	});
});

describe("mv-expand", () => {
	const resources = [
		network("two", { properties: { list: ["x", "y"] } }),
		network("empty", { properties: { list: [] } }),
		network("nil", { properties: { list: null } }),
		network("missing"),
		network("bag", { properties: { list: { p: 1, q: 2 } } }),
		network("scalar", { properties: { list: "z" } }),
	];

	it("makes a row per element, none for an empty array and one with null for null", () => {
		const rows = evaluate(
			"resources | mv-expand e = properties.list limit 10 | project name, e",
			{ resources },
		);
		expect(rows).toEqual([
			{ name: "two", e: "x" },
			{ name: "two", e: "y" },
			{ name: "nil", e: null },
			{ name: "missing", e: null },
			{ name: "bag", e: { p: 1 } },
			{ name: "bag", e: { q: 2 } },
			{ name: "scalar", e: "z" },
		]);
	});

	it("can be done several times, and what was split has an index", () => {
		const nested = network("a", {
			properties: {
				subnets: [
					{ name: "s", list: [{ id: "/X/1" }, { id: "/x/2" }, { id: "/y/3" }] },
					{ name: "t", list: [{ id: "/z/4" }] },
					{ name: "u", list: [] },
				],
			},
		});
		const rows = evaluate(
			`resources
| mv-expand subnet = properties.subnets limit 9
| mv-expand entry = subnet.list limit 9
| extend parts = split(tolower(tostring(entry.id)), '/')
| summarize count() by subnet = tostring(subnet.name), owner = tostring(parts[1])
| order by subnet asc, owner asc`,
			{ resources: [nested] },
		);
		expect(rows).toEqual([
			{ subnet: "s", owner: "x", count_: 2 },
			{ subnet: "s", owner: "y", count_: 1 },
			{ subnet: "t", owner: "z", count_: 1 },
		]);
	});

	it("cuts silently at its limit", () => {
		const many = [network("a", { properties: { list: [1, 2, 3] } })];
		const cut = (limit: number) =>
			evaluate(
				`resources | mv-expand properties.list limit ${limit} | project properties_list`,
				{ resources: many },
			);
		expect(cut(2)).toEqual([{ properties_list: 1 }, { properties_list: 2 }]);
		expect(cut(3)).toHaveLength(3);
		expect(cut(1024)).toHaveLength(3);
	});

	it("replaces a column that it expands under its own name", () => {
		const rows = evaluate(
			"resources | mv-expand zones limit 5 | project name, zones",
			{
				resources: [network("a", { zones: ["1", "2"] })],
			},
		);
		expect(rows).toEqual([
			{ name: "a", zones: "1" },
			{ name: "a", zones: "2" },
		]);
	});
});

describe("summarize", () => {
	const resources = [
		network("a", { location: "westeurope", tags: { team: "x" } }),
		network("b", { location: "northeurope" }),
		network("c", { location: "westeurope", tags: { team: "x" } }),
		network("d", { location: "westeurope" }),
	];

	it('counts by columns and expressions, null and "" being groups as well', () => {
		const rows = evaluate(
			"resources | summarize count() by location, team = tostring(tags.team), n = toint(tags.n)",
			{
				resources,
			},
		);
		expect(rows).toEqual([
			{ location: "westeurope", team: "x", n: null, count_: 2 },
			{ location: "northeurope", team: "", n: null, count_: 1 },
			{ location: "westeurope", team: "", n: null, count_: 1 },
		]);
	});

	it("names the count as asked", () => {
		const rows = evaluate(
			"resources | summarize clusters = count() by id = tolower(type)",
			{ resources },
		);
		expect(rows).toEqual([
			{ id: "microsoft.network/virtualnetworks", clusters: 4 },
		]);
	});
});

describe("order by", () => {
	const resources = ["b", "a", "B", "none", "c"].map((name, index) =>
		network(name, name === "none" ? {} : { properties: { n: index } }),
	);
	const order = (keys: string) =>
		evaluate(
			`resources | extend n = toint(properties.n) | order by ${keys} | project name`,
			{ resources },
		).map(({ name }) => name);

	it.each([
		{ keys: "name asc", names: ["B", "a", "b", "c", "none"] },
		{ keys: "name desc", names: ["none", "c", "b", "a", "B"] },
		// Descending is the default.
		{ keys: "name", names: ["none", "c", "b", "a", "B"] },
		{ keys: "n asc", names: ["none", "b", "a", "B", "c"] },
		{ keys: "n desc", names: ["c", "B", "a", "b", "none"] },
		{ keys: "location asc, name asc", names: ["B", "a", "b", "c", "none"] },
	])("$keys", ({ keys, names }) => {
		expect(order(keys)).toEqual(names);
	});

	it("numbers sort as numbers", () => {
		const tens = [10, 9, 100].map((n) =>
			network(String(n), { properties: { n } }),
		);
		const rows = evaluate(
			"resources | project n = toint(properties.n) | order by n asc",
			{ resources: tens },
		);
		expect(rows).toEqual([{ n: 9 }, { n: 10 }, { n: 100 }]);
	});
});

it("take keeps the first rows", () => {
	expect(
		evaluate("resources | project name | take 2", { resources: sample }),
	).toEqual([{ name: "full" }, { name: "blank" }]);
});
