import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sampleClusters, sampleFleet } from "../../local/fleet/sample.ts";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../local/resourceGraph/server.ts";
import { createArmReader } from "../../shared/azure/armReader.ts";
import { createRead } from "../../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../../shared/azure/resourceGraphClient.ts";
import { check } from "../../shared/checks/check.ts";
import { settings } from "../checks/ask.ts";

const { resources, readableSubscriptions } = sampleFleet();
const ingress = find("aks-ingress-prod-weu");
let server: ResourceGraphServer;

beforeAll(async () => {
	server = await startResourceGraph({ resources, readableSubscriptions });
});
afterAll(() => server.close());

function find(name: string): string {
	const found = resources.find(
		(one) => one.name === name && /managedclusters$/i.test(String(one.type)),
	);
	if (found === undefined) throw new Error(`no cluster ${name}`);
	return found.id.toLowerCase();
}

function cloud(endpoint = server.url) {
	return { endpoint, authorityHost: "", tokenScope: null };
}

function asked(clusters: readonly string[]) {
	return check(
		{
			resources: [],
			removed: [],
			clusters,
			scenarios: ["today", "upgrade"],
			replacements: [],
		},
		{
			readFrom: createRead({ client: resourceGraphClient(cloud()) }),
			readArm: createArmReader({ cloud: cloud() }),
			before: {
				memory: { withClusters: [], missing: {} },
				lookUp: async () => new Map(),
			},
			settings,
			now: () => new Date(),
		},
	);
}

it("reads a resource by its ID, and says why it cannot", async () => {
	const read = createArmReader({ cloud: cloud() });
	expect(await read(ingress)).toMatchObject({
		kind: "resource",
		resource: { name: "aks-ingress-prod-weu" },
	});
	expect(await read(`${ingress}-gone`)).toEqual({ kind: "missing" });
	const hidden = ingress.replace(
		/subscriptions\/[^/]+/,
		"subscriptions/00000000-0000-4000-8000-00000000000f",
	);
	expect(await read(hidden)).toMatchObject({
		kind: "unreadable",
		reason: expect.stringContaining("AuthorizationFailed"),
	});
});

it("asks again when Azure throttles, as late as it says", async () => {
	let calls = 0;
	const waits: number[] = [];
	const busy = createServer((_, response) => {
		calls += 1;
		response.writeHead(calls === 1 ? 429 : 200, {
			"content-type": "application/json",
			"retry-after": "3",
		});
		response.end(JSON.stringify({ id: ingress }));
	});
	await new Promise<void>((done) => busy.listen(0, "127.0.0.1", done));
	const { port } = busy.address() as AddressInfo;
	const read = createArmReader({
		cloud: cloud(`http://127.0.0.1:${port}`),
		wait: async (ms) => {
			waits.push(ms);
		},
	});
	expect(await read(ingress)).toMatchObject({ kind: "resource" });
	expect(waits).toEqual([3000]);
	busy.close();
});

it("wins over Resource Graph while that lags, within one window of the quota", async () => {
	const before = server.requests.length;
	const now = await asked([ingress]);
	expect(server.requests.length - before).toBeLessThanOrEqual(15);
	expect(server.requests.every(({ status }) => status === 200)).toBe(true);
	// 234 IPs: a pool of 7 more nodes of 29 is there at once, and Resource Graph does not show it yet.
	const spec = sampleClusters.find(
		({ name }) => name === "aks-ingress-prod-weu",
	);
	const gateways = spec?.pools.find(({ name }) => name === "gateways");
	server.setLag(60_000);
	server.setResources(
		sampleFleet({
			pools: {
				"aks-ingress-prod-weu/gateways": { nodes: (gateways?.nodes ?? 0) + 7 },
			},
		}).resources,
	);
	const later = await asked([ingress]);
	const today = (answer: typeof now) =>
		answer.clusters[0]?.budgets.find(({ kind }) => kind === "subnet")?.after
			?.scenarios.today?.demand;
	expect(today(now)).toEqual({ low: 234, high: 234 });
	expect(today(later)).toEqual({ low: 234 + 203, high: 234 + 203 });
	expect(later.sources).toContainEqual(
		expect.objectContaining({ id: ingress, source: "arm" }),
	);
});
