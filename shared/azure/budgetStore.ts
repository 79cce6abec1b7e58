import { Readable } from "node:stream";
import {
	type BudgetPlace,
	compareFullestFirst,
	placeOfBudget,
} from "../model/budgetList.ts";
import { type BudgetIndex, budgetsInPart } from "../records/budgetIndex.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import { newestReading } from "./newestReading.ts";
import { readLines, readPack } from "./packStore.ts";
import { readManifest } from "./snapshotStore.ts";
import type { Tables } from "./tables.ts";

/** What is where in the list of a snapshot's budgets. Null where the snapshot has no list. */
export const readBudgetIndex = newestReading(
	async (tables, key): Promise<BudgetIndex | null> => {
		const { budgetList } = await readManifest(tables, key);
		return budgetList === undefined ? null : readPack(tables, budgetList.index);
	},
);

/** All budgets of a snapshot, fullest first, as they are kept. */
export const readBudgets = newestReading(
	async (tables, key): Promise<readonly StoredBudget[]> => {
		const index = await readBudgetIndex(tables, key);
		if (index === null) throw new Error(`snapshot ${key} has no budgets`);
		const all = index.kind.numbers.map((_, position) => position);
		const budgets: StoredBudget[] = [];
		for await (const part of budgetsAt(tables, key, all)) budgets.push(...part);
		return budgets;
	},
);

/** Parts that are read at once. */
const parallel = 4;

/** The budgets at these positions, in ascending order, part by part. Throws where a part is gone. */
export async function* budgetsAt(
	tables: Tables,
	key: string,
	positions: readonly number[],
): AsyncGenerator<StoredBudget[]> {
	const parts = [...Map.groupBy(positions, partOf)];
	const read: AsyncIterable<StoredBudget[]> = Readable.from(parts).map(
		async ([part, own]: (typeof parts)[number]) => {
			const lines = await linesOfPart(tables, key, part);
			return own.map((position) => budgetIn(lines, position % budgetsInPart));
		},
		{ concurrency: parallel },
	);
	yield* read;
}

function partOf(position: number): number {
	return Math.floor(position / budgetsInPart);
}

/** The position of the first budget behind a place. */
export async function positionAfter(
	tables: Tables,
	key: string,
	{ firstPlaces }: BudgetIndex,
	place: BudgetPlace,
): Promise<number> {
	const isBehind = (one: BudgetPlace) => compareFullestFirst(one, place) > 0;
	const part = firstPlaces.findLastIndex((first) => !isBehind(first));
	if (part === -1) return 0;
	const lines = await linesOfPart(tables, key, part);
	const within = lines.findIndex((_, at) =>
		isBehind(placeOfBudget(fromStored(budgetIn(lines, at)))),
	);
	return part * budgetsInPart + (within === -1 ? lines.length : within);
}

async function linesOfPart(
	tables: Tables,
	key: string,
	part: number,
): Promise<string[]> {
	const { budgetList } = await readManifest(tables, key);
	const name = budgetList?.parts[part];
	if (name === undefined)
		throw new Error(`part ${part} of the budgets of snapshot ${key} is gone`);
	return readLines(tables, name);
}

/** The program wrote it: its shape is trusted. */
function budgetIn(lines: readonly string[], at: number): StoredBudget {
	const line = lines[at];
	if (line === undefined) throw new Error(`a part has no budget ${at}`);
	return JSON.parse(line) as StoredBudget;
}
