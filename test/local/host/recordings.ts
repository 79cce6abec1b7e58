import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OrchestratorPayload } from "../../../local/host/durable/orchestratorStep.ts";

/** One step as a real host and durable-functions spoke it. */
export interface RecordedStep {
	readonly payload: OrchestratorPayload;
	/** The returned state, or the error that was thrown with the state in its message. */
	readonly state: unknown;
}

const folder = join(import.meta.dirname, "../../durable/recorded");

export function recordedSteps(name: string): RecordedStep[] {
	const steps: RecordedStep[] = [];
	for (let number = 1; existsSync(file(name, number, "in.json")); number += 1) {
		const payload = JSON.parse(
			readFileSync(file(name, number, "in.json"), "utf8"),
		) as OrchestratorPayload;
		steps.push({ payload, state: recordedState(name, number) });
	}
	return steps;
}

function recordedState(name: string, number: number): unknown {
	if (existsSync(file(name, number, "out.json"))) {
		return JSON.parse(readFileSync(file(name, number, "out.json"), "utf8"));
	}
	return stateInMessage(
		readFileSync(file(name, number, "out-error.txt"), "utf8"),
	);
}

export function stateInMessage(message: string): unknown {
	const label = "$OutOfProcData$:";
	return JSON.parse(message.slice(message.indexOf(label) + label.length));
}

function file(name: string, number: number, kind: string): string {
	return join(folder, `${name}-${String(number).padStart(2, "0")}-${kind}`);
}

/** The events that a step brings: those from its own start on. */
export function newEvents({ history }: OrchestratorPayload): readonly Event[] {
	return history.slice(
		history.findLastIndex(({ EventType }) => EventType === 12),
	) as readonly object[] as readonly Event[];
}

type Event = Readonly<Record<string, unknown>>;

/**
 * What must be equal: all but points in time, execution ids (numbered in order of appearance) and the stacks inside of
 * failures. Timers are compared by how long after the start of their step they fire.
 */
export function comparable(payload: OrchestratorPayload): unknown {
	const ids = [
		...new Set(JSON.stringify(payload).match(/(?<="ExecutionId":")[^"]+/g)),
	];
	let text = JSON.stringify({
		...payload,
		history: payload.history.map(withoutTimes()),
	});
	for (const [index, id] of ids.entries()) {
		text = text.replaceAll(id, `execution-${index}`);
	}
	return JSON.parse(text);
}

/** A state without the details of failures, which contain stacks. */
export function comparableState(state: unknown): unknown {
	return JSON.parse(JSON.stringify(state), (_, value) =>
		typeof value === "string" ? beforeDetails(value) : value,
	);
}

function withoutTimes() {
	let started = 0;
	const delays = new Map<unknown, number>();
	return (event: OrchestratorPayload["history"][number]): Event => {
		const { Timestamp, ...rest } = { ...(event as object as Event) };
		if (rest.EventType === 12) {
			started = Date.parse(String(Timestamp));
		}
		if (rest.EventType === 10) {
			delays.set(rest.EventId, Date.parse(String(rest.FireAt)) - started);
		}
		if ("FireAt" in rest) {
			rest.FireAt = delays.get(
				rest.EventType === 10 ? rest.EventId : rest.TimerId,
			);
		}
		if ("Details" in rest) {
			rest.Reason = beforeDetails(String(rest.Reason));
			rest.Details = withoutStacks(String(rest.Details));
		}
		return rest;
	};
}

function beforeDetails(text: string): string {
	return text.split(" \n {")[0] ?? "";
}

/** Of an activity's failure what a program could rely on, of an orchestration's the text before the inner failure. */
function withoutStacks(details: string): unknown {
	if (!details.startsWith("{")) {
		return beforeDetails(details);
	}
	const { $type, ClassName, Message, InnerException } = JSON.parse(details);
	const { IsUserException, RemoteMessage, RemoteTypeName } = InnerException;
	const head = InnerException.Message.split("\n").slice(0, 2);
	const inner = {
		type: InnerException.$type,
		IsUserException,
		RemoteMessage,
		RemoteTypeName,
		head,
	};
	return { $type, ClassName, Message, inner };
}
