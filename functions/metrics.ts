import { app } from "@azure/functions";
import { metricsFacts } from "../shared/audit/metrics.ts";
import { answer } from "../shared/azure/answer.ts";
import { metricsText } from "../shared/exports/metrics.ts";
import { mediaTypes, metricsFormat } from "../shared/exports/metricsFormat.ts";
import { knownParameters } from "../shared/http/parameters.ts";

app.http("getMetrics", {
	methods: ["GET"],
	route: "metrics",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		knownParameters(request.query, []);
		const format = metricsFormat(request.headers.get("accept"));
		return {
			headers: { "content-type": mediaTypes[format] },
			body: await metricsText(await metricsFacts(tables), format),
		};
	}),
});
