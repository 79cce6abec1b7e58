import {
	type Remembered,
	subscriptionCoverage,
} from "../inventory/coverage.ts";
import { AccessDenied, type Read, type ReadFrom } from "../inventory/reader.ts";
import { readInManagementGroups } from "../inventory/subscriptions.ts";
import type { KnownCluster } from "../model/known.ts";
import { withListedScaleSets } from "../model/lists.ts";
import {
	judgedBy,
	type Scope,
	type Tenant,
	withLists,
} from "./gatherTenant.ts";

import {
	type LookUpKnown,
	type Near,
	readNamedClusters,
	readNeighborhood,
} from "./readNeighborhood.ts";

/** A part of the tenant as `Tenant` has the whole: the fleet is built and judged from it in the ordinary way. */
export interface Neighborhood extends Tenant {
	/** Of the memory, what is known of clusters there: what the fleet is built with. */
	readonly known: ReadonlyMap<string, KnownCluster>;
	/** IDs of the clusters that were asked about and found. The others are there for what they share with these. */
	readonly asked: readonly string[];
}

/** What earlier audits know. */
export interface Before {
	readonly memory: Remembered;
	readonly lookUp: LookUpKnown;
}

/**
 * Reads of the tenant what judging some clusters needs. A cluster that is not visible is not in the answer; what the
 * memory knows of it counts. Throws where no subscription is visible, or Resource Graph answers nothing of what is
 * required.
 */
export async function gatherNeighborhood(
	readFrom: ReadFrom,
	settings: Scope,
	before: Before,
	near: Near,
): Promise<Neighborhood> {
	const read = readFrom([]);
	const [{ gathered, known, asked }, inManagementGroups] = await Promise.all([
		readNeighborhood(read, near, before.lookUp),
		readInManagementGroups(read, settings.managementGroups),
	]);
	if (gathered.inventory.subscriptions.size === 0)
		throw new AccessDenied(
			"no subscription is visible: the auditor's identity needs the role Reader on the subscriptions, or on a management group above them",
		);
	const whole = await withNamed(read, await withLists(read, gathered));
	return {
		...whole,
		gaps: [...whole.gaps, ...(inManagementGroups?.gaps ?? [])],
		known,
		asked,
		coverage: subscriptionCoverage(
			whole,
			settings.subscriptions,
			before.memory,
			settings.missingAudits,
		),
		isJudged: judgedBy(settings, {
			inManagementGroups:
				inManagementGroups && new Set(inManagementGroups.rows),
		}),
	};
}

/** Lists and nodes may name clusters that nothing else led to. */
async function withNamed(
	read: Read,
	gathered: Awaited<ReturnType<typeof withLists>>,
) {
	const named = await readNamedClusters(read, gathered);
	return { ...named, inventory: withListedScaleSets(named.inventory) };
}
