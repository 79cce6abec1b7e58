import { describe, expect, it } from "vitest";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { capacityOf } from "../../shared/audit/capacity.ts";
import { readAcceptances } from "../../shared/azure/acceptanceStore.ts";
import { newestEnded } from "../../shared/azure/auditStore.ts";
import { openFindings } from "../../shared/azure/findingBuckets.ts";
import { tenantsFor } from "../cases/tenants.ts";
import { changesIn, withTablesOf } from "./left.ts";

/*
 * The tables as release 0.1 wrote them: three nights of the sample fleet, aks-search-prod-weu with a maximum of 8 index
 * nodes from the second on, and two acceptances.
 */
const world = sampleFleet({
	pools: { "aks-search-prod-weu/index": { maxCount: 8 } },
});

const openTenant = tenantsFor({
	readableSubscriptions: world.readableSubscriptions,
});

const tenantOf01 = () => openTenant((account) => withTablesOf("0.1", account));

describe("tables of release 0.1", () => {
	it("answer the capacity route before the first audit", async () => {
		const { tables } = await tenantOf01();
		const audit = await newestEnded(tables);
		const kafka = world.resources.find(({ name }) =>
			name.startsWith("aks-kafka-prod"),
		);
		const capacity =
			audit && (await capacityOf(tables, audit, kafka?.id.toLowerCase() ?? ""));
		const pods = capacity?.budgets.find(({ kind }) => kind === "pod-subnet");
		expect(pods?.scenarios.today.verdict).toBe("short");
		expect(pods?.unseen).toEqual([]);
	});

	it("lose nothing by the first audit, and what moves is said to be the sums", async () => {
		const tenant = await tenantOf01();
		const before = [...(await openFindings(tenant.tables)).values()].flat();
		const morning = await tenant.play({ resources: world.resources });
		const made = await changesIn(tenant.tables, morning);
		const now = new Map(morning.open.map((one) => [one.id, one]));
		const gone = before.filter(({ id }) => !now.has(id));
		expect(morning.failure).toBeNull();
		expect(
			made.map(({ kind, finding, newArithmetic }) =>
				[kind, finding.clusterName, finding.rule, newArithmetic].join(" "),
			),
		).toEqual([
			"opened aks-perf-nonprod-weu nearly-full true",
			"resolved aks-perf-nonprod-weu capacity-shortfall true",
		]);
		expect(gone.filter(isNotPerf)).toEqual([]);
		for (const { id, firstSeen } of before.filter(isNotPerf))
			expect(now.get(id)?.firstSeen).toBe(firstSeen);
		expect(await readAcceptances(tenant.tables)).toHaveLength(2);
	});

	it("say who used what, where a subscription is silent in the first audit", async () => {
		const tenant = await tenantOf01();
		const before = [...(await openFindings(tenant.tables)).values()].flat();
		const silent = before.find(({ clusterName }) =>
			clusterName.startsWith("aks-kafka"),
		)?.subscription;
		const morning = await tenant.play({
			resources: world.resources,
			dropSubscriptions: silent ? [silent] : [],
		});
		expect(morning.audit.state).toBe("partial");
		const now = new Set(morning.open.map(({ id }) => id));
		const gone = before.filter(({ id }) => !now.has(id));
		expect(gone.filter(isNotPerf)).toEqual([]);
	});
});

/** The list of its subnet now tells that its nodes use 29 addresses each, and not up to 31: 58 of 59. */
function isNotPerf({ clusterName }: { readonly clusterName: string }): boolean {
	return clusterName !== "aks-perf-nonprod-weu";
}
