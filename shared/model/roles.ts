import { networkOfSubnet } from "../arm.ts";
import { ipv4Of, ipv4PrefixLength } from "../cidr.ts";
import type { BudgetKind } from "../contract.ts";
import type { Subnet } from "../inventory/facts.ts";
import type { UsingCluster } from "./cluster.ts";
import type { KnownCluster } from "./known.ts";
import type { Places } from "./places.ts";
import type { Resolved } from "./resolved.ts";
import { addressesPerNetwork } from "./resourceBudget.ts";

/** What each of these budgets is judged as, where that is not what a single pool uses it for. */
export type RolesOf = (
	budgets: Iterable<string>,
) => Readonly<Record<string, BudgetKind>>;

/**
 * Where several clusters or pools use one subnet for different things, it is judged once, as one of them. What each
 * cluster uses it for is told first.
 */
export function mixedRoles(remembered: readonly KnownCluster[]): {
	readonly see: (entries: Resolved["entries"]) => void;
	readonly ofAll: () => RolesOf;
} {
	const kinds = new Map<string, Set<BudgetKind>>();
	const add = (id: string, kind: BudgetKind) => {
		const known = kinds.get(id);
		if (known === undefined) kinds.set(id, new Set([kind]));
		else known.add(kind);
	};
	for (const { uses } of remembered)
		for (const { budget, roles } of uses)
			for (const kind of roles) add(budget.id, kind);
	return {
		see: (entries) => {
			for (const [id, own] of entries)
				for (const { budget } of own) add(id, budget.kind);
		},
		ofAll: () => {
			const mixed = new Map(
				[...kinds]
					.filter(([, own]) => own.size > 1)
					.map(
						([id, own]) =>
							[id, own.has("subnet") ? "subnet" : "pod-subnet"] as const,
					),
			);
			return (budgets) =>
				mixed.size === 0
					? {}
					: Object.fromEntries(
							[...budgets].flatMap((budget) => {
								const kind = mixed.get(budget);
								return kind === undefined ? [] : [[budget, kind]];
							}),
						);
		},
	};
}

/** Networks whose subnets could together ask for more than that: elsewhere the subnets end first. */
export function largeNetworks({ subnetsByNetwork, networks, known }: Places) {
	const large = new Set(
		[...subnetsByNetwork]
			.filter(([, own]) => sizeOf(own) > addressesPerNetwork)
			.map(([id]) => id),
	);
	// A network that was large stays large if it is not read whole tonight.
	const isLarge = (network: string, cluster: string) =>
		large.has(network) ||
		(networks.get(network)?.isWhole !== true &&
			(known.get(cluster)?.uses ?? []).some(
				({ budget }) => budget.id === network,
			));
	return ({ id: cluster, pools, apiServerSubnet }: UsingCluster) => {
		if (large.size === 0 && known.size === 0) return [];
		const own = pools.flatMap(({ nodeSubnet, podSubnet }) => [
			nodeSubnet,
			podSubnet ?? "",
		]);
		const ids = [...own, apiServerSubnet ?? ""].map(networkOfSubnet);
		return [...new Set(ids)].filter((id) => isLarge(id, cluster));
	};
}

function sizeOf(subnets: readonly Subnet[]): number {
	return subnets
		.flatMap(({ prefixes }) => ipv4Of(prefixes))
		.reduce(
			(total, prefix) => total + 2 ** (32 - (ipv4PrefixLength(prefix) ?? 32)),
			0,
		);
}
