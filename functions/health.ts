import { app } from "@azure/functions";
import { guarded } from "../shared/azure/answer.ts";
import { checkHealth } from "../shared/azure/health.ts";
import { knownParameters } from "../shared/http/parameters.ts";
import { programVersion } from "../shared/version.ts";

/** For probes without a key: it says nothing about the fleet. */
app.http("health", {
	methods: ["GET", "HEAD"],
	route: "health",
	authLevel: "anonymous",
	handler: guarded(async (request, context) => {
		knownParameters(request.query, []);
		const health = await checkHealth(process.env, programVersion, (message) =>
			context.error(message),
		);
		return {
			status: health.status === "healthy" ? 200 : 503,
			headers: { "cache-control": "no-store" },
			jsonBody: health,
		};
	}),
});
