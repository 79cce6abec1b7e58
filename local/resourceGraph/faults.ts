import type { Scope } from "./queryRequest.ts";

/** What can be made to go wrong with one request. */
export type Fault =
	/** 429. `resetsAfterSeconds` goes into the quota header (1 by default), `retryAfterSeconds` into Retry-After. */
	| {
			readonly kind: "throttle";
			readonly retryAfterSeconds?: number;
			readonly resetsAfterSeconds?: number;
			readonly twoByteBody?: boolean;
	  }
	/** 503. */
	| { readonly kind: "unavailable" }
	/** 403, whatever is asked. */
	| { readonly kind: "deny" }
	/** The connection is closed without an answer. */
	| { readonly kind: "reset" }
	/** No answer, until the server closes. */
	| { readonly kind: "hang" }
	| { readonly kind: "delay"; readonly ms: number }
	/** The page is skipped, the one after it answered instead. `totalRecords` counts the lost rows. */
	| { readonly kind: "losePage" }
	/** The result ends with this page: `resultTruncated` "true" and no token. */
	| { readonly kind: "truncate" }
	/** One field of one row of the page has this value instead. Without a value the field is missing. */
	| {
			readonly kind: "breakField";
			readonly row?: number;
			readonly field: string;
			readonly value?: unknown;
	  }
	/** The page starts with the last row of the page before. Nothing is lost. No effect on the first page. */
	| { readonly kind: "repeatRow" }
	/** The page has up to a number of rows, whatever is asked for. */
	| { readonly kind: "shortPage"; readonly rows: number }
	/** The page returns the token that it was asked with. No effect on the first page. */
	| { readonly kind: "repeatToken" }
	/** After the last row come empty pages, each with a token of its own. */
	| { readonly kind: "endless" }
	/** The rows of this subscription are silently missing. */
	| { readonly kind: "forget"; readonly subscriptionId: string }
	/** This subscription is listed and shows nothing that is in it, resource groups included. */
	| { readonly kind: "silence"; readonly subscriptionId: string };

/** A request as faults see it. */
interface SeenRequest {
	/** 0 for the first request of the server. */
	readonly index: number;
	readonly query: string;
	readonly scope: Scope;
	/** 0 for the first page. */
	readonly page: number;
}

/** A fault for the matching requests: all, `times` of them after the first `skip`, or `hit` in every `of`. */
export interface FaultRule {
	readonly fault: Fault;
	readonly match?: (request: SeenRequest) => boolean;
	readonly skip?: number;
	readonly times?: number;
	readonly rate?: { readonly hit: number; readonly of: number };
}

/** Rules, or a function that decides for each request. */
export type FaultPlan =
	| readonly FaultRule[]
	| ((request: SeenRequest) => readonly Fault[]);

/** The faults of a running server. */
export interface FaultBox {
	/** Replaces the plan. Rules count again. */
	set(plan: FaultPlan): void;
	clear(): void;
	/** The faults of this request. Each call counts as one request. */
	next(request: SeenRequest): readonly Fault[];
}

export function createFaults(initial: FaultPlan = []): FaultBox {
	let decide = decision(initial);

	return {
		set: (plan) => {
			decide = decision(plan);
		},
		clear: () => {
			decide = () => [];
		},
		next: (request) => decide(request),
	};
}

export function isFault<K extends Fault["kind"]>(kind: K) {
	return (fault: Fault): fault is Extract<Fault, { kind: K }> =>
		fault.kind === kind;
}

function decision(plan: FaultPlan): (request: SeenRequest) => readonly Fault[] {
	if (typeof plan === "function") return plan;

	const rules = plan.map((rule) => ({ rule, applies: countingRule(rule) }));
	return (request) =>
		rules
			.filter(({ applies }) => applies(request))
			.map(({ rule }) => rule.fault);
}

function countingRule(rule: FaultRule): (request: SeenRequest) => boolean {
	const {
		match,
		skip = 0,
		times = Number.POSITIVE_INFINITY,
		rate = { hit: 1, of: 1 },
	} = rule;
	let seen = 0;
	let hits = 0;

	return (request) => {
		if (match && !match(request)) return false;
		const turn = seen++ - skip;
		const applies = turn >= 0 && hits < times && turn % rate.of < rate.hit;
		if (applies) hits++;
		return applies;
	};
}
