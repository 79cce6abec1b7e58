import { app } from "@azure/functions";
import * as df from "durable-functions";
import { startAudit } from "../shared/audit/startAudit.ts";
import { auditStatus } from "../shared/audit/status.ts";
import { answer, continued } from "../shared/azure/answer.ts";
import {
	findAudit,
	listAudits,
	newestAudit,
} from "../shared/azure/auditStore.ts";
import { sealed } from "../shared/http/continuation.ts";
import {
	auditsList,
	auditsPage,
	knownParameters,
	noOptions,
} from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";
import { maxHours } from "../shared/settings/audit.ts";
import { stepLine } from "../shared/stepLine.ts";

const pageSize = 50;

app.http("startAudit", {
	methods: ["POST"],
	route: "audits",
	authLevel: "function",
	extraInputs: [df.input.durableClient()],
	handler: answer(async (request, tables, context) => {
		knownParameters(request.query, []);
		noOptions(await request.text());
		const { auditId, isNew } = await startAudit(df.getClient(context), tables, {
			trigger: "http",
			maxHours: maxHours(process.env),
			now: () => new Date(),
		});
		if (isNew)
			context.log(
				stepLine({ event: "audit-started", auditId, trigger: "http" }),
			);
		return {
			status: 202,
			headers: { location: `/api/audits/${auditId}` },
			jsonBody: { auditId, state: "running" },
		};
	}),
});

app.http("listAudits", {
	methods: ["GET"],
	route: "audits",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const token = auditsPage(request.query);
		const page = await continued(() => listAudits(tables, pageSize, token));
		const audits = await Promise.all(
			page.audits.map((record) => auditStatus(tables, record)),
		);
		const continuation = sealed(auditsList, page.continuation);
		return { jsonBody: { audits, continuation } };
	}),
});

app.http("getAudit", {
	methods: ["GET"],
	route: "audits/{auditId}",
	authLevel: "function",
	handler: answer(async (request, tables) => {
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
	}),
});
