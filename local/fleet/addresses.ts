/** The address `offset` places into an IPv4 prefix, as text. */
export function addressAt(prefix: string, offset: number): string {
	return text(start(prefix) + offset);
}

/** The `index`th block of a length in an IPv4 prefix, e.g. the /24 that a kubenet node gets of the pod CIDR. */
export function blockAt(prefix: string, length: number, index: number): string {
	return `${text(start(prefix) + index * 2 ** (32 - length))}/${length}`;
}

function start(prefix: string): number {
	return (prefix.split("/")[0] ?? "")
		.split(".")
		.reduce((value, byte) => value * 256 + Number(byte), 0);
}

function text(address: number): string {
	return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
