import { afterAll, beforeAll } from "vitest";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../local/resourceGraph/server.ts";
import { sharedStorage } from "../workflow/storage.ts";
import { openTenant, type Tenant } from "./nights.ts";

/**
 * Tenants with tables of their own, for the tests of one file: storage and Resource Graph run as long as these do.
 * `fill` writes what an account has from the start.
 */
export function tenantsFor(
	options: { readonly readableSubscriptions?: readonly string[] } = {},
): (fill?: (account: string) => Promise<string>) => Promise<Tenant> {
	const storage = sharedStorage();
	let graph: ResourceGraphServer;
	beforeAll(async () => {
		graph = await startResourceGraph({ quota: "off", ...options });
	});
	afterAll(async () => {
		await graph.close();
	});
	return async (fill = async (account) => account) =>
		openTenant(await fill(storage.next()), graph);
}
