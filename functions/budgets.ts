import { budgetsCsv } from "../shared/audit/budgetsCsv.ts";
import { budgetsPage } from "../shared/audit/budgetsPage.ts";
import { sealed } from "../shared/http/continuation.ts";
import { csvAnswer } from "../shared/http/csv.ts";
import { budgetsQuery } from "../shared/http/filters.ts";
import { serve } from "./serve.ts";

const pageSize = 100;

serve("listBudgets", async (request, tables) => {
	const query = budgetsQuery(request.query);
	if (query.format === "csv") {
		const { startedAt, parts } = await budgetsCsv(tables, query);
		return csvAnswer("budgets", startedAt, parts);
	}
	const page = await budgetsPage(tables, query, pageSize);
	const continuation = sealed(query.list, page.continuation);
	return { jsonBody: { ...page, continuation } };
});
