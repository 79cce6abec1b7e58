import { mergeHistory } from "../shared/azure/historyStore.ts";
import { openTables } from "../shared/azure/openTables.ts";
import { packKey, unpackRows } from "../shared/azure/pack.ts";
import { type CompactPoint, pointsFrom } from "../shared/history/compact.ts";
import { mostDays, type Point, type Series } from "../shared/history/series.ts";
import { dayMs } from "../shared/time.ts";
import { answerCalls } from "./remote.ts";

/* Gives the series of a storage a year of older points, by the store itself. */

type Row = Readonly<Record<string, unknown>>;

const calls = {
	/** Answers how many series there are. */
	addYear: async (connectionString: string): Promise<number> => {
		const tables = await openTables({
			kind: "connection-string",
			connectionString,
		});
		const rows: Row[] = [];
		for await (const row of tables.series.listEntities()) rows.push(row);
		const packs = Map.groupBy(
			rows,
			(row) => `${row.partitionKey}/${packKey(row)}`,
		);
		let count = 0;
		for (const pack of packs.values()) {
			const series = await seriesIn(pack);
			await mergeHistory(tables, series.map(withYear));
			count += series.length;
		}
		return count;
	},
};

export type HistoryCalls = typeof calls;

async function seriesIn(rows: readonly Row[]): Promise<Series[]> {
	type Kept = Omit<Series, "points"> & {
		readonly points: readonly CompactPoint[];
	};
	const kept = await unpackRows<Kept[]>(rows);
	return kept.map((one) => ({ ...one, points: pointsFrom(one.points) }));
}

/** A point a day before the first; demand moves every one to seven days, as pools do. */
function withYear(series: Series, index: number): Series {
	const [first] = series.points;
	if (first === undefined) return series;
	const days = 1 + (index % 7);
	const older = Array.from({ length: mostDays - 2 }, (_, day) =>
		olderPoint(first, mostDays - 2 - day, days),
	);
	return { ...series, points: [...older, ...series.points] };
}

function olderPoint(first: Point, daysAgo: number, every: number): Point {
	const fewer = Math.floor(daysAgo / every) % 5;
	const { low, high } = first.demand;
	return {
		...first,
		at: first.at - daysAgo * dayMs,
		demand: { low: Math.max(0, low - fewer), high: Math.max(0, high - fewer) },
	};
}

answerCalls(calls);
