import { createHash, randomBytes } from "node:crypto";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { odata } from "@azure/data-tables";
import { beforeAll, describe, expect, it } from "vitest";
import { TooLargeForEntity } from "../../shared/azure/entity.ts";
import { openTables } from "../../shared/azure/openTables.ts";
import {
	arrayOf,
	compressed,
	contentOf,
	linesOf,
	pack,
	packEntities,
	properties,
	rowsIn,
	unpack,
	unpackLines,
	unpackRows,
} from "../../shared/azure/pack.ts";
import { type Tables, writeEntities } from "../../shared/azure/tables.ts";
import { sharedStorage } from "../workflow/storage.ts";

const KiB = 1024;
const keys = { partitionKey: "p", rowKey: "r" };

/** A text of this many random bytes, which does not compress. */
function incompressible(bytes: number): string {
	return randomBytes(bytes).toString("base64");
}

/** What the service counts: names in UTF-16, strings in UTF-16, bytes as they are, and a few bytes each. */
function entitySize(entity: Record<string, unknown>): number {
	let size = 4;
	for (const [name, value] of Object.entries(entity)) {
		size += 8 + 2 * name.length;
		if (value instanceof Uint8Array) size += 4 + value.length;
		else if (typeof value === "string") size += 4 + 2 * value.length;
		else size += 8;
	}
	return size;
}

describe("rows of a pack", () => {
	const rows = [{ text: "one\ntwo ],[ \u2028" }, { text: "," }, { n: 3 }];

	it("are parsed one by one, or all at once as any pack", async () => {
		const { bytes } = await pack(rows);
		const rowAt = await rowsIn(bytes);
		expect([rowAt(2), rowAt(0), rowAt(1)]).toEqual([rows[2], rows[0], rows[1]]);
		expect(await unpack(bytes)).toEqual(rows);
		for (const position of [-1, 3])
			expect(() => rowAt(position)).toThrow(`no row ${position}`);
	});

	it("can be none", async () => {
		const { bytes } = await pack([]);
		expect(await unpack(bytes)).toEqual([]);
		const rowAt = await rowsIn(bytes);
		expect(() => rowAt(0)).toThrow("no row 0");
	});

	it("are read where an earlier release packed them as one text", async () => {
		const bytes = brotliCompressSync(JSON.stringify(rows));
		expect(await unpack(bytes)).toEqual(rows);
		const rowAt = await rowsIn(bytes);
		expect([rowAt(0), rowAt(2)]).toEqual([rows[0], rows[2]]);
		expect(() => rowAt(3)).toThrow("no row 3");
	});
});

describe("the text of a pack", () => {
	// 16 KiB are a piece: rows of all lengths begin and end in the middle of one.
	const rows = Array.from({ length: 300 }, (_, n) => ({
		n,
		text: "ä😀,]".repeat(n),
	}));

	it("is made and read in pieces, and is the same as if it were whole", async () => {
		const content = contentOf(rows);
		expect(content.pieces.length).toBeGreaterThan(5);
		const text = `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]`;
		expect(content.pieces.join("")).toBe(text);
		const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
		expect(content.hash).toBe(hash);
		expect(arrayOf(rows.map((row) => JSON.stringify(row)))).toEqual(content);
		const { bytes } = await compressed(content);
		expect(brotliDecompressSync(bytes).toString()).toBe(text);
		expect(await unpack(bytes)).toEqual(rows);
	});

	it("has lines that are read one by one", async () => {
		const entities = packEntities(keys, await compressed(linesOf(rows)));
		const lines = await unpackLines(entities);
		expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
	});
});

describe("packs", () => {
	let tables: Tables;

	beforeAll(async () => {
		tables = await openTables({
			kind: "connection-string",
			connectionString: sharedStorage().next(),
		});
	});

	// The service refuses a property above 64 KiB. The emulator does not.
	it.each([0, 10, 60, 200, 659, 661, 2000])(
		"of %i KiB keep to the limits of the service, and are read as written",
		async (size) => {
			const data = { text: incompressible(size * KiB), name: "ä😀" };
			const partitionKey = `size-${size}`;
			const entities = packEntities(
				{ partitionKey, rowKey: "r" },
				await pack(data),
			);
			for (const entity of entities) {
				expect(entitySize(entity)).toBeLessThanOrEqual(1024 * KiB);
				for (const value of Object.values(entity))
					if (value instanceof Uint8Array)
						expect(value.length).toBeLessThanOrEqual(64 * KiB);
			}
			await writeEntities(tables.fleet, entities);
			const rows = tables.fleet.listEntities({
				queryOptions: { filter: odata`PartitionKey eq ${partitionKey}` },
			});
			const read: Record<string, unknown>[] = [];
			for await (const row of rows) read.push(row);
			expect(await unpackRows(read)).toEqual(data);
		},
	);

	it("of the same data have the same hash, of other data another", async () => {
		const one = await pack({ a: 1 });
		expect(one.hash).toBe((await pack({ a: 1 })).hash);
		expect(one.hash).not.toBe((await pack({ a: 2 })).hash);
	});

	it("that lack an entity are refused", async () => {
		const entities = packEntities(keys, await pack(incompressible(1200 * KiB)));
		expect(entities).toHaveLength(2);
		expect(() => unpackRows(entities.slice(0, 1))).toThrow(
			"p/r has 1 of 2 entities",
		);
	});

	it("that must be one entity are refused where they cannot", async () => {
		const { bytes } = await pack(incompressible(1000 * KiB));
		expect(() => properties(bytes, "p")).toThrow(TooLargeForEntity);
	});

	// The service takes 4 MiB and 100 entities in one transaction.
	it("are written in transactions of less than 4 MiB", async () => {
		const sent: number[] = [];
		const table = new Proxy(tables.fleet, {
			get: (target, name) =>
				name === "submitTransaction"
					? (actions: [string, Record<string, unknown>][]) => {
							const bytes = actions.flatMap(([, entity]) =>
								Object.values(entity).map((value) =>
									value instanceof Uint8Array
										? Math.ceil(value.length / 3) * 4
										: JSON.stringify(value).length,
								),
							);
							sent.push(bytes.reduce((sum, size) => sum + size, 0));
							return target.submitTransaction(actions as never);
						}
					: Reflect.get(target, name),
		});
		const entities = await Promise.all(
			Array.from({ length: 8 }, async (_, row) => ({
				partitionKey: "p",
				rowKey: `r${row}`,
				...properties((await pack(incompressible(640 * KiB))).bytes, "p"),
			})),
		);
		await writeEntities(table, entities);
		expect(sent.length).toBeGreaterThanOrEqual(2);
		for (const bytes of sent) expect(bytes).toBeLessThan(4 * 1024 * KiB);
	});
});
