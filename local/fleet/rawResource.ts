/** JSON as Azure Resource Manager writes it: a key that is not set is absent, not null. */
export interface Json {
	readonly [key: string]: unknown;
}

/**
 * One resource as Azure has it, before Resource Graph makes a row of it (which adds `subscriptionId`, `resourceGroup`
 * and `tenantId`).
 */
export interface RawResource {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly location?: string;
	readonly kind?: string;
	readonly managedBy?: string;
	readonly zones?: readonly string[];
	readonly tags?: Readonly<Record<string, string>>;
	readonly sku?: Json;
	readonly identity?: Json;
	readonly properties?: Json;
}

/** Another resource's or ip configuration's address. */
export interface Reference {
	readonly id: string;
}

/** The fields that are set: `optional("zones", undefined)` adds no key at all. */
export function optional<K extends string, V>(
	key: K,
	value: V | undefined,
): Partial<Record<K, V>> {
	return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}
