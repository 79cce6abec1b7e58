import {
	forgetTagAcceptances,
	writeTagAcceptances,
} from "../azure/acceptanceStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { GivenAcceptance } from "../contract.ts";
import { readTag } from "../findings/acceptance.ts";
import type { Cluster } from "../inventory/facts.ts";

type Tagged = Pick<Cluster, "id" | "tags">;

/** Stores what the clusters' tags accept. A value that cannot be read accepts nothing, and is logged. */
export async function keepTagAcceptances(
	tables: Tables,
	tagName: string | null,
	clusters: readonly Tagged[],
	at: string,
	log: (message: string) => void,
): Promise<void> {
	if (tagName === null) return forgetTagAcceptances(tables);
	await writeTagAcceptances(
		tables,
		new Map(
			clusters.map((cluster) => [
				cluster.id,
				accepted(cluster, tagName, at, log),
			]),
		),
	);
}

function accepted(
	{ id, tags }: Tagged,
	tagName: string,
	at: string,
	log: (message: string) => void,
): GivenAcceptance | null {
	const value = tags[tagName.toLowerCase()];
	if (value === undefined) return null;
	const reading = readTag(value, at);
	if (reading.kind === "unreadable") {
		log(`the tag ${tagName} of ${id} accepts nothing: ${reading.reason}`);
		return null;
	}
	return {
		...reading.terms,
		by: "tag",
		acceptedBy: null,
		acceptedAt: null,
		covers: { finding: null, rule: null, cluster: id, budget: null },
	};
}
