import type { Finding } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { type FindingFilter, isMeant } from "../findings/query.ts";
import {
	compareWorstFirst,
	type Place,
	placeOf,
	worstFirst,
} from "../findings/worstFirst.ts";
import { bucketOf } from "../keys/buckets.ts";
import { type KeptLine, keptLine } from "../records/openLine.ts";
import {
	bucketsIn,
	findRow,
	openColumns,
	openIn,
	readResolved,
	rowKey,
} from "./findingBuckets.ts";
import {
	type ListedFinding,
	listed,
	openLines,
	openListed,
} from "./openLines.ts";
import type { Tables } from "./tables.ts";

/** The order in which a finding is looked for that an audit may move meanwhile: one that is reopened is not missed. */
const everyState: readonly Finding["state"][] = ["open", "resolved", "open"];

/** The first finding, open or resolved, that is looked for. Reads past every cluster: for what people ask now and then. */
async function findAny(
	tables: Tables,
	isIt: (line: KeptLine) => boolean,
): Promise<ListedFinding | null> {
	for (const state of everyState)
		for await (const some of listedMeant(tables, { state })) {
			const found = some.find(({ line }) => isIt(line));
			if (found !== undefined) return found;
		}
	return null;
}

/** A finding by its id, open or resolved, or null. */
export async function findFinding(
	tables: Tables,
	id: string,
): Promise<KeptFinding | null> {
	const found = await findAny(tables, (line) => line.id === id);
	return found === null ? null : found.whole();
}

/** The id of a budget that some finding names, as it is written there. Null where none does. */
export async function findBudget(
	tables: Tables,
	id: string,
): Promise<string | null> {
	const found = await findAny(
		tables,
		({ budget }) => budget?.id.toLowerCase() === id,
	);
	return found?.line.budget?.id ?? null;
}

/** A page of findings, worst first. `isWanted` narrows the filter; a page is full but for the last one. */
export async function listFindings(
	tables: Tables,
	filter: FindingFilter,
	pageSize: number,
	continuation: string | undefined,
	isWanted: (line: KeptLine) => boolean = () => true,
): Promise<{ findings: KeptFinding[]; continuation: string | null }> {
	const after =
		continuation === undefined ? null : (JSON.parse(continuation) as Place);
	const isLater = (line: KeptLine) =>
		after === null || compareWorstFirst(placeOf(line), after) > 0;
	let page: ListedFinding[] = [];
	// One more than a page says that there is a next one. What cannot be on this page is dropped on the way.
	const most = pageSize + 1;
	for await (const some of listedMeant(tables, filter, after?.state)) {
		const own = some.filter(({ line }) => isLater(line) && isWanted(line));
		page = [...page, ...own];
		if (page.length > 2 * most) page = worstOf(page, most);
	}
	const found = worstOf(page, most);
	const last = found[pageSize - 1];
	return {
		findings: await Promise.all(
			found.slice(0, pageSize).map((one) => one.whole()),
		),
		continuation:
			found.length > pageSize && last !== undefined
				? JSON.stringify(placeOf(last.line))
				: null,
	};
}

function worstOf(listed: readonly ListedFinding[], most: number) {
	return worstFirst(listed, ({ line }) => line).slice(0, most);
}

async function* listedMeant(
	tables: Tables,
	filter: FindingFilter,
	from: Finding["state"] = "open",
): AsyncGenerator<ListedFinding[]> {
	for (const state of statesOf(filter)) {
		if (state < from) continue;
		if (state === "open") {
			const open = await openListed(tables, bucketsOf(filter));
			yield open.filter(({ line }) => isMeant(line, filter));
		} else
			for await (const findings of wholeMeant(tables, filter, state))
				yield listed(findings);
	}
}

/** The line of each finding that a filter means, those of open ones first. */
export async function linesMeant(
	tables: Tables,
	filter: FindingFilter,
): Promise<KeptLine[]> {
	const lines: KeptLine[][] = [];
	for (const state of statesOf(filter))
		if (state === "open") {
			const open = await openLines(tables, bucketsOf(filter));
			lines.push(open.filter((line) => isMeant(line, filter)));
		} else
			for await (const findings of wholeMeant(tables, filter, state))
				lines.push(findings.map(keptLine));
	return lines.flat();
}

/** What a filter means, a bucket at a time, open ones first. */
export async function* findingsMeant(
	tables: Tables,
	filter: FindingFilter,
): AsyncGenerator<KeptFinding[]> {
	for (const state of statesOf(filter))
		yield* wholeMeant(tables, filter, state);
}

async function* wholeMeant(
	tables: Tables,
	filter: FindingFilter,
	state: Finding["state"],
): AsyncGenerator<KeptFinding[]> {
	for await (const findings of bucketsMeant(tables, filter, state))
		yield findings.filter((finding) => isMeant(finding, filter));
}

function statesOf({ state }: FindingFilter): Finding["state"][] {
	return state === "all" ? ["open", "resolved"] : [state];
}

/** Undefined: all. */
function bucketsOf({ cluster }: FindingFilter): string[] | undefined {
	return cluster && [...new Set(cluster.map(bucketOf))];
}

async function* bucketsMeant(
	tables: Tables,
	filter: FindingFilter,
	state: Finding["state"],
): AsyncGenerator<readonly KeptFinding[]> {
	const buckets = bucketsOf(filter);
	if (buckets === undefined) {
		for await (const { findings } of bucketsIn(tables, state)) yield findings;
		return;
	}
	for (const bucket of buckets)
		yield state === "open"
			? await openIn(await findRow(tables, rowKey("open", bucket), openColumns))
			: (await readResolved(tables, bucket)).findings;
}
