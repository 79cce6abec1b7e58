import { app } from "@azure/functions";
import * as df from "durable-functions";
import { capacityOf } from "../shared/audit/capacity.ts";
import { findingsPage } from "../shared/audit/findingsPage.ts";
import { refuseUnknown } from "../shared/audit/refuseUnknown.ts";
import { startAudit } from "../shared/audit/startAudit.ts";
import { auditStatus } from "../shared/audit/status.ts";
import { answer, continued } from "../shared/azure/answer.ts";
import {
	findAudit,
	listAudits,
	newestAudit,
	newestEnded,
} from "../shared/azure/auditStore.ts";
import { sealed } from "../shared/http/continuation.ts";
import {
	auditsList,
	auditsPage,
	capacityCluster,
	findingsQuery,
	knownParameters,
	noOptions,
} from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";
import { maxHours } from "../shared/settings.ts";
import { stepLine } from "../shared/stepLine.ts";

const auditsPageSize = 50;
const findingsPageSize = 100;

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
		const page = await continued(() =>
			listAudits(tables, auditsPageSize, token),
		);
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
					? "no audit has ended yet"
					: `there is no audit ${JSON.stringify(auditId)}`,
			);
		return { jsonBody: await auditStatus(tables, record) };
	}),
});

app.http("listFindings", {
	methods: ["GET"],
	route: "findings",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const query = findingsQuery(request.query);
		const now = new Date().toISOString();
		const page = await continued(() =>
			findingsPage(tables, query, findingsPageSize, now),
		);
		if (page.findings.length === 0) await refuseUnknown(tables, query.filter);
		const continuation = sealed(query.list, page.continuation);
		return { jsonBody: { ...page, continuation } };
	}),
});

app.http("getCapacity", {
	methods: ["GET"],
	route: "capacity",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const cluster = capacityCluster(request.query);
		const record = await newestEnded(tables);
		const capacity = record && (await capacityOf(tables, record, cluster));
		if (capacity === null)
			throw notFound(
				record === null
					? "no audit has been completed yet"
					: `audit ${record.auditId} judged no cluster ${cluster}`,
			);
		return { jsonBody: capacity };
	}),
});
