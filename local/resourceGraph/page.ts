import type { CompiledQuery } from "./compileQuery.ts";
import { type Fault, isFault } from "./faults.ts";
import type { PagePosition } from "./skipToken.ts";
import type { Row } from "./values.ts";

/** One page of a result. `next` is where the page after it starts. */
export interface Page {
	readonly total: number;
	readonly rows: readonly Row[];
	/** Rows are missing and no token leads to them. */
	readonly truncated: boolean;
	readonly next: PagePosition | undefined;
}

/**
 * Cuts a page out of the whole result. No token follows a query with `take` or a result without a string column `id`.
 * `truncated` is then true, unless everything fits (real answers to `limit 2` with two rows say "false").
 */
export function cutPage(
	query: Pick<CompiledQuery, "columns" | "limited">,
	result: readonly Row[],
	position: PagePosition,
	faults: readonly Fault[] = [],
): Page {
	const { top } = shortened(position, faults);
	const start = shiftedStart({ start: position.start, top }, faults);
	const end = start + top;
	const more = end < result.length;
	const pageable = isPageable(query) && !faults.some(isFault("truncate"));
	const repeats = faults.some(isFault("repeatToken")) && position.start > 0;
	const goesOn = more || repeats || faults.some(isFault("endless"));

	return {
		total: result.length,
		rows: withBrokenFields(result.slice(start, end), faults),
		truncated: more && !pageable,
		next:
			goesOn && pageable
				? { start: repeats ? position.start : end, top: position.top }
				: undefined,
	};
}

function isPageable({
	columns,
	limited,
}: Pick<CompiledQuery, "columns" | "limited">): boolean {
	return (
		!limited &&
		columns.some(({ name, type }) => name === "id" && type === "string")
	);
}

function shortened(
	{ start, top }: PagePosition,
	faults: readonly Fault[],
): PagePosition {
	const rows = faults.filter(isFault("shortPage")).map((fault) => fault.rows);
	return { start, top: Math.min(top, ...rows) };
}

/** One row a page would not move on, so a page of one is never shifted back. */
function shiftedStart(
	{ start, top }: PagePosition,
	faults: readonly Fault[],
): number {
	const skipped = faults.some(isFault("losePage")) ? start + top : start;
	const repeats = faults.some(isFault("repeatRow")) && start > 0 && top > 1;
	return repeats ? skipped - 1 : skipped;
}

function withBrokenFields(
	rows: readonly Row[],
	faults: readonly Fault[],
): readonly Row[] {
	return faults
		.filter(isFault("breakField"))
		.reduce((current, { row = 0, field, value }) => {
			const broken = current[row];
			return broken
				? current.with(row, { ...broken, [field]: value })
				: current;
		}, rows);
}
