import { historyOf } from "../shared/audit/history.ts";
import { budgetId } from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";
import { serve } from "./serve.ts";

serve("getHistory", async (request, tables) => {
	const budget = budgetId(request.query);
	const history = await historyOf(tables, budget);
	if (history === null)
		throw notFound(`Budget ${JSON.stringify(budget)} has no history.`);
	return { jsonBody: history };
});
