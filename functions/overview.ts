import { fleetOverview } from "../shared/audit/overview.ts";
import { knownParameters } from "../shared/http/parameters.ts";
import { reportFacts } from "../shared/settings/audit.ts";
import { serve } from "./serve.ts";

serve("getOverview", async (request, tables) => {
	knownParameters(request.query, []);
	const now = new Date().toISOString();
	return {
		jsonBody: await fleetOverview(tables, now, reportFacts(process.env)),
	};
});
