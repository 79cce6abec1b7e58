/** A resource as Azure Resource Manager answers it. */
export interface ArmResource {
	readonly id: string;
	readonly name?: unknown;
	readonly sku?: unknown;
	readonly tags?: unknown;
	readonly location?: unknown;
	readonly properties?: unknown;
}

/** What a GET of one resource said. `missing`: there is none. `unreadable`: why it could not be read, for people. */
export type ArmAnswer =
	| { readonly kind: "resource"; readonly resource: ArmResource }
	| { readonly kind: "missing" }
	| { readonly kind: "unreadable"; readonly reason: string };

/** Reads one resource, as it is now. It does not throw because of what Azure answers. */
export type ReadArm = (id: string) => Promise<ArmAnswer>;
