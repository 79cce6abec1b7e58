import type { KeptFinding } from "../findings/flapping.ts";
import { type KeptLine, keptLine } from "../records/openLine.ts";
import {
	keyColumns,
	openColumns,
	openIn,
	openRows,
	type Row,
	rowKey,
} from "./findingBuckets.ts";
import { bytesIn, packKey, propertyNames, rowsIn, unpack } from "./pack.ts";
import type { Tables } from "./tables.ts";

/*
 * The entity of a bucket's open findings also has a line of each. Whoever writes the findings writes the lines with them,
 * so a list that reads lines shows nothing old. A release that knows no lines replaces the entity by one without them, and
 * then the findings are read.
 */

/** Where an entity has its lines. Whoever changes what a line has takes another one: then the old lines are not read. */
export const linesPrefix = "l";

const lineColumns = [...keyColumns, ...propertyNames(linesPrefix)];

export function hasLines(row: Row): boolean {
	return bytesIn(row, linesPrefix).length > 0;
}

/** Buckets whose row an earlier release wrote. */
export async function bucketsWithoutLines(tables: Tables): Promise<string[]> {
	const rows = await openRows(tables, [...keyColumns, `${linesPrefix}0`]);
	return rows
		.filter((row) => !hasLines(row))
		.map((row) => packKey(row).slice(rowKey("open", "").length));
}

/** The lines of open findings, at least those of these buckets. Undefined: of all. */
export async function openLines(
	tables: Tables,
	buckets?: readonly string[],
): Promise<KeptLine[]> {
	const rows = await openRows(tables, lineColumns, buckets);
	if (rows.every(hasLines))
		return (await Promise.all(rows.map(linesIn))).flat();
	const lines: KeptLine[] = [];
	for (const row of await openRows(tables, openColumns, buckets))
		lines.push(...(await openIn(row)).map(keptLine));
	return lines;
}

function linesIn(row: Row): Promise<KeptLine[]> {
	return unpack(bytesIn(row, linesPrefix));
}

/** A finding of a list: its line, and the whole finding for whom it is shown. */
export interface ListedFinding {
	readonly line: KeptLine;
	whole(): Promise<KeptFinding>;
}

/** Open findings, at least those of these buckets. Undefined: of all. A bucket's whole findings are unpacked if one of them is asked for. */
export async function openListed(
	tables: Tables,
	buckets?: readonly string[],
): Promise<ListedFinding[]> {
	const rows = await openRows(
		tables,
		[...openColumns, ...propertyNames(linesPrefix)],
		buckets,
	);
	const byBucket = await Promise.all(
		rows.map(async (row) =>
			hasLines(row) ? listedByLine(row) : listed(await openIn(row)),
		),
	);
	return byBucket.flat();
}

async function listedByLine(row: Row): Promise<ListedFinding[]> {
	let unpacked: Promise<(position: number) => KeptFinding> | null = null;
	return (await linesIn(row)).map((line, position) => ({
		line,
		whole: async () => {
			unpacked ??= rowsIn<KeptFinding>(bytesIn(row, "o"));
			const finding = (await unpacked)(position);
			if (finding.id !== line.id)
				throw new Error(`line ${position} of ${row.rowKey} is of another one`);
			return finding;
		},
	}));
}

export function listed(findings: readonly KeptFinding[]): ListedFinding[] {
	return findings.map((finding) => ({
		line: keptLine(finding),
		whole: async () => finding,
	}));
}
