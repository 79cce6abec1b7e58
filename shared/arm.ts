/**
 * ARM IDs. They differ in case between services, so they are lower-cased once, here, and compared with `===` everywhere
 * else.
 */
export function armId(text: string): string {
	return text.trim().toLowerCase();
}

/** The parts of `/subscriptions/{}/resourcegroups/{}/providers/{}/…/{name}`. Null when the text is not such an ID. */
export function parseArmId(
	id: string,
): { subscription: string; resourceGroup: string; name: string } | null {
	const parts = armId(id).split("/");
	const [empty, subscriptions, subscription, groups, resourceGroup] = parts;
	const name = parts.at(-1);
	if (empty !== "" || subscriptions !== "subscriptions") return null;
	if (groups !== "resourcegroups" || !subscription) return null;
	if (!resourceGroup || !name || parts.length < 9) return null;
	return { subscription, resourceGroup, name };
}

/** Whether a text is a subscription ID (a GUID), in any case. */
export function isSubscriptionId(text: string): boolean {
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** The subscription that an id begins with. Null where it names none. */
export function subscriptionOfId(id: string): string | null {
	const [empty, subscriptions, subscription] = armId(id).split("/");
	return empty === "" && subscriptions === "subscriptions" && subscription
		? subscription
		: null;
}

/** The virtual network's id of a subnet's id. */
export function networkOfSubnet(subnetId: string): string {
	const end = subnetId.lastIndexOf("/");
	return end < subnetId.length - 1 && subnetId.endsWith("/subnets", end)
		? subnetId.slice(0, end - "/subnets".length)
		: subnetId;
}

/** Five parts, whatever they are, and then the type and the name. */
const virtualNetwork =
	/^[^/]*(?:\/[^/]*){5}\/microsoft\.network\/virtualnetworks\/[^/]*$/;

/** The virtual network that a budget lies in, or is; null where it lies in none. */
export function networkOfBudget(id: string): string | null {
	const network = networkOfSubnet(id);
	return virtualNetwork.test(network) ? network : null;
}

/** `network/subnet`, as people say it. */
export function subnetName(subnetId: string): string {
	const name = subnetId.lastIndexOf("/");
	const type = subnetId.lastIndexOf("/", name - 1);
	return type <= 0
		? `/${subnetId.slice(name + 1)}`
		: `${lastName(subnetId.slice(0, type))}/${subnetId.slice(name + 1)}`;
}

/** What a resource group in a subscription is found by. */
export function groupKey(subscription: string, resourceGroup: string): string {
	return `${subscription}/${resourceGroup}`.toLowerCase();
}

/** The group that a network, by its id, is in. "" where that is not an ARM ID. */
export function groupOfNetwork(network: string): string {
	const parts = parseArmId(network);
	return parts === null
		? ""
		: groupKey(parts.subscription, parts.resourceGroup);
}

/** The last part of an id: the name of what it is the id of. */
export function lastName(id: string): string {
	return id.slice(id.lastIndexOf("/") + 1);
}
