import * as df from "durable-functions";
import { minuteText } from "../shared/alert/cardText.ts";
import { requestScoped } from "../shared/audit/requestScoped.ts";
import { startAudit } from "../shared/audit/startAudit.ts";
import { auditStatus } from "../shared/audit/status.ts";
import {
	findAudit,
	listAudits,
	newestAudit,
} from "../shared/azure/auditStore.ts";
import { auditRequest } from "../shared/http/auditRequest.ts";
import { sealed } from "../shared/http/continuation.ts";
import {
	auditsList,
	auditsPage,
	knownParameters,
} from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";
import type { AuditRequest } from "../shared/records/auditRecord.ts";
import { judgedSubscriptions, maxHours } from "../shared/settings/audit.ts";
import { stepLine } from "../shared/stepLine.ts";
import { serve } from "./serve.ts";

const pageSize = 50;

serve(
	"startAudit",
	async (request, tables, context) => {
		knownParameters(request.query, []);
		const scope = auditRequest(
			await request.text(),
			judgedSubscriptions(process.env),
		);
		const client = df.getClient(context);
		const options = {
			maxHours: maxHours(process.env),
			now: () => new Date(),
		};
		const { auditId, isNew, state } =
			scope === null
				? await startAudit(client, tables, { ...options, trigger: "http" })
				: await requestScoped(client, tables, scope, askedNow(), options);
		if (isNew)
			context.log(
				stepLine({ event: "audit-started", auditId, trigger: "http" }),
			);
		return {
			status: 202,
			headers: { location: `/api/audits/${auditId}` },
			jsonBody: { auditId, state },
		};
	},
	{ extraInputs: [df.input.durableClient()] },
);

serve("listAudits", async (request, tables) => {
	const token = auditsPage(request.query);
	const page = await listAudits(tables, pageSize, token);
	const audits = await Promise.all(
		page.audits.map((record) => auditStatus(tables, record)),
	);
	const continuation = sealed(auditsList, page.continuation);
	return { jsonBody: { audits, continuation } };
});

serve("getAudit", async (request, tables) => {
	knownParameters(request.query, []);
	const auditId = request.params.auditId ?? "";
	const record =
		auditId === "latest"
			? await newestAudit(tables, ["completed", "partial", "failed"])
			: await findAudit(tables, auditId);
	if (record === null)
		throw notFound(
			auditId === "latest"
				? "No audit has ended yet."
				: `Audit ${JSON.stringify(auditId)} does not exist.`,
		);
	return { jsonBody: await auditStatus(tables, record) };
});

function askedNow(): AuditRequest {
	const since = new Date().toISOString();
	const why = `requested over the API, ${minuteText(since)}`;
	return { by: "http", why, since };
}
