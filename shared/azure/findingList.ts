import type { Finding } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { FindingFilter } from "../findings/query.ts";
import { bucketOf } from "../keys/buckets.ts";
import {
	type Bucket,
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

/** Where a page ends: the next one goes on behind it. */
interface Position {
	readonly state: Finding["state"];
	readonly bucket: string;
	/** The last finding that was answered. */
	readonly id: string;
}

/** A page of findings, open ones first, by bucket and id. A page is full but for the last one. */
export async function listFindings(
	tables: Tables,
	filter: FindingFilter,
	pageSize: number,
	continuation: string | undefined,
): Promise<{ findings: KeptFinding[]; continuation: string | null }> {
	const after =
		continuation === undefined ? null : (JSON.parse(continuation) as Position);
	const page: { finding: KeptFinding; at: Position }[] = [];
	for (const state of statesFrom(filter, after))
		for await (const { bucket, findings } of bucketsOf(
			tables,
			filter,
			state,
			after?.state === state ? after.bucket : "",
		))
			for (const finding of findings) {
				const at = { state, bucket, id: finding.id };
				if (isBehind(at, after) && isMeant(finding, filter)) {
					if (page.length === pageSize)
						return answered(page, JSON.stringify(page.at(-1)?.at));
					page.push({ finding, at });
				}
			}
	return answered(page, null);
}

function answered(
	page: readonly { readonly finding: KeptFinding }[],
	continuation: string | null,
) {
	return { findings: page.map(({ finding }) => finding), continuation };
}

function statesFrom(
	{ state }: FindingFilter,
	after: Position | null,
): Finding["state"][] {
	const states: Finding["state"][] =
		state === "all" ? ["open", "resolved"] : [state];
	return after === null ? states : states.slice(states.indexOf(after.state));
}

async function* bucketsOf(
	tables: Tables,
	{ cluster }: FindingFilter,
	state: Finding["state"],
	from: string,
): AsyncGenerator<Bucket> {
	if (cluster === undefined) return yield* bucketsIn(tables, state, from);
	const bucket = bucketOf(cluster);
	const findings =
		state === "open"
			? await openIn(await findRow(tables, rowKey("open", bucket), openColumns))
			: (await readResolved(tables, bucket)).findings;
	yield { bucket, findings };
}

function isBehind(at: Position, after: Position | null): boolean {
	if (after === null || at.state !== after.state) return true;
	if (at.bucket !== after.bucket) return at.bucket > after.bucket;
	return at.id > after.id;
}

function isMeant(
	finding: KeptFinding,
	{ severity, rule, cluster, subscription }: FindingFilter,
): boolean {
	return (
		(severity === undefined || finding.severity === severity) &&
		(rule === undefined || finding.rule === rule) &&
		(cluster === undefined || finding.cluster === cluster) &&
		(subscription === undefined || finding.subscription === subscription)
	);
}
