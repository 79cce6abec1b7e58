import { capacityOf } from "../shared/audit/capacity.ts";
import { newestJudgement } from "../shared/audit/judgement.ts";
import { capacityCluster } from "../shared/http/parameters.ts";
import { notFound } from "../shared/http/problem.ts";
import { serve } from "./serve.ts";

serve("getCapacity", async (request, tables) => {
	const cluster = capacityCluster(request.query);
	const record = await newestJudgement(tables, cluster);
	const capacity = record && (await capacityOf(tables, record, cluster));
	if (capacity === null)
		throw notFound(
			record === null
				? "No audit has completed yet."
				: `Audit ${record.auditId} did not check cluster ${cluster}.`,
		);
	return { jsonBody: capacity };
});
