import { asError } from "../worker/invoke.ts";
import {
	orchestratorFailure,
	unknownFunction,
	workerDied,
} from "./failures.ts";
import type { HistoryEvent } from "./history.ts";
import type { Instance } from "./instanceStore.ts";
import { type Running, reach } from "./loopOptions.ts";
import {
	type Answer,
	type Judged,
	judge,
	payloadOf,
} from "./orchestratorStep.ts";

/** Replays an orchestrator up to its next step: undefined where the hub was killed meanwhile. */
export async function runOrchestrator(
	loop: Running,
	instance: Instance,
	newEvents: readonly HistoryEvent[],
): Promise<Judged | undefined> {
	const { functions, worker } = loop;
	const { instanceId, name } = instance;
	const about = { instanceId, name };
	if (!functions.orchestrators.has(name)) {
		return failedWith(
			name,
			unknownFunction(name, "orchestrator", functions.orchestrators),
		);
	}
	const payload = payloadOf(instance, newEvents);
	if (
		!(await reach(loop, { point: "before-orchestrator", ...about, payload }))
	) {
		return undefined;
	}
	if (worker.isDead) {
		return failedWith(name, workerDied);
	}
	const answer = await functions
		.runOrchestrator(name, JSON.stringify(payload))
		.then(
			(returned): Answer => ({ returned }),
			(thrown): Answer => ({ thrown: asError(thrown) }),
		);
	if (!(await reach(loop, { point: "after-orchestrator", ...about, answer }))) {
		return undefined;
	}
	return worker.isDead
		? failedWith(name, workerDied)
		: judge(instance, payload.history, answer, functions);
}

function failedWith(name: string, message: string): Judged {
	return {
		outcome: { kind: "failed", failure: orchestratorFailure(name, message) },
	};
}
