import type { Gap } from "../contract.ts";
import type { Subnet } from "./facts.ts";
import { networkGap } from "./networks.ts";
import type { Answer, Read } from "./reader.ts";
import { expandLimit, type SubnetRow, wholeNetworkQuery } from "./subnets.ts";

/** Subnets compared with each network's own count. A network with more than one expansion shows is read again whole. */
export async function allSubnets(
	read: Read,
	answer: Answer<SubnetRow>,
): Promise<Answer<Subnet>> {
	const unreadable = Map.groupBy(answer.unreadable, ({ id }) => id);
	const networks: NetworkSubnets[] = [];
	for (const [network, own] of Map.groupBy(
		answer.rows,
		({ network }) => network,
	)) {
		const expanded = own.flatMap(({ subnet }) => (subnet ? [subnet] : []));
		const expected =
			(own[0]?.ofNetwork ?? 0) - (unreadable.get(network)?.length ?? 0);
		const whole = expanded.length >= expected;
		networks.push(
			whole
				? { subnets: expanded, gaps: [], expected, expanded: expected }
				: await wholeNetwork(read, network, expected, expanded),
		);
	}
	return {
		rows: networks.flatMap(({ subnets }) => subnets),
		unreadable: answer.unreadable,
		gaps: [...answer.gaps, ...networks.flatMap(({ gaps }) => gaps)],
		lost: lostSubnets(answer.lost, networks),
	};
}

/** The subnets of a network, with what its own count says and what its expansion showed. */
interface NetworkSubnets {
	readonly subnets: readonly Subnet[];
	readonly gaps: readonly Gap[];
	readonly expected: number;
	readonly expanded: number;
}

async function wholeNetwork(
	read: Read,
	network: string,
	expected: number,
	expanded: readonly Subnet[],
): Promise<NetworkSubnets> {
	const { rows, gaps } = await read(wholeNetworkQuery(network), {});
	const whole = rows.flat();
	const subnets = whole.length > expanded.length ? whole : expanded;
	const short: Gap[] =
		subnets.length < expected
			? [networkGap(network, subnets.length, expected, "subnets")]
			: [];
	return {
		subnets,
		gaps: [...gaps, ...short],
		expected,
		expanded: expanded.length,
	};
}

/**
 * Rows that the answer lost are among those that networks lack, unless a network is larger than its expansion. Some
 * came back with the whole network.
 */
function lostSubnets(
	lost: number | null,
	networks: readonly NetworkSubnets[],
): number | null {
	if (lost === null) return null;
	let lacking = 0;
	let neverExpanded = 0;
	let returned = 0;
	for (const { subnets, expected, expanded } of networks) {
		lacking += expected - expanded;
		neverExpanded += Math.max(0, expected - Math.max(expanded, expandLimit));
		returned += Math.max(0, Math.min(subnets.length, expected) - expanded);
	}
	return Math.max(lost + neverExpanded, lacking) - returned;
}
