import { addressAt } from "../addresses.ts";

/** The longest prefix with this many usable addresses, without Azure's five. */
export function prefixLengthFor(addresses: number): number {
	return Math.min(29, 32 - Math.ceil(Math.log2(addresses + 5)));
}

/** The longest pod CIDR that has a /24 for this many nodes. */
export function podRangeLengthFor(nodes: number): number {
	return 24 - Math.ceil(Math.log2(Math.max(1, nodes)));
}

/** Cuts subnets out of an address space, one after the other and each where its length allows. */
export function addressPlan(space: string): (length: number) => string {
	const total = 2 ** (32 - Number(space.split("/")[1]));
	let used = 0;

	return (length) => {
		const size = 2 ** (32 - length);
		const start = Math.ceil(used / size) * size;
		if (start + size > total)
			throw new Error(`${space} has no /${length} left`);
		used = start + size;
		return `${addressAt(space, start)}/${length}`;
	};
}
