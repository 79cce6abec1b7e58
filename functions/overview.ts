import { app } from "@azure/functions";
import { fleetOverview } from "../shared/audit/overview.ts";
import { answer } from "../shared/azure/answer.ts";
import { knownParameters } from "../shared/http/parameters.ts";

app.http("getOverview", {
	methods: ["GET"],
	route: "overview",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		knownParameters(request.query, []);
		const now = new Date().toISOString();
		return { jsonBody: await fleetOverview(tables, now) };
	}),
});
