import { clustersPage } from "../shared/audit/clustersPage.ts";
import { sealed } from "../shared/http/continuation.ts";
import { clustersQuery } from "../shared/http/filters.ts";
import { serve } from "./serve.ts";

const pageSize = 1000;

serve("listClusters", async (request, tables) => {
	const query = clustersQuery(request.query);
	const page = await clustersPage(tables, query, pageSize);
	const continuation = sealed(query.list, page.continuation);
	return { jsonBody: { ...page, continuation } };
});
