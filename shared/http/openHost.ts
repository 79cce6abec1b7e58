/*
 * The local host runs the functions in its own process and asks for no key. It leaves a mark in that process. A setting
 * would not do: somebody could set it for a deployed app.
 */

const mark = Symbol.for("AKS subnet auditor: the host asks for no key");
const holder = globalThis as { [mark]?: true };

export function markOpen(): void {
	holder[mark] = true;
}

export function unmarkOpen(): void {
	delete holder[mark];
}

export function isOpenHost(): boolean {
	return holder[mark] === true;
}
