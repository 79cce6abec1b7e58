import { afterAll, beforeAll, expect, it } from "vitest";
import { sampleFleet } from "../../../local/fleet/sample.ts";
import { askAzure } from "../../../local/gate/askAzure.ts";
import { CouldNotRun } from "../../../local/gate/couldNotRun.ts";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../../local/resourceGraph/server.ts";
import type { CheckRequest } from "../../../shared/checks/contract.ts";

/* Azure itself is asked, without a deployed auditor and without storage. */

let graph: ResourceGraphServer;
let env: Record<string, string>;
const fleet = sampleFleet();
const ingress = fleet.resources.find(({ id }) =>
	String(id).endsWith("/aks-ingress-prod-weu"),
);
beforeAll(async () => {
	graph = await startResourceGraph({ ...fleet, quota: "off" });
	env = { RESOURCE_MANAGER_ENDPOINT: graph.url };
});
afterAll(() => graph.close());

const upgradeOf = (cluster: string): CheckRequest => ({
	resources: [],
	removed: [],
	clusters: [cluster],
	scenarios: ["upgrade"],
	replacements: [],
});

it("says by how much an upgrade is short", async () => {
	const { verdict, clusters } = await askAzure(
		upgradeOf(String(ingress?.id)),
		env,
	);
	expect(verdict).toBe("short");
	const subnet = clusters[0]?.budgets.find(({ kind }) => kind === "subnet");
	// 251 IPs, 234 in use. One pool's surge is 29, that of both pools 58: 263 to 292.
	expect(subnet?.after?.scenarios.upgrade?.free).toEqual({
		low: -41,
		high: -12,
	});
});

it("does not know a cluster that nobody can see", async () => {
	const { verdict } = await askAzure(
		upgradeOf(String(ingress?.id).replace("aks-ingress", "aks-other")),
		env,
	);
	expect(verdict).toBe("unknown");
});

it("names the wrong setting of the environment", async () => {
	const asked = askAzure(upgradeOf(String(ingress?.id)), {
		...env,
		AUDIT_ROUTE_LIMIT: "many",
	});
	await expect(asked).rejects.toThrow(CouldNotRun);
	await expect(asked).rejects.toThrow("AUDIT_ROUTE_LIMIT");
});
