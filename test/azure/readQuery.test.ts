import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { documentedQuota } from "../../local/resourceGraph/quota.ts";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import {
	type ResourceGraphOptions,
	type ResourceGraphServer,
	startResourceGraph,
} from "../../local/resourceGraph/server.ts";
import { createPacer } from "../../shared/azure/pacer.ts";
import { createRead } from "../../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../../shared/azure/resourceGraphClient.ts";
import { AccessDenied, type Read } from "../../shared/inventory/reader.ts";
import { routeTablesQuery } from "../../shared/inventory/routeTables.ts";
import { byId, type Query } from "../../shared/inventory/rows.ts";
import { network, networks } from "../local/resourceGraph/resources.ts";

const names: Query<string> = {
	name: "networks",
	of: "networks",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| project id, name, tags
| order by id asc`,
	key: byId,
	parse: ({ name }) => String(name),
};
const required = { ...names, required: true };

interface Reader {
	readonly read: Read;
	/** Reads from the same server, and knows nothing of the first. */
	readonly other: Read;
	readonly server: ResourceGraphServer;
	/** Waits that were asked for, in milliseconds. None is waited for. */
	readonly waits: readonly number[];
	statuses(): number[];
}

let servers: ResourceGraphServer[] = [];

afterEach(async () => {
	vi.restoreAllMocks();
	for (const server of servers) await server.close();
	servers = [];
});

/** Reads from an emulator whose time passes only where the reader waits. */
async function reader(
	options: ResourceGraphOptions,
	subscriptions: readonly string[] = ["sub-1", "sub-2"],
): Promise<Reader> {
	let time = Date.parse("2026-11-22T05:00:00Z");
	const now = () => time;
	const waits: number[] = [];
	const wait = async (milliseconds: number) => {
		waits.push(milliseconds);
		time += milliseconds;
	};
	const server = await startResourceGraph({ quota: "off", now, ...options });
	servers.push(server);
	const client = resourceGraphClient({
		endpoint: server.url,
		authorityHost: "",
		tokenScope: null,
	});
	const readWithPacerOfItsOwn = () =>
		createRead({
			client,
			pacer: createPacer(now, wait),
		})(subscriptions);
	return {
		read: readWithPacerOfItsOwn(),
		other: readWithPacerOfItsOwn(),
		server,
		waits,
		statuses: () => server.requests.map(({ status }) => status),
	};
}

const expectedNames = networks(2345).map(({ name }) => name);

describe("pages", () => {
	it("are followed to the last row", async () => {
		const { read, server } = await reader({ resources: networks(2345) });
		expect(await read(names, {})).toEqual({
			rows: expectedNames,
			unreadable: [],
			gaps: [],
			lost: 0,
		});
		expect(server.requests.map(({ page }) => page)).toEqual([0, 1, 2]);
	});

	it.each([0, 1, 1000])("are one where %i rows are there", async (count) => {
		const { read, server } = await reader({
			resources: count === 0 ? [] : networks(count),
		});
		expect(await read(names, {})).toMatchObject({
			rows: { length: count },
			gaps: [],
		});
		expect(server.requests).toHaveLength(1);
	});

	it("may bring a row twice", async () => {
		const { read } = await reader({
			resources: networks(2345),
			faults: [{ fault: { kind: "repeatRow" } }],
		});
		const { rows, gaps } = await read(names, {});
		expect(rows).toEqual(expectedNames);
		expect(gaps).toEqual([]);
	});

	it("are read once more where one was lost", async () => {
		const { read, server } = await reader({
			resources: networks(2345),
			faults: [
				{
					match: ({ page }) => page === 1,
					times: 1,
					fault: { kind: "losePage" },
				},
			],
		});
		const { rows, gaps } = await read(names, {});
		expect(rows).toEqual(expectedNames);
		expect(gaps).toEqual([]);
		expect(server.requests.length).toBeGreaterThan(3);
	});

	it("that stay lost are a gap with numbers, and the rest is kept", async () => {
		const { read } = await reader({
			resources: networks(2345),
			faults: [
				{ match: ({ page }) => page === 1, fault: { kind: "losePage" } },
			],
		});
		const { rows, gaps, lost } = await read(names, {});
		expect(rows).toHaveLength(1345);
		expect(lost).toBe(1000);
		expect(gaps).toEqual([
			{
				kind: "rows",
				subscription: null,
				scope: "tenant",
				reason: "1345 of 2345 networks answered, also when asked again",
			},
		]);
	});

	it("that end without a token are read once more", async () => {
		const { read } = await reader({
			resources: networks(2345),
			faults: [{ times: 1, fault: { kind: "truncate" } }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: expectedNames,
			gaps: [],
		});
	});

	it("that always end without a token are a gap", async () => {
		const { read } = await reader({
			resources: networks(2345),
			faults: [{ fault: { kind: "truncate" } }],
		});
		const answer = await read(names, { subscriptions: ["sub-1"] });
		expect(answer.rows).toHaveLength(1000);
		expect(answer.lost).toBe(1345);
		expect(answer.gaps).toEqual([
			{
				kind: "rows",
				subscription: "sub-1",
				scope: "subscription sub-1",
				reason: "1000 of 2345 networks answered, also when asked again",
			},
		]);
	});

	it("whose rows a filter on the server forgets are not a gap that a reader could see", async () => {
		const { read } = await reader({
			resources: [...networks(3), ...networks(2, "sub-2")],
			faults: [{ fault: { kind: "forget", subscriptionId: "sub-2" } }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: { length: 3 },
			gaps: [],
		});
	});
});

describe("a page", () => {
	const page = (name: string, skipToken?: string) => ({
		data: [{ id: `/${name}`, name }],
		totalRecords: 2,
		count: 1,
		resultTruncated: "false" as const,
		...(skipToken === undefined ? {} : { skipToken }),
	});

	it("is parsed while the next one travels", async () => {
		const events: string[] = [];
		const client = {
			resources: async ({ options }: { options?: { skipToken?: string } }) => {
				const isFirst = options?.skipToken === undefined;
				events.push(`asked for page ${isFirst ? 1 : 2}`);
				await setImmediate();
				return isFirst ? page("first", "more") : page("second");
			},
		};
		const query: Query<string> = {
			...names,
			parse: ({ name }) => {
				events.push(`parsed ${name}`);
				return String(name);
			},
		};
		const { rows } = await createRead({ client })([])(query, {});
		expect(rows).toEqual(["first", "second"]);
		expect(events).toEqual([
			"asked for page 1",
			"asked for page 2",
			"parsed first",
			"parsed second",
		]);
	});

	it("whose parser fails for a reason of its own ends the reading, whatever becomes of the next one", async () => {
		const client = {
			resources: async ({ options }: { options?: { skipToken?: string } }) => {
				if (options?.skipToken === undefined) return page("first", "more");
				throw new Error("no second page");
			},
		};
		const broken: Query<string> = {
			...names,
			parse: () => {
				throw new TypeError("a mistake in the parser");
			},
		};
		await expect(createRead({ client })([])(broken, {})).rejects.toThrow(
			"a mistake in the parser",
		);
	});
});

const rowsGap = (reason: string | RegExp) => ({
	kind: "rows",
	subscription: null,
	scope: "tenant",
	reason: typeof reason === "string" ? reason : expect.stringMatching(reason),
});

describe("paging ends", () => {
	const onPage = (page: number) => (request: { page: number }) =>
		request.page === page;

	it("with a gap if a page returns its own token again", async () => {
		const { read, server } = await reader({
			resources: networks(2345),
			faults: [{ fault: { kind: "repeatToken" } }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: { length: 2000 },
			lost: 345,
			gaps: [
				rowsGap(
					"2000 of 2345 networks answered, also when asked again. Resource Graph repeated a $skipToken",
				),
			],
		});
		// Twice the first page and the one that repeats.
		expect(server.requests.map(({ page }) => page)).toEqual([0, 1, 0, 1]);
	});

	it("with a gap if pages are short and one returns its own token again", async () => {
		const { read } = await reader({
			resources: networks(9),
			faults: [
				{ fault: { kind: "shortPage", rows: 3 } },
				{ fault: { kind: "repeatToken" } },
			],
		});
		expect(await read(required, {})).toMatchObject({
			rows: { length: 6 },
			lost: 3,
			gaps: [rowsGap(/^6 of 9 networks answered/)],
		});
	});

	it("without one where the next attempt has no such token", async () => {
		const { read } = await reader({
			resources: networks(2345),
			faults: [{ fault: { kind: "repeatToken" }, match: onPage(1), times: 1 }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: expectedNames,
			lost: 0,
			gaps: [],
		});
	});

	it("after three pages without a new row, each with a token of its own", async () => {
		const { read, server } = await reader({
			resources: networks(2345),
			faults: [
				{ fault: { kind: "endless" } },
				{ fault: { kind: "losePage" }, match: onPage(1) },
			],
		});
		expect(await read(names, {})).toMatchObject({
			rows: { length: 1345 },
			lost: 1000,
			gaps: [
				rowsGap(
					"1345 of 2345 networks answered, also when asked again. 3 pages in a row had no new row",
				),
			],
		});
		// Page 2 came instead of page 1.
		expect(server.requests.map(({ page }) => page)).toEqual([
			...[0, 1, 3, 4, 5],
			...[0, 1, 3, 4, 5],
		]);
	});

	it("with nobody knowing what is missing where as many rows came as were announced", async () => {
		const { read } = await reader({
			resources: networks(5),
			faults: [{ fault: { kind: "endless" } }],
		});
		expect(await read(required, {})).toMatchObject({
			rows: { length: 5 },
			lost: null,
			gaps: [rowsGap(/^5 of 5 networks answered/)],
		});
	});
});

describe("a page that fails to the last try", () => {
	const faults = (kind: "unavailable" | "reset" | "deny", page: number) => [
		{
			match: (request: { page: number }) => request.page === page,
			fault: { kind },
		},
	];

	it.each([
		{ page: 1, rows: 1000, lost: 1345 },
		{ page: 2, rows: 2000, lost: 345 },
	])(
		"leaves the $rows rows before page $page, and says how many are lost",
		async ({ page, rows, lost }) => {
			const { read, server } = await reader({
				resources: networks(2345),
				faults: faults("unavailable", page),
			});
			expect(await read(required, {})).toMatchObject({
				rows: { length: rows },
				lost,
				gaps: [
					rowsGap(
						new RegExp(
							`^${rows} of 2345 networks answered\\. Resource Graph did not answer the query for networks: status 503 .*, 7 times in a row$`,
						),
					),
				],
			});
			// It has been waited for: the whole is not asked for once more.
			expect(server.requests).toHaveLength(page + 7);
		},
	);

	it.each(["unavailable", "reset"] as const)(
		"and is the first leaves nothing, of an unknown number: %s",
		async (kind) => {
			const { read } = await reader({
				resources: networks(5),
				faults: faults(kind, 0),
			});
			expect(await read(names, {})).toEqual({
				rows: [],
				unreadable: [],
				lost: null,
				gaps: [rowsGap(/^none of the networks answered\. .*7 times in a row$/)],
			});
		},
	);

	it("for lack of permission is asked for once more, with the whole, and then a gap", async () => {
		const { read, server } = await reader({
			resources: networks(2345),
			faults: faults("deny", 1),
		});
		expect(await read(required, {})).toMatchObject({
			rows: { length: 1000 },
			lost: 1345,
			gaps: [rowsGap(/^1000 of 2345 networks answered, .*role Reader/)],
		});
		expect(server.requests.map(({ page }) => page)).toEqual([0, 1, 0, 1]);
	});

	it("once for lack of permission leaves no gap", async () => {
		const [rule] = faults("deny", 1);
		const { read } = await reader({
			resources: networks(2345),
			faults: rule ? [{ ...rule, times: 1 }] : [],
		});
		expect(await read(required, {})).toMatchObject({
			rows: expectedNames,
			lost: 0,
			gaps: [],
		});
	});

	it("in one part leaves the other parts", async () => {
		const { read } = await reader({
			resources: [
				...networks(30).map((one) => ({ ...one, tags: fatTags })),
				...networks(20, "sub-2").map((one) => ({ ...one, tags: fatTags })),
			],
			maxResponseBytes: 200_000,
			faults: [
				{
					match: ({ scope }) => scope.subscriptions.join() === "sub-2",
					fault: { kind: "deny" },
				},
			],
		});
		expect(await read(required, {})).toMatchObject({
			rows: { length: 30 },
			lost: null,
			gaps: [
				{
					kind: "rows",
					subscription: "sub-2",
					scope: "subscription sub-2",
					reason: expect.stringMatching(/^none of the networks answered/),
				},
			],
		});
	});

	const fatTags = { text: "x".repeat(10_000) };
});

describe("quota", () => {
	it("is paced by its headers: nothing is ever refused", async () => {
		const { read, statuses, waits } = await reader({
			resources: networks(5),
			quota: { requests: 3, seconds: 5 },
		});
		for (let query = 0; query < 8; query++) await read(names, {});
		expect(statuses()).toEqual(Array(8).fill(200));
		// After the third and the sixth.
		expect(waits).toEqual([5000, 5000]);
	});

	it("counts what is in flight: of forty queries at once none is refused", async () => {
		const { read, statuses } = await reader({
			resources: networks(5),
			quota: documentedQuota,
		});
		const answers = await Promise.all(
			Array.from({ length: 40 }, () => read(names, {})),
		);
		expect(answers.map(({ rows }) => rows.length)).toEqual(Array(40).fill(5));
		expect(statuses()).toEqual(Array(40).fill(200));
	});

	it.each([
		{ what: "without Retry-After", retryAfter: false },
		{ what: "with Retry-After", retryAfter: true },
	])(
		"that other callers use up as well is waited for, $what",
		async ({ retryAfter }) => {
			const { read, other, statuses } = await reader({
				resources: networks(5),
				quota: { requests: 15, seconds: 5, retryAfter },
			});
			// Two programs with one identity know nothing of each other.
			const answers = await Promise.all(
				Array.from({ length: 20 }, () => [
					read(names, {}),
					other(names, {}),
				]).flat(),
			);
			expect(answers.map(({ rows }) => rows.length)).toEqual(Array(40).fill(5));
			expect(statuses()).toContain(429);
			expect(statuses().filter((status) => status === 200)).toHaveLength(40);
		},
	);

	it.each([
		{ what: "Retry-After", fault: { retryAfterSeconds: 7 }, wait: 7000 },
		{
			what: "Retry-After rather than the quota's header",
			fault: { retryAfterSeconds: 7, resetsAfterSeconds: 2 },
			wait: 7000,
		},
		{
			what: "the quota's header alone",
			fault: { resetsAfterSeconds: 3 },
			wait: 3000,
		},
		{
			what: "the quota's header beside a body of two bytes",
			fault: { resetsAfterSeconds: 3, twoByteBody: true },
			wait: 3000,
		},
	])("refused two in three is waited for by $what", async ({ fault, wait }) => {
		const { read, statuses, waits } = await reader({
			resources: networks(2345),
			faults: [
				{ rate: { hit: 2, of: 3 }, fault: { kind: "throttle", ...fault } },
			],
		});
		expect(await read(names, {})).toMatchObject({
			rows: expectedNames,
			gaps: [],
		});
		expect(statuses()).toEqual([
			...[429, 429, 200],
			...[429, 429, 200],
			...[429, 429, 200],
		]);
		expect(new Set(waits)).toEqual(new Set([wait]));
	});

	it("refused for ever ends the reading of what is required, with what was asked", async () => {
		const { read, server } = await reader({
			resources: networks(5),
			faults: [{ fault: { kind: "throttle" } }],
		});
		await expect(read(required, {})).rejects.toThrow(
			"throttled the query for networks 30 times in a row",
		);
		expect(server.requests).toHaveLength(30);
	});

	it("refused for ever is a gap of what is not", async () => {
		const { read, server } = await reader({
			resources: networks(5),
			faults: [{ fault: { kind: "throttle" } }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: [],
			lost: null,
			gaps: [
				rowsGap(
					"none of the networks answered. Resource Graph throttled the query for networks 30 times in a row",
				),
			],
		});
		expect(server.requests).toHaveLength(30);
	});
});

describe("passing failures", () => {
	it.each([
		{ what: "503", kind: "unavailable" as const },
		{ what: "a closed connection", kind: "reset" as const },
	])("are tried again after ever longer waits: $what", async ({ kind }) => {
		const { read, waits } = await reader({
			resources: networks(2345),
			faults: [
				{
					match: ({ page }) => page === 1,
					times: 3,
					fault: { kind },
				},
			],
		});
		expect(await read(names, {})).toMatchObject({
			rows: expectedNames,
			gaps: [],
		});
		expect(waits).toHaveLength(3);
		for (const [index, most] of [1000, 2000, 4000].entries()) {
			expect(waits[index]).toBeGreaterThanOrEqual(most / 2);
			expect(waits[index]).toBeLessThanOrEqual(most);
		}
	});

	it("are a lack of any answer as well", async () => {
		const within = AbortSignal.timeout.bind(AbortSignal);
		const limits: number[] = [];
		vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
			limits.push(milliseconds);
			return within(Math.min(milliseconds, 300));
		});
		const { read, server } = await reader({
			resources: networks(5),
			faults: [{ times: 1, fault: { kind: "hang" } }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: { length: 5 },
			gaps: [],
		});
		expect(server.requests).toHaveLength(2);
		expect(Math.min(...limits)).toBeGreaterThanOrEqual(30_000);
	});

	it("that stay end the reading of what is required with the status", async () => {
		const { read, server } = await reader({
			resources: networks(5),
			faults: [{ fault: { kind: "unavailable" } }],
		});
		await expect(read(required, {})).rejects.toThrow(
			/networks: status 503 .*ServiceUnavailable.*, 7 times in a row/,
		);
		expect(server.requests).toHaveLength(7);
	});
});

describe("answers that are too large", () => {
	it("are asked for in smaller pages", async () => {
		const { read, statuses, server } = await reader({
			resources: networks(2345),
			// 1,000 rows are about 150,000 bytes, 500 are 75,000.
			maxResponseBytes: 100_000,
		});
		expect(await read(names, {})).toMatchObject({
			rows: expectedNames,
			gaps: [],
		});
		expect(statuses()).toEqual([400, 200, 200, 200, 200, 200]);
		for (const { scope } of server.requests)
			expect(scope.subscriptions).toEqual([]);
	});

	it("even in pages of 25 are asked for by subscription", async () => {
		const { read, server } = await reader({
			resources: [...fat(30, "sub-1"), ...fat(20, "sub-2")],
			maxResponseBytes: 200_000,
		});
		const { rows, gaps } = await read(names, {});
		expect(gaps).toEqual([]);
		expect(rows).toHaveLength(50);
		const scopes = server.requests
			.filter(({ status }) => status === 200)
			.map(({ scope }) => scope.subscriptions.join());
		expect(new Set(scopes)).toEqual(new Set(["sub-1", "sub-2"]));
	});

	it("for one subscription alone, row by row, are a gap with its name", async () => {
		const { read } = await reader({
			resources: [
				...fat(30, "sub-1"),
				network("monster", {
					subscription: "sub-2",
					tags: { text: "x".repeat(300_000) },
				}),
			],
			maxResponseBytes: 200_000,
		});
		const { rows, gaps, lost } = await read(required, {});
		expect(rows).toHaveLength(30);
		expect(lost).toBeNull();
		expect(gaps).toEqual([
			{
				kind: "rows",
				subscription: "sub-2",
				scope: "subscription sub-2",
				reason:
					"the answer with its networks is too large even in the smallest part",
			},
		]);
	});

	it("row by row in every subscription end the reading of what is required", async () => {
		const { read } = await reader({
			resources: fat(1, "sub-1"),
			maxResponseBytes: 5_000,
		});
		await expect(read(required, {})).rejects.toThrow(
			"the answer with its networks is too large even in the smallest part",
		);
		expect(await read(names, {})).toMatchObject({ rows: [], lost: null });
	});

	function fat(count: number, subscription: string): ArmResource[] {
		return Array.from({ length: count }, (_, index) =>
			network(`fat-${index}`, {
				subscription,
				tags: { text: "x".repeat(10_000) },
			}),
		);
	}
});

describe("rows", () => {
	const table = (name: string) =>
		({
			id: `/subscriptions/sub-1/resourceGroups/Net/providers/Microsoft.Network/routeTables/${name}`,
			name,
			type: "Microsoft.Network/routeTables",
			properties: { routes: [] },
		}) satisfies ArmResource;

	it("that cannot be parsed are gaps with their ID and field, and the rest is kept", async () => {
		const { read } = await reader({
			resources: [table("A"), table("B"), table("C")],
			faults: [
				{
					fault: {
						kind: "breakField",
						row: 1,
						field: "routes",
						value: "many",
					},
				},
			],
		});
		const { rows, unreadable, gaps, lost } = await read(routeTablesQuery, {});
		// They arrived.
		expect(lost).toBe(0);
		expect(rows.map(({ id }) => id.split("/").at(-1))).toEqual(["a", "c"]);
		const id = table("B").id.toLowerCase();
		expect(unreadable).toEqual([
			{
				id,
				reason: expect.stringMatching(/^field routes: /),
				raw: expect.objectContaining({ id: table("B").id, routes: "many" }),
			},
		]);
		expect(gaps).toEqual([
			{
				kind: "row",
				subscription: "sub-1",
				scope: id,
				reason: expect.stringMatching(/^route tables: field routes: /),
			},
		]);
	});
});

describe("a row that comes twice", () => {
	it.each([
		{ what: "broken first", values: ["many", 3], rows: [3], unreadable: 0 },
		{ what: "broken at last", values: [3, "many"], rows: [], unreadable: 1 },
	])("counts as it came last: $what", async ({ values, rows, unreadable }) => {
		const id = "/subscriptions/s/resourceGroups/g/providers/p/routeTables/t";
		const row = { id, subscriptionId: "s", resourceGroup: "g" };
		const client = {
			resources: async () => ({
				data: values.map((routes) => ({ ...row, routes })),
				totalRecords: 1,
				count: 1,
				resultTruncated: "false" as const,
			}),
		};
		const answer = await createRead({ client })([])(routeTablesQuery, {});
		expect(answer.rows.map(({ routes }) => routes)).toEqual(rows);
		expect(answer.unreadable).toHaveLength(unreadable);
		expect(answer.gaps).toHaveLength(unreadable);
		expect(answer.lost).toBe(0);
	});
});

describe("refusals", () => {
	it("of permission name the role, and are not tried again", async () => {
		const { read, server } = await reader({
			resources: networks(5),
			faults: [{ fault: { kind: "deny" } }],
		});
		const refused = read(required, {});
		await expect(refused).rejects.toThrow(AccessDenied);
		await expect(refused).rejects.toThrow(
			/networks \(.*AccessDenied.*role Reader/,
		);
		expect(server.requests).toHaveLength(1);
	});

	it("of permission are a gap of what is not required", async () => {
		const { read, server } = await reader({
			resources: networks(5),
			faults: [{ fault: { kind: "deny" } }],
		});
		expect(await read(names, {})).toMatchObject({
			rows: [],
			lost: null,
			gaps: [rowsGap(/^none of the networks answered\. .*role Reader/)],
		});
		expect(server.requests).toHaveLength(1);
	});

	it("of a query name what was wrong with it", async () => {
		const { read, server } = await reader({ resources: networks(5) });
		const wrong = { ...required, kql: "resources | project id, nonsense" };
		await expect(read(wrong, {})).rejects.toThrow(
			/refused the query for networks: status 400: .*InvalidQuery/,
		);
		expect(server.requests).toHaveLength(1);
	});
});

describe("a tenant of more subscriptions than one request answers", () => {
	const ids = Array.from({ length: 1500 }, (_, index) => `sub-${index}`);
	const resources = ids.map((subscription) =>
		network("only", { subscription }),
	);

	it("is read in batches of a thousand", async () => {
		const { read, server } = await reader(
			{ resources, tenantSubscriptionLimitHit: true },
			ids,
		);
		const { rows, gaps } = await read(names, {});
		expect(rows).toHaveLength(1500);
		expect(gaps).toEqual([]);
		expect(
			server.requests.map(({ scope }) => scope.subscriptions.length),
		).toEqual([0, 0, 1000, 500]);
	});

	it("keeps what arrived, with a gap, without a list to ask by", async () => {
		const { read } = await reader(
			{ resources, tenantSubscriptionLimitHit: true },
			[],
		);
		const { rows, gaps, lost } = await read(names, {});
		expect(rows).toHaveLength(1500);
		expect(lost).toBeNull();
		expect(gaps).toEqual([rowsGap(/subscriptions/)]);
	});
});
