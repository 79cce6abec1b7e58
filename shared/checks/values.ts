import { ipv4PrefixLength } from "../cidr.ts";
import { isFields, nameOf } from "./merged.ts";
import type { Fault } from "./wrongRequest.ts";

type Accepted = {
	readonly what: string;
	readonly accepts: (value: unknown) => boolean;
};

const nodes: Accepted = {
	what: "a whole number of 0 or more",
	accepts: (value) => Number.isInteger(value) && Number(value) >= 0,
};
const flag: Accepted = {
	what: "true or false",
	accepts: (value) => typeof value === "boolean",
};
const text: Accepted = {
	what: "text",
	accepts: (value) => typeof value === "string",
};
const subnet: Accepted = {
	what: "the ARM ID of a subnet",
	accepts: (value) =>
		typeof value === "string" &&
		/^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.network\/virtualnetworks\/[^/]+\/subnets\/[^/]+$/i.test(
			value,
		),
};
const prefix: Accepted = {
	what: "an address prefix, such as 10.0.0.0/24",
	accepts: isPrefix,
};
const prefixes: Accepted = {
	what: "a list of address prefixes",
	accepts: (value) => Array.isArray(value) && value.every(isPrefix),
};
const named: Accepted = {
	what: "a list of objects with a name each, no name twice",
	accepts: (value) =>
		Array.isArray(value) &&
		value.every((one) => nameOf(one) !== null) &&
		new Set(value.map(nameOf)).size === value.length,
};

/** What fields that the sums read accept, by their names in lower case, wherever in a resource they are. */
const fields: Readonly<Record<string, Accepted>> = {
	count: nodes,
	mincount: nodes,
	maxcount: nodes,
	maxpods: nodes,
	enableautoscaling: flag,
	vnetsubnetid: subnet,
	podsubnetid: subnet,
	networkplugin: text,
	networkpluginmode: text,
	podcidr: prefix,
	servicecidr: prefix,
	addressprefix: prefix,
	addressprefixes: prefixes,
	agentpoolprofiles: named,
	subnets: named,
	routes: named,
};

/** What is wrong with the values of a resource's properties. Null takes a value away, except a list that is merged by name. */
export function valueFaults(value: unknown, at: string): Fault[] {
	if (Array.isArray(value))
		return value.flatMap((one, index) => valueFaults(one, `${at}[${index}]`));
	if (!isFields(value)) return [];
	return Object.entries(value).flatMap(([name, inner]): Fault[] => {
		const field = `${at}.${name}`;
		const known = Object.hasOwn(fields, name.toLowerCase())
			? fields[name.toLowerCase()]
			: undefined;
		const mayBeNull = known !== named;
		if (
			known === undefined ||
			(inner === null && mayBeNull) ||
			known.accepts(inner)
		)
			return valueFaults(inner, field);
		return [
			{ field, detail: `${field} is ${shown(inner)}; use ${known.what}.` },
		];
	});
}

function isPrefix(value: unknown): boolean {
	if (typeof value !== "string") return false;
	try {
		ipv4PrefixLength(value);
		return true;
	} catch (error) {
		if (error instanceof Error) return false;
		throw error;
	}
}

function shown(value: unknown): string {
	const text = JSON.stringify(value);
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
