import type {
	AlertState,
	AuditState,
	ChangeCounts,
	SeverityCounts,
	Trigger,
} from "./contract.ts";

/** What a step of an audit tells the log: counts, states and times, no cluster, no secret. */
type StepEvent = { readonly auditId: string } & (
	| { readonly event: "audit-started"; readonly trigger: Trigger }
	| {
			readonly event: "tenant-read";
			readonly part: string;
			readonly rows: number;
			readonly gaps: number;
			readonly seconds: number;
	  }
	| {
			readonly event: "inventory-read";
			readonly subscriptions: number;
			readonly clusters: number;
			readonly subnets: number;
			readonly slices: number;
			readonly gaps: number;
			readonly seconds: number;
	  }
	| {
			/** `scope-older`: what was read is older than the request, and is read again. */
			readonly event: "scope-read" | "scope-older";
			readonly clusters: number;
			readonly gaps: number;
			readonly seconds: number;
	  }
	| {
			readonly event: "slice-judged";
			readonly slice: string;
			readonly clusters: number;
			readonly notEvaluated: number;
			readonly changes: ChangeCounts;
			readonly seconds: number;
	  }
	| {
			readonly event: "audit-ended" | "scoped-ended";
			readonly state: AuditState;
			readonly clusters: number;
			readonly evaluated: number;
			readonly notEvaluated: number;
			readonly gaps: number;
			readonly findings: SeverityCounts;
			readonly changes: ChangeCounts;
			readonly alert: AlertState;
			/** From the audit's start to its end. */
			readonly seconds: number;
	  }
	| { readonly event: "audit-failed"; readonly reason: string }
	| {
			readonly event: "audit-died";
			readonly reason: string;
			readonly restartedAs: string | null;
	  }
	| {
			readonly event: "delivery-died";
			readonly channel: string;
			readonly reason: string;
			readonly restarted: boolean;
	  }
	| {
			readonly event: "alert-tried";
			readonly channel: string;
			readonly state: "done" | "again";
			readonly seconds: number;
	  }
	| {
			readonly event: "alert-failed";
			readonly channel: string;
			readonly reason: string;
	  }
	| {
			readonly event: "instances-removed";
			readonly instances: number;
			readonly seconds: number;
	  }
);

type Line<E extends StepEvent["event"]> = Extract<
	StepEvent,
	{ readonly event: E }
>;

/** What `parse_json` makes of a field. */
type FieldType = "string" | "long" | "real" | "bool" | "dynamic";

const ended = {
	state: "string",
	clusters: "long",
	evaluated: "long",
	notEvaluated: "long",
	gaps: "long",
	findings: "dynamic",
	changes: "dynamic",
	alert: "string",
	seconds: "real",
} as const;
const scopeRead = { clusters: "long", gaps: "long", seconds: "real" } as const;

/**
 * The fields of each line, for the queries of alert rules and workbook: they are checked against this table, and the
 * compiler checks it against the lines. Every line also has `event` and `auditId`.
 */
export const stepFields: {
	readonly [E in StepEvent["event"]]: Readonly<
		Record<Exclude<keyof Line<E>, "event" | "auditId">, FieldType>
	>;
} = {
	"audit-started": { trigger: "string" },
	"tenant-read": {
		part: "string",
		rows: "long",
		gaps: "long",
		seconds: "real",
	},
	"inventory-read": {
		subscriptions: "long",
		clusters: "long",
		subnets: "long",
		slices: "long",
		gaps: "long",
		seconds: "real",
	},
	"slice-judged": {
		slice: "string",
		clusters: "long",
		notEvaluated: "long",
		changes: "dynamic",
		seconds: "real",
	},
	"scope-read": scopeRead,
	"scope-older": scopeRead,
	"audit-ended": ended,
	"scoped-ended": ended,
	"audit-failed": { reason: "string" },
	"audit-died": { reason: "string", restartedAs: "string" },
	"delivery-died": { channel: "string", reason: "string", restarted: "bool" },
	"alert-tried": { channel: "string", state: "string", seconds: "real" },
	"alert-failed": { channel: "string", reason: "string" },
	"instances-removed": { instances: "long", seconds: "real" },
};

/** One line of JSON, the event's name first: `parse_json(message)` reads it in Application Insights. */
export function stepLine(event: StepEvent): string {
	const { event: name, auditId, ...rest } = event;
	return JSON.stringify({ event: name, auditId, ...rest });
}

/** Seconds since a time of `performance.now()`, to the millisecond. */
export function secondsSince(begin: number): number {
	return Math.round(performance.now() - begin) / 1000;
}
