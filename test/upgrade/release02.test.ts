import { describe, expect, it } from "vitest";
import { subscriptions } from "../../local/fleet/sample/spoke.ts";
import { sampleFleet } from "../../local/fleet/sample.ts";
import { capacityOf } from "../../shared/audit/capacity.ts";
import { findingsPage } from "../../shared/audit/findingsPage.ts";
import { historyOf } from "../../shared/audit/history.ts";
import { newestEnded } from "../../shared/azure/auditStore.ts";
import { findAlert, pendingAlerts } from "../../shared/azure/outbox.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Finding } from "../../shared/contract.ts";
import { tenantsFor } from "../cases/tenants.ts";
import { changesIn, withTablesOf } from "./left.ts";

/*
 * The tables as release 0.2 wrote them after eight nights of the sample fleet, 25 October to 1 November. From the second
 * on, aks-search-prod-weu has a maximum of 8 index nodes. The maximum of aks-observability-prod-weu went 13, 14, 13, 14,
 * and in the seventh night 13: its finding comes and goes. From the sixth on, checkout has a maximum of 8 web nodes and
 * catalog of 12. From the seventh on, aks-flink-prod-weu is gone, and its three findings resolved in the eighth, in which
 * nonprod did not answer. The card of that night waits for a channel.
 */
const collectors = (maxCount: number) =>
	({ "aks-observability-prod-weu/collectors": { maxCount } }) as const;
const pools = {
	"aks-search-prod-weu/index": { maxCount: 8 },
	"aks-checkout-prod-weu/web": { maxCount: 8 },
	"aks-catalog-prod-weu/apps": { maxCount: 12 },
	...collectors(13),
};
const asLeft = sampleFleet({ pools, without: ["aks-flink-prod-weu"] });
const restless = sampleFleet({ pools: { ...pools, ...collectors(14) } });

const oldNames = ["drawn", "nodesLeft", "because", "unrest"];

const openTenant = tenantsFor({
	readableSubscriptions: asLeft.readableSubscriptions,
});

const tenantOf02 = () => openTenant((account) => withTablesOf("0.2", account));

async function shown(
	tables: Tables,
	state: "open" | "resolved" | "all",
): Promise<Finding[]> {
	const query = { filter: { state }, accepted: undefined, list: state };
	const all: Finding[] = [];
	for (let continuation: string | undefined; ; ) {
		const at = "2026-11-02T06:00:00.000Z";
		const page = await findingsPage(
			tables,
			{ ...query, format: "json", continuation },
			50,
			at,
		);
		all.push(...page.findings);
		if (page.continuation === null) return all;
		continuation = page.continuation;
	}
}

function named(findings: readonly Finding[], cluster: string, rule: string) {
	return findings.find(
		(one) => one.clusterName === cluster && one.rule === rule,
	);
}

describe("tables of release 0.2", () => {
	it("are read before the first audit by the names of this release", async () => {
		const { tables } = await tenantOf02();
		const findings = await shown(tables, "all");
		expect(findings).toHaveLength(38);
		for (const finding of findings)
			expect(
				Object.keys(finding).filter((key) => oldNames.includes(key)),
			).toEqual([]);
		expect(
			findings
				.flatMap(({ remedies }) => remedies)
				.filter(
					({ title, detail, command }) =>
						title.length === 0 ||
						title.length > 100 ||
						!Array.isArray(detail) ||
						!Array.isArray(command),
				),
		).toEqual([]);
		expect(
			named(findings, "aks-render-nonprod-weu", "capacity-shortfall"),
		).toMatchObject({
			limit: { low: 400, high: 400 },
			demand: { low: 405, high: 405 },
			additionalNodes: { render: { low: 26, high: 26 } },
			headline: "Route table rt-render is 5 routes short at autoscaler max",
			firstSeen: "2026-10-25T05:00:00.000Z",
		});
		expect(
			named(findings, "aks-render-nonprod-weu", "capacity-shortfall")
				?.remedies[0],
		).toEqual({
			kind: "lower-autoscaler-maximum",
			title: "Lower the autoscaler's maximum of pool render from 390 to 379",
			detail: [
				"Lower the autoscaler's maximum of pool render from 390 to 379: then all four scenarios fit. The workloads must do with fewer nodes.",
			],
			command: [
				"az aks nodepool update --resource-group rg-nonprod-aks --cluster-name aks-render-nonprod-weu --name render --update-cluster-autoscaler --min-count 50 --max-count 379",
			],
		});
		expect(
			named(findings, "aks-search-prod-weu", "capacity-shortfall")?.acceptance,
		).toMatchObject({ owner: "search team", by: "finding" });

		const audit = await newestEnded(tables);
		if (audit === null) throw new Error("no audit");
		const basket = asLeft.resources.find(
			({ name }) => name === "aks-basket-prod-weu",
		);
		const capacity = await capacityOf(
			tables,
			audit,
			basket?.id.toLowerCase() ?? "",
		);
		const subnet = capacity?.budgets.find(({ kind }) => kind === "subnet");
		expect(subnet).toMatchObject({
			limit: { low: 1019, high: 1019 },
			observed: { low: 875, high: 875 },
			otherResources: { low: 5, high: 5 },
			otherResourcesByKind: [
				{ kind: "load-balancer-frontend", addresses: { low: 5, high: 5 } },
			],
		});
		expect(subnet?.shared).toHaveLength(5);

		const changes = await changesIn(tables, { audit });
		expect(changes.map(({ finding }) => finding.demand)).not.toContain(
			undefined,
		);
		const [card, ...more] = await pendingAlerts(tables);
		expect(more).toEqual([]);
		expect(card && (await findAlert(tables, card))?.card).toContain("flink");
	});

	it("make no news by the first audit, with nonprod silent as before, nor by the next, in which it answers", async () => {
		const tenant = await tenantOf02();
		const before = await shown(tenant.tables, "open");
		const nights = [{ dropSubscriptions: [subscriptions.nonprod.id] }, {}];
		for (const night of nights) {
			const { resources } = asLeft;
			const morning = await tenant.play({ resources, ...night });
			expect(morning.failure).toBeNull();
			expect(await changesIn(tenant.tables, morning)).toEqual([]);
			expect(morning.audit.alert.state).toBe("none");
			const after = await shown(tenant.tables, "open");
			expect(moves(after)).toEqual(moves(before));
		}
	}, 60_000);

	it("still say what was there before, and what comes and goes", async () => {
		const tenant = await tenantOf02();
		const morning = await tenant.play({ resources: restless.resources });
		const made = await changesIn(tenant.tables, morning);
		expect(
			made
				.map(({ kind, finding, flapping }) =>
					[kind, finding.clusterName, finding.rule, flapping].join(" "),
				)
				.sort(),
		).toEqual([
			"reopened aks-flink-prod-weu blocks-never-ready no",
			"reopened aks-flink-prod-weu capacity-shortfall no",
			"reopened aks-flink-prod-weu wasted-block no",
			"worsened aks-observability-prod-weu capacity-shortfall goes-on",
		]);
		for (const { finding } of made)
			expect(finding.firstSeen).toBe("2026-10-25T05:00:00.000Z");
		const range = named(
			await shown(tenant.tables, "open"),
			"aks-observability-prod-weu",
			"capacity-shortfall",
		)?.budget;
		const history = await historyOf(tenant.tables, range?.id ?? "");
		expect(history?.points).toHaveLength(9);
	});
});

/** What would be news of a finding, if it were otherwise. */
function moves(findings: readonly Finding[]) {
	return findings
		.map(({ id, severity, verdict, scenario, firstSeen, changedAt }) => ({
			id,
			severity,
			verdict,
			scenario,
			firstSeen,
			changedAt,
		}))
		.sort((a, b) => (a.id < b.id ? -1 : 1));
}
