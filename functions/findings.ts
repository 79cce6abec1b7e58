import { findingLines } from "../shared/audit/findingLines.ts";
import { findingsCsv } from "../shared/audit/findingsCsv.ts";
import {
	findingShown,
	findingsPage,
	worstFindings,
} from "../shared/audit/findingsPage.ts";
import { refuseUnknown } from "../shared/audit/refuseUnknown.ts";
import { mostResults, sarifOf, sarifType } from "../shared/exports/sarif.ts";
import { sealed } from "../shared/http/continuation.ts";
import { csvAnswer } from "../shared/http/csv.ts";
import { findingLinesQuery, findingsQuery } from "../shared/http/filters.ts";
import { knownParameters } from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";
import { serve } from "./serve.ts";

const pageSize = 100;

serve("listFindings", async (request, tables) => {
	const query = findingsQuery(request.query);
	const now = new Date().toISOString();
	if (query.format === "sarif") {
		const { findings, leftOut } = await worstFindings(
			tables,
			query,
			mostResults,
			now,
		);
		await refuseUnknown(tables, query.filter, findings);
		return {
			headers: { "content-type": sarifType },
			body: JSON.stringify(sarifOf(findings, leftOut)),
		};
	}
	if (query.format === "csv") {
		const parts = await findingsCsv(tables, query, now);
		return csvAnswer("findings", now, parts);
	}
	const page = await findingsPage(tables, query, pageSize, now);
	if (query.continuation === undefined)
		await refuseUnknown(tables, query.filter, page.findings);
	const continuation = sealed(query.list, page.continuation);
	return { jsonBody: { ...page, continuation } };
});

serve("listFindingLines", async (request, tables) => {
	const query = findingLinesQuery(request.query);
	const now = new Date().toISOString();
	return { jsonBody: { findings: await findingLines(tables, query, now) } };
});

serve("getFinding", async (request, tables) => {
	knownParameters(request.query, []);
	const { id = "" } = request.params;
	const now = new Date().toISOString();
	const finding = await findingShown(tables, id, now);
	if (finding === null)
		throw notFound(`Finding ${JSON.stringify(id)} does not exist.`);
	return { jsonBody: finding };
});
