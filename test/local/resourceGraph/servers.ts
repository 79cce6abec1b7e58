import { onTestFinished } from "vitest";
import {
	type ResourceGraphOptions,
	type ResourceGraphServer,
	startResourceGraph,
} from "../../../local/resourceGraph/server.ts";

/** Without a quota unless told. Ends with the test that starts it. */
export async function start(
	options: ResourceGraphOptions = {},
): Promise<ResourceGraphServer> {
	const server = await startResourceGraph({ quota: "off", ...options });
	onTestFinished(server.close);
	return server;
}
