import type {
	CheckedResource,
	ReplacementOrder,
} from "../../checks/contract.ts";
import { merged } from "../../checks/merged.ts";
import type { Picked } from "../fields.ts";
import { isPicked } from "../fields.ts";
import type { PlanRemark } from "../plannedChange.ts";
import type { Plan, PlanResource } from "./planFile.ts";

/** What is collected of a plan, in the order of its resources. */
export interface Collected {
	readonly resources: CheckedResource[];
	readonly removed: string[];
	readonly replacements: { pool: string; order: ReplacementOrder }[];
	readonly unknown: PlanRemark[];
	readonly notes: PlanRemark[];
	readonly addresses: Map<string, string>;
}

export interface Context {
	readonly plan: Plan;
	/** The subscription of new resources. Null where the plan does not say it. */
	readonly subscription: string | null;
	readonly into: Collected;
}

/** Adds one resource, and removes what was there under another ID. */
export function add(
	{ into }: Context,
	one: PlanResource,
	resource: CheckedResource | null,
): void {
	const before = textOf(one.before?.id);
	const id = resource?.id ?? null;
	if (before !== null && (id === null || !sameId(before, id))) {
		// An association or a single route is no resource of its own here.
		if (one.action !== "update" && one.action !== "create")
			into.removed.push(before);
		into.addresses.set(before.toLowerCase(), one.address);
	}
	if (resource === null) return;
	into.addresses.set(resource.id.toLowerCase(), one.address);
	const same = into.resources.findIndex(({ id }) => sameId(id, resource.id));
	const earlier = into.resources[same];
	if (earlier === undefined) into.resources.push(resource);
	else
		into.resources[same] = {
			...earlier,
			...resource,
			properties: merged(earlier.properties, resource.properties) as Picked,
		};
}

export function sameId(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}

export function textOf(value: unknown): string | null {
	return typeof value === "string" && value !== "" ? value : null;
}

/** Only what is set, so that all else stays as Azure has it. */
export function set(fields: Picked): Picked {
	return Object.fromEntries(
		Object.entries(fields).filter(
			([, value]) =>
				value !== undefined &&
				!(isPicked(value) && Object.keys(value).length === 0),
		),
	);
}
