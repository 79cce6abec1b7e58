import type { InvocationContext } from "@azure/functions";
import { shortReason } from "../reason.ts";
import { tablesSetting } from "../settings/audit.ts";
import { forgetLostTables, openTables } from "./openTables.ts";
import { isStorageAway, type Tables } from "./tables.ts";

/** What an activity answers. It says why it failed instead of throwing: a throw means only that its worker died. */
export type Step<T> = { readonly ok: true; readonly value: T } | FailedStep;

export interface FailedStep {
	readonly ok: false;
	readonly reason: string;
	/** Storage was away: the same step may well succeed later. */
	readonly passing: boolean;
	/** Its worker died twice: a third try would not help. The orchestrator says this, never the activity. */
	readonly died?: true;
}

/** An activity with the tables. What it throws becomes a reason. */
export function step<I, O>(
	handler: (input: I, tables: Tables, context: InvocationContext) => Promise<O>,
): (input: I, context: InvocationContext) => Promise<Step<O>> {
	return async (input, context) => {
		try {
			const tables = await openTables(tablesSetting(process.env));
			return { ok: true, value: await handler(input, tables, context) };
		} catch (error) {
			return whyItFailed(error, context);
		}
	};
}

/** A reason of one line. The whole error goes to the log, never into the durable history. */
export function whyItFailed(
	error: unknown,
	context: Pick<InvocationContext, "error">,
): FailedStep {
	context.error(error);
	forgetLostTables(error);
	return {
		ok: false,
		reason: shortReason(error),
		passing: isStorageAway(error),
	};
}
