import { knownBefore, remember } from "../shared/audit/remember.ts";
import { createArmReader } from "../shared/azure/armReader.ts";
import { createPacer } from "../shared/azure/pacer.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import type { Tables } from "../shared/azure/tables.ts";
import { check } from "../shared/checks/check.ts";
import { WrongRequest } from "../shared/checks/wrongRequest.ts";
import { checkRequestOf } from "../shared/http/checkBody.ts";
import { knownParameters } from "../shared/http/parameters.ts";
import { badBody, Problem } from "../shared/http/problem.ts";
import { AccessDenied } from "../shared/inventory/reader.ts";
import { newAuditId } from "../shared/keys/auditId.ts";
import { auditSettings } from "../shared/settings/audit.ts";
import { secondsSince } from "../shared/stepLine.ts";
import { within } from "../shared/time.ts";
import { serve } from "./serve.ts";

/** Callers give up after a minute, and so do proxies on the way. */
const mostSeconds = 60;

/** Checks of one process share the quota of their identity. */
const pacer = createPacer();

serve("check", async (request, tables, context) => {
	knownParameters(request.query, []);
	const body = await checkRequestOf(request);
	const settings = auditSettings(process.env);
	const { cloud } = settings;
	const begin = performance.now();
	let requests = 0;
	let isLate = false;
	const log = (message: string) => context.log(`check: ${message}`);
	const readFrom = createRead({
		client: resourceGraphClient(cloud),
		pacer,
		log,
	});
	const answered = await within(
		mostSeconds * 1000,
		(async () =>
			check(body, {
				readFrom: (subscriptions) => {
					const read = readFrom(subscriptions);
					return async (query, scope) => {
						// Nobody waits for the answer any more: the quota is for others.
						if (isLate) throw new Error("the check was given up");
						requests += 1;
						return read(query, scope);
					};
				},
				readArm: createArmReader({ cloud, log }),
				before: await beforeNow(tables),
				settings,
				now: () => new Date(),
			}))().catch((error: unknown) => {
			throw problemOf(error);
		}),
	);
	isLate = true;
	if (answered === null)
		throw new Problem(
			503,
			"Azure is busy",
			`Resource Graph did not answer within ${mostSeconds} seconds. Try again in ${retryAfterSeconds} seconds.`,
			null,
			null,
			retryAfterSeconds,
		);
	const { verdict, clusters, gaps } = answered;
	log(
		`${verdict}, ${clusters.length} clusters, ${requests} queries, ${gaps.length} gaps, ${secondsSince(begin)} s`,
	);
	return { jsonBody: answered };
});

const retryAfterSeconds = 15;

async function beforeNow(tables: Tables) {
	const earlier = await remember(tables, newAuditId(new Date()));
	return { memory: earlier.memory, lookUp: knownBefore(tables, earlier) };
}

function problemOf(error: unknown): unknown {
	if (error instanceof WrongRequest) return badBody(error.faults);
	return error instanceof AccessDenied
		? new Problem(500, "No access to Azure", error.message)
		: error;
}
