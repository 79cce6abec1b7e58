import { app } from "@azure/functions";
import { findingsPage } from "../shared/audit/findingsPage.ts";
import { refuseUnknown } from "../shared/audit/refuseUnknown.ts";
import { answer, continued } from "../shared/azure/answer.ts";
import { sealed } from "../shared/http/continuation.ts";
import { findingsQuery } from "../shared/http/parameters.ts";

const pageSize = 100;

app.http("listFindings", {
	methods: ["GET"],
	route: "findings",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const query = findingsQuery(request.query);
		const now = new Date().toISOString();
		const page = await continued(() =>
			findingsPage(tables, query, pageSize, now),
		);
		if (page.findings.length === 0) await refuseUnknown(tables, query.filter);
		const continuation = sealed(query.list, page.continuation);
		return { jsonBody: { ...page, continuation } };
	}),
});
