import { lastName } from "../arm.ts";
import { budgetsAt } from "../azure/budgetStore.ts";
import { findNetwork } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { usableAddresses } from "../cidr.ts";
import type { BudgetKind, Range, Verdict } from "../contract.ts";
import { notFound } from "../http/problem.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { exactly, multiply } from "../model/range.ts";
import type { SeenNetwork, SeenSubnet } from "../model/seenNetworks.ts";
import { positionsMeant } from "../records/budgetIndex.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import { newestList } from "./budgetsPage.ts";

/** The address space of a virtual network: its subnets, and where there is room for more. */
export interface NetworkMap {
	readonly network: string;
	readonly name: string;
	readonly auditId: string;
	/** When that audit began. ISO 8601. */
	readonly at: string;
	/** IPv6 included. */
	readonly prefixes: readonly string[];
	readonly subnets: readonly MappedSubnet[];
	/** Aligned IPv4 blocks for subnets, lowest first. Empty unless `complete`. */
	readonly free: readonly string[];
	/** IPv4 without a subnet, where none should go. Empty unless `complete`. */
	readonly closed: readonly string[];
	/** All is known that decides what is free. */
	readonly complete: boolean;
	/** Why it is not complete. */
	readonly reason: string | null;
}

export interface MappedSubnet {
	readonly id: string;
	readonly name: string;
	readonly prefixes: readonly string[];
	/** Usable IPv4 addresses. */
	readonly capacity: number;
	/** IPs in use now. Null: Azure does not show it. */
	readonly used: Range | null;
	/** What AKS uses it for. Empty: nothing that the audit saw. */
	readonly budgets: readonly {
		readonly kind: BudgetKind;
		readonly verdict: Verdict;
	}[];
}

/** From the newest audit of the fleet that ended. Throws a Problem where that did not see the network. */
export async function networkMap(
	tables: Tables,
	network: string,
): Promise<NetworkMap> {
	const { audit, auditId, snapshot, index } = await newestList(tables);
	const seen = await findNetwork(tables, snapshot, network);
	if (seen === undefined)
		throw notFound(
			`Audit ${auditId} is of an earlier release and has no networks. They are there after the next audit.`,
		);
	if (seen === null)
		throw notFound(
			`Audit ${auditId} saw no AKS cluster in virtual network ${network}.`,
		);
	const positions = positionsMeant(index, { network: [network] });
	const budgets: StoredBudget[] = [];
	for await (const part of budgetsAt(tables, snapshot, positions))
		budgets.push(...part);
	return mapOf(seen, audit, budgets);
}

/** `budgets`: at least all of the network's. */
export function mapOf(
	{ id, prefixes, subnets, free, closed, unread }: SeenNetwork,
	{
		auditId,
		startedAt,
	}: { readonly auditId: string; readonly startedAt: string },
	budgets: readonly StoredBudget[],
): NetworkMap {
	const bySubnet = Map.groupBy(budgets, (one) => one.id);
	return {
		network: id,
		name: lastName(id),
		auditId,
		at: startedAt,
		prefixes,
		subnets: subnets.map((one) => mapped(one, bySubnet.get(one.id) ?? [])),
		free,
		closed,
		complete: unread === null,
		reason: unread,
	};
}

const addressesPerBlock = 16;

function mapped(
	{ id, prefixes, used }: SeenSubnet,
	stored: readonly StoredBudget[],
): MappedSubnet {
	const budgets = stored.map(fromStored);
	const [first] = budgets;
	return {
		id,
		name: lastName(id),
		prefixes,
		capacity: usableAddresses(prefixes),
		used:
			first === undefined
				? used
				: multiply(
						first.demand.today,
						exactly(
							budgetKinds[first.kind].unit === "blocks" ? addressesPerBlock : 1,
						),
					),
		budgets: budgets.map(({ kind, verdict }) => ({ kind, verdict })),
	};
}
