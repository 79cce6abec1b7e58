import * as v from "valibot";
import { parseArmId } from "../arm.ts";
import { watchedTypes } from "./changesQuery.ts";
import type { HeardChange } from "./heardChange.ts";

/**
 * The only fields that are read of an event, in Event Grid's own schema or as a CloudEvent. Others have names and
 * addresses of people, and permissions: they are neither stored nor logged.
 */
const event = v.object({
	id: v.string(),
	eventType: v.optional(v.string()),
	type: v.optional(v.string()),
	eventTime: v.optional(v.string()),
	time: v.optional(v.string()),
	subject: v.optional(v.string()),
	data: v.optional(
		v.object({
			resourceUri: v.optional(v.string()),
			correlationId: v.optional(v.string()),
		}),
	),
});

const kinds: Readonly<Record<string, HeardChange["kind"]>> = {
	"microsoft.resources.resourcewritesuccess": "update",
	"microsoft.resources.resourcedeletesuccess": "delete",
};

/**
 * The change that an event of a subscription tells of, without its values: events have none. Null: it is of no resource
 * that can matter, or is no such event.
 */
export function changeOfEvent(given: unknown): HeardChange | null {
	const parsed = v.safeParse(event, given);
	if (!parsed.success) return null;
	const { id, eventType, type, eventTime, time, subject, data } = parsed.output;
	const kind = kinds[(eventType ?? type ?? "").toLowerCase()];
	const at = new Date(eventTime ?? time ?? "");
	const resource = (data?.resourceUri ?? subject ?? "").trim().toLowerCase();
	const target = typeOf(resource);
	if (kind === undefined || Number.isNaN(at.getTime())) return null;
	if (target === null || !watched.has(target)) return null;
	return {
		id: `event ${id}`,
		source: "event",
		operation: data?.correlationId?.toLowerCase() || null,
		resource,
		type: target,
		kind,
		at: at.toISOString(),
		by: null,
		values: null,
	};
}

const watched: ReadonlySet<string> = new Set(watchedTypes);

/** `microsoft.network/virtualnetworks/subnets` of a subnet's ID. Null where it is the ID of no resource. */
function typeOf(id: string): string | null {
	if (parseArmId(id) === null) return null;
	const [, , , , , , provider, ...path] = id.split("/");
	const types = path.filter((_, index) => index % 2 === 0);
	return [provider, ...types].join("/");
}
