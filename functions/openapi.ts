import { app } from "@azure/functions";
import { guarded } from "../shared/azure/answer.ts";
import { openApiText } from "../shared/http/openapi.ts";
import { knownParameters } from "../shared/http/parameters.ts";

/** For generators that hold no key: it says nothing of the fleet. */
app.http("getOpenApi", {
	methods: ["GET"],
	route: "openapi.json",
	authLevel: "anonymous",
	handler: guarded(async (request) => {
		knownParameters(request.query, []);
		return {
			headers: { "content-type": "application/json" },
			body: openApiText(),
		};
	}),
});
