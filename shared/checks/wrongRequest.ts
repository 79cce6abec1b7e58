/** A fault of a request: `field` is a path in its body, and `detail` a sentence that names it too. */
export interface Fault {
	readonly field: string;
	readonly detail: string;
}

/** A request that cannot be checked, with all that is wrong with it. */
export class WrongRequest extends Error {
	readonly faults: readonly Fault[];

	constructor(faults: readonly Fault[]) {
		super(faults.map(({ detail }) => detail).join(" "));
		this.faults = faults;
	}
}
