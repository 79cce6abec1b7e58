import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import { subscriptionOfId } from "../../shared/arm.ts";
import type { LookUpKnown } from "../../shared/audit/readNeighborhood.ts";
import { type Gathered, gather } from "../../shared/inventory/gather.ts";
import type {
	Answer,
	Read,
	UnreadableRow,
} from "../../shared/inventory/reader.ts";
import { type Query, RowError } from "../../shared/inventory/rows.ts";
import { readSubscriptions } from "../../shared/inventory/subscriptions.ts";
import { fleetIndex, wantedIn } from "../../shared/model/fleetIndex.ts";
import type { KnownCluster } from "../../shared/model/known.ts";
import { rowsOf } from "./rows.ts";

/** Finds clusters among those that earlier audits knew. */
export function lookUpIn(
	known: ReadonlyMap<string, KnownCluster>,
): LookUpKnown {
	const index = fleetIndex(known.values());
	return async (wanted) => {
		const ids = wantedIn(index, wanted);
		return new Map([...known].filter(([id]) => ids.has(id)));
	};
}

/** Answers queries over raw resources as a reader does whose rows all arrive. */
export function readOf(resources: readonly ArmResource[]): Read {
	return async (query) => answerOf(query, rowsOf(query, resources));
}

function answerOf<T>(
	query: Query<T>,
	rows: readonly Record<string, unknown>[],
): Answer<T> {
	const unique = new Map(rows.map((row) => [query.key(row), row]));
	const good: T[] = [];
	const unreadable: UnreadableRow[] = [];
	for (const row of unique.values()) {
		try {
			good.push(query.parse(row));
		} catch (error) {
			if (!(error instanceof RowError)) throw error;
			unreadable.push({
				id: String(row.id).toLowerCase(),
				reason: error.message,
				raw: row,
			});
		}
	}
	return {
		rows: good,
		unreadable,
		gaps: unreadable.map(({ id, reason }) => ({
			kind: "row",
			subscription: subscriptionOfId(id),
			scope: id,
			reason,
		})),
		lost: 0,
	};
}

/** The subscriptions first, then everything else. */
export async function gatherBy(
	read: Read,
	managementGroups: readonly string[] = [],
): Promise<Gathered> {
	return gather(read, await readSubscriptions(read, managementGroups));
}

export function gathered(resources: readonly ArmResource[]): Promise<Gathered> {
	return gatherBy(readOf(resources));
}
