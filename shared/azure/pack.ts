import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants } from "node:zlib";
import type { TableEntity } from "@azure/data-tables";
import { type Keys, TooLargeForEntity } from "./entity.ts";

/*
 * Data of many clusters in one entity, compressed. The service takes 64 KiB a binary property and 1 MiB an entity, names
 * included; the emulator checks only the second.
 */

const longestProperty = 60 * 1024;
/** 15 would do in Azure; the emulator counts their Base64. */
const mostProperties = 11;
/** Brotli's own default, 11, blocks a process for seconds; 4 is as small as deflate and twice as fast. */
const quality = 4;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Compressed JSON, with a hash of the JSON itself: what is compressed differs from one version of the library to the next. */
export interface Pack {
	readonly hash: string;
	readonly bytes: Uint8Array;
}

export async function pack(data: unknown): Promise<Pack> {
	const json = Buffer.from(JSON.stringify(data));
	const bytes = await compress(json, {
		params: {
			[constants.BROTLI_PARAM_QUALITY]: quality,
			[constants.BROTLI_PARAM_SIZE_HINT]: json.length,
		},
	});
	return { hash: contentHash(json), bytes };
}

/** 32 hex digits of a text's SHA-256: two contents with the same one will not be met. */
export function contentHash(json: Uint8Array | string): string {
	return createHash("sha256").update(json).digest("hex").slice(0, 32);
}

/** A pack as one entity; throws where an entity cannot take it. */
export function packEntity(
	keys: Keys,
	{ bytes }: Pick<Pack, "bytes">,
	columns: Readonly<Record<string, string | number | boolean>> = {},
): TableEntity {
	if (bytes.length > mostProperties * longestProperty)
		throw new TooLargeForEntity(
			`${keys.partitionKey}/${keys.rowKey} has ${bytes.length} bytes; an entity takes ${mostProperties * longestProperty}`,
		);
	const entity: TableEntity = { ...keys, ...columns };
	for (let part = 0; part * longestProperty < bytes.length; part++)
		entity[`p${part}`] = bytes.subarray(
			part * longestProperty,
			(part + 1) * longestProperty,
		);
	return entity;
}

/**
 * A pack as one entity, or as a few of the same partition: `{rowKey}`, `{rowKey}+1`, ... The first says how many there
 * are, so that a part that is missing is noticed.
 */
export function packEntities(
	{ partitionKey, rowKey }: Keys,
	{ bytes }: Pick<Pack, "bytes">,
	columns: Readonly<Record<string, string | number | boolean>> = {},
): TableEntity[] {
	const most = mostProperties * longestProperty;
	const count = Math.max(1, Math.ceil(bytes.length / most));
	return Array.from({ length: count }, (_, part) =>
		packEntity(
			{ partitionKey, rowKey: part === 0 ? rowKey : `${rowKey}+${part}` },
			{ bytes: bytes.subarray(part * most, (part + 1) * most) },
			part === 0 ? { ...columns, parts: count } : {},
		),
	);
}

/** The bytes of one entity that `packEntity` made. */
export function packedBytes(
	entity: Readonly<Record<string, unknown>>,
): Uint8Array {
	const parts: Uint8Array[] = [];
	for (let part = 0; ; part++) {
		const value = entity[`p${part}`];
		if (!(value instanceof Uint8Array)) return Buffer.concat(parts);
		parts.push(value);
	}
}

/** The data of the entities that `packEntities` made of one pack, in any order. */
export function unpackRows<T>(
	rows: readonly Readonly<Record<string, unknown>>[],
): Promise<T> {
	const part = ({ rowKey }: Readonly<Record<string, unknown>>) =>
		Number(String(rowKey).split("+")[1] ?? 0);
	return unpack(rows.toSorted((a, b) => part(a) - part(b)));
}

/** The data of entities that `packEntities` or `packEntity` made, in the order of their parts. */
async function unpack<T>(
	entities: readonly Readonly<Record<string, unknown>>[],
): Promise<T> {
	const [first] = entities;
	const parts = Number(first?.parts ?? 1);
	if (entities.length !== parts)
		throw new Error(
			`${first?.partitionKey}/${first?.rowKey} has ${entities.length} of ${parts} entities`,
		);
	const bytes = Buffer.concat(entities.map(packedBytes));
	const json = await decompress(bytes);
	// The program wrote it: its shape is trusted.
	return JSON.parse(json.toString("utf8")) as T;
}
