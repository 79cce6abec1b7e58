import { metricsFacts } from "../shared/audit/metrics.ts";
import { metricsText } from "../shared/exports/metrics.ts";
import { mediaTypes, metricsFormat } from "../shared/exports/metricsFormat.ts";
import { knownParameters } from "../shared/http/parameters.ts";
import { serve } from "./serve.ts";

serve("getMetrics", async (request, tables) => {
	knownParameters(request.query, []);
	const format = metricsFormat(request.headers.get("accept"));
	return {
		headers: { "content-type": mediaTypes[format] },
		body: await metricsText(await metricsFacts(tables), format),
	};
});
