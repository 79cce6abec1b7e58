import { beforeEach, describe, expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { keepPart, readParts } from "../../shared/azure/factsStore.ts";
import { removePacks } from "../../shared/azure/packStore.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import {
	gatheredFrom,
	gatherParts,
	readPart,
} from "../../shared/inventory/gather.ts";
import type { QueryName } from "../../shared/inventory/queries.ts";
import type { Answer, Read } from "../../shared/inventory/reader.ts";
import type { Subscriptions } from "../../shared/inventory/subscriptions.ts";
import { gatherBy, readOf } from "../inventory/tenant.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";

const storage = sharedStorage();
let tables: Tables;

beforeEach(async () => {
	tables = await tablesOf(storage.next());
});

const audit = "7000.a";
const read = readOf(sampleFleet().resources);
const subscriptions: Subscriptions = {
	ids: ["s"],
	inManagementGroups: new Set(["s"]),
	gaps: [],
	lost: 0,
};

async function kept(from: Read = read): Promise<string[]> {
	const names: string[] = [];
	for (const part of gatherParts) {
		const keeper = keepPart(tables, audit, part, subscriptions);
		await readPart(from, part, keeper.keep);
		names.push(await keeper.end());
	}
	return names;
}

describe("what was read of the tenant", () => {
	it("is the same after it was kept, gaps and lost rows included", async () => {
		const asRead: Partial<Record<QueryName, Answer<unknown>>> = {};
		const torn: Read = async (query, scope) => {
			const answer = await read(query, scope);
			if (query.name !== "clusters") return answer;
			return {
				...answer,
				rows: answer.rows.slice(1),
				unreadable: [{ id: "/x", reason: "field id", raw: { id: "/X" } }],
				gaps: [
					{ kind: "rows", subscription: null, scope: "tenant", reason: "torn" },
				],
				lost: null,
			};
		};
		for (const part of gatherParts)
			await readPart(torn, part, async (name, answer) => {
				const rows = answer.rows.map((row) => JSON.parse(row));
				asRead[name] = { ...answer, rows };
			});
		const back = await readParts(tables, await kept(torn));
		expect(back.subscriptions).toEqual(subscriptions);
		expect(back.answers).toStrictEqual(asRead);
	});

	it("adds up to the same inventory as if nothing was kept", async () => {
		const { answers } = await readParts(tables, await kept());
		const whole = await gatherBy(read);
		expect(gatheredFrom(subscriptions, answers).inventory).toStrictEqual({
			...whole.inventory,
			subscriptions: new Set(["s"]),
		});
	});

	it("is refused where a part is missing", async () => {
		const [first = ""] = await kept();
		await expect(readParts(tables, [first])).rejects.toThrow(
			"the audit did not pass on all parts that it read",
		);
	});

	it("is refused where a pack is gone", async () => {
		const names = await kept();
		await removePacks(tables, new Set(names), audit);
		await expect(readParts(tables, names)).rejects.toThrow(
			/^pack \w+ is gone$/,
		);
	});

	it("goes with the packs that no snapshot names", async () => {
		const names = await kept();
		await removePacks(tables, new Set(), audit);
		const rows: unknown[] = [];
		for await (const row of tables.fleet.listEntities()) rows.push(row);
		expect(names).toHaveLength(2);
		expect(rows).toEqual([]);
	});
});
