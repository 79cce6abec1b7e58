import { armId, networkOfSubnet } from "../arm.ts";

/** Networks of all subnets that a value names, wherever it does. */
export function networksIn(value: unknown): string[] {
	if (typeof value === "string") {
		const id = armId(value);
		return typeOfArmId(id) === "microsoft.network/virtualnetworks/subnets"
			? [networkOfSubnet(id)]
			: [];
	}
	if (Array.isArray(value)) return value.flatMap(networksIn);
	return typeof value === "object" && value !== null
		? Object.values(value).flatMap(networksIn)
		: [];
}

/** The same for route tables. */
export function routeTablesIn(value: unknown): string[] {
	if (typeof value === "string") {
		const id = armId(value);
		return typeOfArmId(id) === "microsoft.network/routetables" ? [id] : [];
	}
	if (Array.isArray(value)) return value.flatMap(routeTablesIn);
	return typeof value === "object" && value !== null
		? Object.values(value).flatMap(routeTablesIn)
		: [];
}

/** `microsoft.network/virtualnetworks/subnets`. Null where it is not the ID of a resource. */
export function typeOfArmId(id: string): string | null {
	const [, , , , , providers, provider, ...rest] = id.split("/");
	if (providers !== "providers" || !provider) return null;
	if (rest.length < 2 || rest.length % 2 !== 0 || rest.includes(""))
		return null;
	return [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}
