import { armId, isSubscriptionId, subscriptionOfId } from "../arm.ts";
import type { AuditScope } from "../contract.ts";
import { listed } from "../text.ts";
import { mostClusters, mostSubscriptions } from "./answers/audit.ts";
import { isClusterId, jsonObject, quoted } from "./parameters.ts";
import { badBody, type Fault } from "./problem.ts";

/** Faults that an answer lists. */
const mostFaults = 20;

const known = ["clusters", "subscriptions"];

/**
 * What an audit is asked for: null without a body, and for an empty object, the whole fleet. An empty list is refused: it
 * would mean everything, or nothing. `judged`: the only subscriptions whose clusters are judged. Null: no such limit is
 * set. Throws a Problem that names each fault by its path in the body.
 */
export function auditRequest(
	body: string,
	judged: readonly string[] | null,
): AuditScope | null {
	if (body.trim() === "") return null;
	const fields = jsonObject(body);
	if (Object.keys(fields).length === 0) return null;
	const faults: Fault[] = Object.keys(fields)
		.filter((name) => !known.includes(name))
		.map((field) => ({
			field,
			detail: `Field ${quoted(field)} is unknown; use ${listed(known, "or")}.`,
		}));
	const clusters = list(fields, "clusters", mostClusters, faults, (value) =>
		isClusterId(value)
			? whyOutside(subscriptionOfId(value), judged)
			: `is ${quoted(value)}, which is not the ARM ID of an AKS cluster; use /subscriptions/…/managedClusters/<name>`,
	);
	const subscriptions = list(
		fields,
		"subscriptions",
		mostSubscriptions,
		faults,
		(value) =>
			isSubscriptionId(value)
				? whyOutside(armId(value), judged)
				: `is ${quoted(value)}, which is not a subscription ID (a GUID)`,
	);
	if (faults.length > 0) throw badBody(faults.slice(0, mostFaults));
	return {
		...(clusters !== null && { clusters }),
		...(subscriptions !== null && { subscriptions }),
	};
}

function whyOutside(
	subscription: string | null,
	judged: readonly string[] | null,
): string | null {
	if (judged === null || subscription === null) return null;
	return judged.includes(subscription)
		? null
		: `is in subscription ${subscription}, which AUDIT_SUBSCRIPTIONS does not have; add it there first`;
}

/** Null where it is not there. `faultOf`: what is wrong with an item, or null. */
function list(
	fields: Readonly<Record<string, unknown>>,
	field: string,
	most: number,
	faults: Fault[],
	faultOf: (item: string) => string | null,
): string[] | null {
	const value = fields[field];
	if (value === undefined) return null;
	const accepted = `use a list of 1 to ${most} IDs`;
	if (!Array.isArray(value)) {
		const detail = `${field} is ${quoted(JSON.stringify(value))}, which is not a list; ${accepted}.`;
		faults.push({ field, detail });
		return [];
	}
	if (value.length === 0 || value.length > most) {
		const detail = `${field} has ${value.length} IDs; ${accepted}.`;
		faults.push({ field, detail });
		return [];
	}
	for (const [index, item] of value.entries()) {
		const path = `${field}[${index}]`;
		const fault =
			typeof item === "string"
				? faultOf(item)
				: `is ${quoted(JSON.stringify(item))}, which is not a text`;
		if (fault !== null)
			faults.push({ field: path, detail: `${path} ${fault}.` });
	}
	return [...new Set(value.map((item) => armId(String(item))))].sort();
}
