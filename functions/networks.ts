import { networkMap } from "../shared/audit/networkMap.ts";
import { askedNetwork } from "../shared/http/filters.ts";
import { serve } from "./serve.ts";

serve("getNetwork", async (request, tables) => ({
	jsonBody: await networkMap(tables, askedNetwork(request.query)),
}));
