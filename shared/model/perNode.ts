import type { Range } from "../contract.ts";
import type { Cluster, ScaleSet } from "../inventory/facts.ts";
import type { ExtraSubnet, ResolvedPool } from "./cluster.ts";

type PerNode = Pick<
	ResolvedPool,
	"addressesPerNode" | "slotsPerNode" | "extraSubnets"
>;

/**
 * What a node uses by the models of its scale sets. In a dual-stack cluster only a model whose IPv6 configurations were
 * read tells how many IPv4 addresses that is.
 */
export function measuredPerNode(
	cluster: Cluster,
	scaleSets: readonly ScaleSet[],
	home: string,
): PerNode {
	const models = scaleSets.map(({ interfaces, interfacesKnown }) =>
		interfacesKnown ? interfaces : null,
	);
	if (models.length === 0 || models.some((model) => model === null))
		return notMeasured;
	const known = models.flatMap((model) => model ?? []);
	if (cluster.dualStack && known.every(({ ipv6 }) => ipv6 === 0))
		return notMeasured;
	const bySubnet = Map.groupBy(known, ({ subnet }) => subnet ?? home);
	const own = bySubnet.get(home) ?? [];
	const isWhole = own.length >= models.length;
	bySubnet.delete(home);
	return {
		addressesPerNode: isWhole
			? rangeOf(own, ({ addresses }) => addresses)
			: null,
		slotsPerNode: isWhole
			? rangeOf(own, ({ entries, ipv6 }) => entries - ipv6)
			: null,
		extraSubnets: [...bySubnet].flatMap(([subnet, shares]): ExtraSubnet[] => {
			const addresses = rangeOf(shares, (share) => share.addresses);
			if (addresses === null) return [];
			// A node of a scale set without an interface there uses nothing there.
			const low = shares.length < models.length ? 0 : addresses.low;
			return [{ subnet, addresses: { low, high: addresses.high } }];
		}),
	};
}

const notMeasured: PerNode = {
	addressesPerNode: null,
	slotsPerNode: null,
	extraSubnets: [],
};

export function rangeOf<T>(
	items: readonly T[],
	of: (item: T) => number,
): Range | null {
	const amounts = items.map(of).filter((amount) => amount > 0);
	return amounts.length === 0 || amounts.length < items.length
		? null
		: { low: Math.min(...amounts), high: Math.max(...amounts) };
}
