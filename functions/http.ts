import {
	app,
	type HttpHandler,
	type HttpRequest,
	type HttpResponseInit,
	type InvocationContext,
} from "@azure/functions";
import * as df from "durable-functions";
import { capacityOf } from "../shared/audit/capacity.ts";
import { startAudit } from "../shared/audit/startAudit.ts";
import { auditStatus } from "../shared/audit/status.ts";
import {
	findAudit,
	listAudits,
	newestAudit,
} from "../shared/azure/auditStore.ts";
import { listFindings } from "../shared/azure/findingStore.ts";
import {
	isStatus,
	isStorageAway,
	openTables,
	type Tables,
} from "../shared/azure/tables.ts";
import {
	auditsPage,
	capacityCluster,
	findingFilter,
	knownParameters,
	noOptions,
} from "../shared/http/parameters.ts";
import { badRequest, notFound, Problem } from "../shared/http/problem.ts";
import { maxHours, SettingsError, tablesSetting } from "../shared/settings.ts";

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
		const { auditId } = await startAudit(df.getClient(context), tables, {
			trigger: "http",
			maxHours: maxHours(process.env),
			now: () => new Date(),
		});
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
		return { jsonBody: { audits, continuation: page.continuation } };
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
		const { filter, continuation } = findingFilter(request.query);
		const page = await continued(() =>
			listFindings(tables, filter, findingsPageSize, continuation),
		);
		return { jsonBody: page };
	}),
});

app.http("getCapacity", {
	methods: ["GET"],
	route: "capacity",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const cluster = capacityCluster(request.query);
		const record = await newestAudit(tables, ["completed", "partial"]);
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

/** A handler whose errors are problem+json; what was not foreseen is logged whole and told without detail. */
function answer(
	handler: (
		request: HttpRequest,
		tables: Tables,
		context: InvocationContext,
	) => Promise<HttpResponseInit>,
): HttpHandler {
	return async (request, context) => {
		try {
			const tables = await openTables(tablesSetting(process.env));
			return await handler(request, tables, context);
		} catch (error) {
			return problemResponse(error, context);
		}
	};
}

function problemResponse(
	error: unknown,
	context: InvocationContext,
): HttpResponseInit {
	if (error instanceof Problem)
		return problem(error.status, error.title, error.message, error.field);
	context.error(error);
	if (error instanceof SettingsError)
		return problem(500, "Wrong settings", error.message, null);
	if (isStorageAway(error))
		return problem(
			503,
			"Storage does not answer",
			"The storage of AUDIT_STORAGE (or AzureWebJobsStorage) does not answer: is the setting right, and may the app reach it?",
			null,
		);
	return problem(
		500,
		"Internal error",
		"The call failed; the log of the function app says why.",
		null,
	);
}

function problem(
	status: number,
	title: string,
	detail: string,
	field: string | null,
): HttpResponseInit {
	return {
		status,
		headers: { "content-type": "application/problem+json" },
		body: JSON.stringify({
			type: "about:blank",
			title,
			status,
			detail,
			...(field === null ? {} : { field }),
		}),
	};
}

/** Storage refuses a continuation that it did not give. */
async function continued<T>(list: () => Promise<T>): Promise<T> {
	try {
		return await list();
	} catch (error) {
		if (!isStatus(error, 400)) throw error;
		throw badRequest("continuation", "is none that a page of this list gave");
	}
}
