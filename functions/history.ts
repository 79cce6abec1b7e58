import { app } from "@azure/functions";
import { historyOf } from "../shared/audit/history.ts";
import { answer } from "../shared/azure/answer.ts";
import { budgetId } from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";

app.http("getHistory", {
	methods: ["GET"],
	route: "history",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const budget = budgetId(request.query);
		const history = await historyOf(tables, budget);
		if (history === null)
			throw notFound(`Budget ${JSON.stringify(budget)} has no history.`);
		return { jsonBody: history };
	}),
});
