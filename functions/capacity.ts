import { app } from "@azure/functions";
import { capacityOf } from "../shared/audit/capacity.ts";
import { answer } from "../shared/azure/answer.ts";
import { newestEnded } from "../shared/azure/auditStore.ts";
import { capacityCluster } from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";

app.http("getCapacity", {
	methods: ["GET"],
	route: "capacity",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const cluster = capacityCluster(request.query);
		const record = await newestEnded(tables);
		const capacity = record && (await capacityOf(tables, record, cluster));
		if (capacity === null)
			throw notFound(
				record === null
					? "No audit has completed yet."
					: `Audit ${record.auditId} did not check cluster ${cluster}.`,
			);
		return { jsonBody: capacity };
	}),
});
