type Fields = Readonly<Record<string, unknown>>;

/** Lists whose elements are merged by name. Other lists are replaced whole, as ARM does. */
const named = new Set(["agentpoolprofiles", "subnets", "routes"]);

/** Azure answers one value in two spellings. The readers prefer the list, so the one that nobody asks for goes. */
const spellings: Readonly<Record<string, string>> = {
	addressprefix: "addressprefixes",
	addressprefixes: "addressprefix",
	podcidr: "podcidrs",
	podcidrs: "podcidr",
	servicecidr: "servicecidrs",
	servicecidrs: "servicecidr",
};

/**
 * A resource with another, partial one laid over it: objects by their fields, named lists by name, everything else
 * replaced. Null takes a value away. Names of fields are compared without case, as ARM does.
 */
export function merged(before: unknown, over: unknown): unknown {
	if (!isFields(over)) return over;
	const base = isFields(before) ? before : {};
	const keys = new Map(
		Object.keys(base).map((key) => [key.toLowerCase(), key]),
	);
	const result: Record<string, unknown> = { ...base };
	const asked = new Set(Object.keys(over).map((key) => key.toLowerCase()));
	for (const [key, value] of Object.entries(over)) {
		const other = Object.hasOwn(spellings, key.toLowerCase())
			? (spellings[key.toLowerCase()] ?? "")
			: "";
		if (value !== null && !asked.has(other))
			delete result[keys.get(other) ?? ""];
		const own = keys.get(key.toLowerCase()) ?? key;
		const isNamed = named.has(key.toLowerCase()) && Array.isArray(value);
		result[own] = isNamed
			? mergedByName(listOf(base[own]), value)
			: merged(base[own], value);
	}
	return result;
}

function mergedByName(
	before: readonly unknown[],
	over: readonly unknown[],
): readonly unknown[] {
	const left = [...over];
	const kept = before.map((one) => {
		const at = left.findIndex((other) => sameName(one, other));
		return at < 0 ? one : merged(one, left.splice(at, 1)[0]);
	});
	return [...kept, ...left];
}

function sameName(one: unknown, other: unknown): boolean {
	const name = nameOf(one);
	return name !== null && name === nameOf(other);
}

/** Lower case. Null where it has none. */
export function nameOf(one: unknown): string | null {
	const name = isFields(one) ? one.name : undefined;
	return typeof name === "string" && name !== "" ? name.toLowerCase() : null;
}

export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

export function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
