import type { Finding } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { type FindingFilter, isMeant } from "../findings/query.ts";
import {
	compareWorstFirst,
	type Place,
	placeOf,
} from "../findings/worstFirst.ts";
import { bucketOf } from "../keys/buckets.ts";
import {
	bucketsIn,
	findRow,
	openColumns,
	openIn,
	readResolved,
	rowKey,
} from "./findingBuckets.ts";
import type { Tables } from "./tables.ts";

/** The order in which a finding is looked for that an audit may move meanwhile: one that is reopened is not missed. */
const everyState: readonly Finding["state"][] = ["open", "resolved", "open"];

/** The first finding, open or resolved, that is looked for. Reads past every cluster: for what people ask now and then. */
async function findAny(
	tables: Tables,
	isIt: (finding: KeptFinding) => boolean,
): Promise<KeptFinding | null> {
	for (const state of everyState)
		for await (const { findings } of bucketsIn(tables, state)) {
			const found = findings.find(isIt);
			if (found !== undefined) return found;
		}
	return null;
}

/** A finding by its id, open or resolved, or null. */
export function findFinding(
	tables: Tables,
	id: string,
): Promise<KeptFinding | null> {
	return findAny(tables, (finding) => finding.id === id);
}

/** The id of a budget that some finding names, as it is written there. Null where none does. */
export async function findBudget(
	tables: Tables,
	id: string,
): Promise<string | null> {
	const finding = await findAny(
		tables,
		({ budget }) => budget?.id.toLowerCase() === id,
	);
	return finding?.budget?.id ?? null;
}

/** A page of findings, worst first. `isWanted` narrows the filter; a page is full but for the last one. */
export async function listFindings(
	tables: Tables,
	filter: FindingFilter,
	pageSize: number,
	continuation: string | undefined,
	isWanted: (finding: KeptFinding) => boolean = () => true,
): Promise<{ findings: KeptFinding[]; continuation: string | null }> {
	const after =
		continuation === undefined ? null : (JSON.parse(continuation) as Place);
	const isLater = (finding: KeptFinding) =>
		after === null || compareWorstFirst(placeOf(finding), after) > 0;
	let page: KeptFinding[] = [];
	// One more than a page says that there is a next one. What cannot be on this page is dropped on the way.
	const most = pageSize + 1;
	for await (const findings of findingsMeant(tables, filter, after?.state)) {
		page.push(...findings.filter((one) => isLater(one) && isWanted(one)));
		if (page.length > 2 * most) page = worstOf(page, most);
	}
	const findings = worstOf(page, most);
	const last = findings[pageSize - 1];
	return {
		findings: findings.slice(0, pageSize),
		continuation:
			findings.length > pageSize && last !== undefined
				? JSON.stringify(placeOf(last))
				: null,
	};
}

function worstOf(findings: readonly KeptFinding[], most: number) {
	return findings
		.map((finding) => ({ finding, place: placeOf(finding) }))
		.sort((a, b) => compareWorstFirst(a.place, b.place))
		.slice(0, most)
		.map(({ finding }) => finding);
}

/** What a filter means, a bucket at a time, open ones first. `from`: states before it are left out. */
export async function* findingsMeant(
	tables: Tables,
	filter: FindingFilter,
	from: Finding["state"] = "open",
): AsyncGenerator<KeptFinding[]> {
	for (const state of statesOf(filter))
		if (state >= from)
			for await (const findings of bucketsMeant(tables, filter, state))
				yield findings.filter((finding) => isMeant(finding, filter));
}

function statesOf({ state }: FindingFilter): Finding["state"][] {
	return state === "all" ? ["open", "resolved"] : [state];
}

async function* bucketsMeant(
	tables: Tables,
	{ cluster }: FindingFilter,
	state: Finding["state"],
): AsyncGenerator<readonly KeptFinding[]> {
	if (cluster === undefined) {
		for await (const { findings } of bucketsIn(tables, state)) yield findings;
		return;
	}
	for (const bucket of new Set(cluster.map(bucketOf)))
		yield state === "open"
			? await openIn(await findRow(tables, rowKey("open", bucket), openColumns))
			: (await readResolved(tables, bucket)).findings;
}
