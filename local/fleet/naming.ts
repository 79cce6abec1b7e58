/**
 * Names and ids that Azure would choose by lot. Here they follow from what they are for, so that a fleet is the same
 * every time.
 */

/** FNV-1a with a finishing mix. */
export function hash32(text: string, salt = 0): number {
	let hash = 0x811c9dc5 ^ salt;
	for (let index = 0; index < text.length; index++)
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

export function hex32(text: string): string {
	return [1, 2, 3, 4]
		.map((salt) => hash32(text, salt).toString(16).padStart(8, "0"))
		.join("");
}

export function guid(seed: string): string {
	const hex = hex32(seed);
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`4${hex.slice(13, 16)}`,
		`a${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join("-");
}

/** The eight digits in `aks-agents-48213077-vmss` or `aks-vnet-48213077`. */
export function eightDigits(seed: string): string {
	return String(10_000_000 + (hash32(seed) % 90_000_000));
}

/** Karpenter's five characters at the end of a node's name. */
export function fiveCharacters(seed: string): string {
	return (hash32(seed) % 36 ** 5).toString(36).padStart(5, "0");
}

/** AKS counts a scale set's nodes to the base of 36 in six places. */
export function scaleSetNode(scaleSet: string, instance: number): string {
	return `${scaleSet}${instance.toString(36).padStart(6, "0")}`;
}
