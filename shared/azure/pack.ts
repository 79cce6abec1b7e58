import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompressSync, constants } from "node:zlib";
import type { TableEntity } from "@azure/data-tables";
import { type Keys, TooLargeForEntity } from "./entity.ts";

/*
 * Data of many clusters in one entity, compressed. The service takes 64 KiB a binary property and 1 MiB an entity,
 * names included. The emulator checks only the second.
 */

const longestProperty = 60 * 1024;
/** 15 would do in Azure. The emulator counts their Base64. */
const mostProperties = 11;
const mostBytes = mostProperties * longestProperty;
/** Brotli's own default, 11, blocks a process for seconds. 3 is as small as deflate and takes half of its time. */
const quality = 3;
/** 1 MiB, of the 4 MiB that are the default: it takes less memory, and packs are seldom larger. */
const windowBits = 20;

const compress = promisify(brotliCompress);

/** JSON shrinks to less than a tenth seldom: a buffer of that size takes the whole of most packs at once. */
const mostlyShrinksBy = 10;

/**
 * A pack takes a millisecond or a few. By the library's defaults, each 16 KiB of it would go to another thread and come
 * back, which takes several times as long.
 */
function decompress(bytes: Uint8Array): Buffer {
	const chunkSize = Math.max(1024, bytes.length * mostlyShrinksBy);
	return brotliDecompressSync(bytes, { chunkSize });
}

/**
 * Data as JSON, with a hash of it: what is compressed differs from one version of the library to the next. Two contents
 * with the same hash will not be met.
 */
export interface Content {
	/** 32 hex digits of the SHA-256. */
	readonly hash: string;
	/** The text, as pieces. What is stored already is never turned into bytes. */
	readonly pieces: readonly string[];
}

/** An array has a row on each line. */
export function contentOf(data: unknown): Content {
	return Array.isArray(data)
		? arrayOf(data.map((row) => JSON.stringify(row)))
		: hashed([JSON.stringify(data)]);
}

/** An array of data that is JSON already. */
export function arrayOf(rows: readonly string[]): Content {
	return hashed(
		rows.length === 0 ? ["[]"] : inPieces(rows, ["[\n", ",\n", "\n]"]),
	);
}

/** Rows as lines of JSON: who needs a few of many does not parse the others. */
export function linesOf(rows: readonly unknown[]): Content {
	return hashed(
		inPieces(
			rows.map((row) => JSON.stringify(row)),
			["", "\n", ""],
		),
	);
}

/** V8 gives a large string memory of its own: to make or to read it takes several times as long as its pieces. */
const pieceLength = 16 * 1024;

function inPieces(
	rows: readonly string[],
	[begin, between, end]: readonly [string, string, string],
): string[] {
	const pieces: string[] = [];
	let piece = begin;
	for (const [index, row] of rows.entries()) {
		piece += index === 0 ? row : between + row;
		if (piece.length < pieceLength) continue;
		pieces.push(piece);
		piece = "";
	}
	return [...pieces, piece + end];
}

/** The rows of a pack by their positions, from 0: each is parsed when it is asked for. Throws where there is none. */
export async function rowsIn<T>(
	bytes: Uint8Array,
): Promise<(position: number) => T> {
	const plain = decompress(bytes);
	const lines = hasRows(plain) ? rowLines(plain) : null;
	// Earlier releases wrote all rows on one line.
	const all = lines === null ? (JSON.parse(plain.toString()) as T[]) : [];
	return (position) => {
		const line = lines?.[position];
		const row = line ? parsed<T>(plain, line) : all[position];
		if (row === undefined) throw new Error(`a pack has no row ${position}`);
		return row;
	};
}

/** Where a line begins, and where it ends without what follows it. */
type Line = readonly [number, number];

const newLine = "\n".charCodeAt(0);
const comma = ",".charCodeAt(0);

/** An array with a row on each line. JSON itself never has a line break in a row. */
function hasRows(plain: Buffer): boolean {
	return plain[0] === "[".charCodeAt(0) && plain[1] === newLine;
}

function rowLines(plain: Buffer): Line[] {
	return linesIn(plain)
		.slice(1, -1)
		.map(([from, to]) => [from, plain[to - 1] === comma ? to - 1 : to]);
}

function linesIn(plain: Buffer): Line[] {
	const lines: Line[] = [];
	for (let from = 0; ; ) {
		const to = plain.indexOf(newLine, from);
		if (to === -1) return [...lines, [from, plain.length]];
		lines.push([from, to]);
		from = to + 1;
	}
}

function parsed<T>(plain: Buffer, [from, to]: Line): T {
	return JSON.parse(plain.toString("utf8", from, to)) as T;
}

function hashed(pieces: readonly string[]): Content {
	const hash = createHash("sha256");
	for (const piece of pieces) hash.update(piece);
	return { hash: hash.digest("hex").slice(0, 32), pieces };
}

/** A content, compressed. */
export interface Pack {
	readonly hash: string;
	readonly bytes: Uint8Array;
}

export async function compressed({ hash, pieces }: Content): Promise<Pack> {
	const plain = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
	const bytes = await compress(plain, {
		params: {
			[constants.BROTLI_PARAM_QUALITY]: quality,
			[constants.BROTLI_PARAM_LGWIN]: windowBits,
			[constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
		},
	});
	return { hash, bytes };
}

export function pack(data: unknown): Promise<Pack> {
	return compressed(contentOf(data));
}

/** The bytes of a pack as properties `{prefix}0`, `{prefix}1`, .... Throws where an entity cannot take them. */
export function properties(
	bytes: Uint8Array,
	prefix: string,
): Record<string, Uint8Array> {
	if (bytes.length > mostBytes)
		throw new TooLargeForEntity(
			`a pack has ${bytes.length} bytes; an entity takes ${mostBytes}`,
		);
	const parts: Record<string, Uint8Array> = {};
	for (let part = 0; part * longestProperty < bytes.length; part++)
		parts[`${prefix}${part}`] = bytes.subarray(
			part * longestProperty,
			(part + 1) * longestProperty,
		);
	return parts;
}

/** The names of all properties that a pack can have: what is not asked for is not sent. */
export function propertyNames(prefix: string): string[] {
	return Array.from({ length: mostProperties }, (_, part) => prefix + part);
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
	const count = Math.max(1, Math.ceil(bytes.length / mostBytes));
	return Array.from({ length: count }, (_, part) => ({
		partitionKey,
		rowKey: part === 0 ? rowKey : `${rowKey}+${part}`,
		...(part === 0 ? { ...columns, parts: count } : columns),
		...properties(
			bytes.subarray(part * mostBytes, (part + 1) * mostBytes),
			"p",
		),
	}));
}

/** The row key of the pack that an entity is a part of. */
export function packKey({ rowKey }: Readonly<Record<string, unknown>>): string {
	return String(rowKey).split("+")[0] ?? "";
}

/** The bytes that `properties` put into an entity. */
export function bytesIn(
	entity: Readonly<Record<string, unknown>>,
	prefix: string,
): Uint8Array {
	const parts: Uint8Array[] = [];
	for (let part = 0; ; part++) {
		const value = entity[`${prefix}${part}`];
		if (!(value instanceof Uint8Array)) return Buffer.concat(parts);
		parts.push(value);
	}
}

/** The data of the entities that `packEntities` made of one pack, in any order. Throws where one is missing. */
export function unpackRows<T>(rows: readonly Row[]): Promise<T> {
	return unpack(packedBytes(rows));
}

/** The same of a pack whose content are lines: each the JSON of one row. */
export async function unpackLines(rows: readonly Row[]): Promise<string[]> {
	const plain = decompress(packedBytes(rows));
	return linesIn(plain).map(([from, to]) => plain.toString("utf8", from, to));
}

type Row = Readonly<Record<string, unknown>>;

function packedBytes(rows: readonly Row[]): Uint8Array {
	const part = ({ rowKey }: Row) => Number(String(rowKey).split("+")[1] ?? 0);
	const inOrder = rows.toSorted((a, b) => part(a) - part(b));
	const [first] = inOrder;
	const parts = Number(first?.parts);
	if (rows.length !== parts)
		throw new Error(
			`${first?.partitionKey}/${first?.rowKey} has ${rows.length} of ${parts} entities`,
		);
	return Buffer.concat(inOrder.map((row) => bytesIn(row, "p")));
}

/** The data of a pack. The program wrote it: its shape is trusted. */
export async function unpack<T>(bytes: Uint8Array): Promise<T> {
	const plain = decompress(bytes);
	return hasRows(plain)
		? (rowLines(plain).map((line) => parsed(plain, line)) as T)
		: (JSON.parse(plain.toString()) as T);
}
