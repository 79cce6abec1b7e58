import type { ResourceGraphClient } from "@azure/arm-resourcegraph";
import type { FaultPlan } from "../../local/resourceGraph/faults.ts";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import type { ResourceGraphServer } from "../../local/resourceGraph/server.ts";
import { type Capacity, capacityOf } from "../../shared/audit/capacity.ts";
import { closeStep } from "../../shared/audit/closeStep.ts";
import { failStep } from "../../shared/audit/failStep.ts";
import { gatherStep } from "../../shared/audit/gatherStep.ts";
import { inventoryStep } from "../../shared/audit/inventoryStep.ts";
import { sliceStep } from "../../shared/audit/sliceStep.ts";
import { findAudit } from "../../shared/azure/auditStore.ts";
import { openFindings } from "../../shared/azure/findingBuckets.ts";
import { createPacer } from "../../shared/azure/pacer.ts";
import { createRead } from "../../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../../shared/azure/resourceGraphClient.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Finding } from "../../shared/contract.ts";
import { gatherParts } from "../../shared/inventory/gather.ts";
import { newAuditId } from "../../shared/keys/auditId.ts";
import type { BudgetLedger } from "../../shared/model/ledger.ts";
import type { AuditRecord } from "../../shared/records/auditRecord.ts";
import { alertSettings } from "../../shared/settings/alert.ts";
import { auditSettings } from "../../shared/settings/audit.ts";
import { dayMs } from "../../shared/time.ts";
import { tablesOf } from "../workflow/storage.ts";

/** What one night's audit would see, and what goes wrong while it looks. */
export interface Night {
	readonly resources: readonly ArmResource[];
	/** Listed, but they show no resource and no resource group. */
	readonly dropSubscriptions?: readonly string[];
	/** Every page after the first returns the token that it was asked with. */
	readonly repeatToken?: boolean;
	/** Rows of a page at most, whatever is asked. */
	readonly pageSize?: number;
	readonly faults?: FaultPlan;
	/** Is told the rows of every page that arrived. */
	readonly onRows?: (kql: string, rows: readonly Row[]) => void;
	/** Rows of every page in another order. */
	readonly shuffle?: <T>(rows: readonly T[]) => T[];
}

export type Row = Readonly<Record<string, unknown>>;

/** What is known after a night. */
export interface Morning {
	readonly audit: AuditRecord;
	/** Why the inventory could not be read. Null where it was. */
	readonly failure: string | null;
	/** Requests that reached Resource Graph. */
	readonly requests: number;
	/** Every open finding, by cluster and rule. */
	readonly open: readonly Finding[];
	/** The ledger of a cluster by its name. Null where it was not judged. */
	capacity(clusterName: string): Promise<Capacity | null>;
	/** The same by its id, lower case: of a cluster that the night does not show, too. */
	capacityById(clusterId: string): Promise<Capacity | null>;
}

export interface Tenant {
	readonly tables: Tables;
	play(night: Night): Promise<Morning>;
}

/** An endless list of pages is cut off here, so that a test fails instead of hanging. */
const mostRequests = 2000;
const firstNight = Date.parse("2026-11-02T05:00:00.000Z");

/** One tenant over many nights: the real steps, in the workflow's order, on tables of its own. */
export async function openTenant(
	connectionString: string,
	graph: ResourceGraphServer,
	env: Readonly<Record<string, string>> = {},
): Promise<Tenant> {
	const tables = await tablesOf(connectionString);
	const settings = auditSettings({
		...env,
		AUDIT_STORAGE: connectionString,
		RESOURCE_MANAGER_ENDPOINT: graph.url,
	});
	const client = resourceGraphClient(settings.cloud);
	let nights = 0;

	return {
		tables,
		async play(night) {
			const at = new Date(firstNight + nights++ * dayMs);
			const auditId = newAuditId(at);
			const startedAt = at.toISOString();
			const finishedAt = new Date(at.getTime() + 60_000).toISOString();
			graph.setResources(visible(night));
			graph.faults.set(night.faults ?? []);
			const before = graph.requests.length;
			let failure: string | null = null;
			try {
				const read = createRead({
					client: pagedClient(client, night),
					pacer: hastyPacer(),
				});
				const input = {
					auditId,
					kind: "fleet",
					trigger: "timer",
					startedAt,
					restartOf: null,
				} as const;
				const parts: string[] = [];
				for (const part of gatherParts) {
					const gathering = { ...input, part, parts: [...parts] };
					const { name } = await gatherStep(tables, settings, read, gathering);
					parts.push(name);
				}
				const { snapshot } = await inventoryStep(
					tables,
					settings,
					read,
					{ ...input, parts },
					() => undefined,
				);
				await judgeAndClose(
					tables,
					settings,
					{ auditId, snapshot: snapshot.key, finishedAt },
					snapshot.slices,
				);
			} catch (error) {
				failure = error instanceof Error ? error.message : String(error);
				await failStep(
					tables,
					alert,
					{
						auditId,
						reason: failure,
						finishedAt,
					},
					refuse,
				);
			}
			const audit = await findAudit(tables, auditId);
			if (audit === null) throw new Error(`audit ${auditId} has no row`);
			const open = [...(await openFindings(tables)).values()].flat();
			return {
				audit,
				failure,
				requests: graph.requests.length - before,
				open,
				capacity: (name) => capacityOf(tables, audit, clusterIn(night, name)),
				capacityById: (id) => capacityOf(tables, audit, id),
			};
		},
	};
}

async function judgeAndClose(
	tables: Tables,
	{ thresholds, retention }: ReturnType<typeof auditSettings>,
	audit: {
		readonly auditId: string;
		readonly snapshot: string;
		readonly finishedAt: string;
	},
	slices: readonly string[],
): Promise<void> {
	for (const slice of slices)
		await sliceStep(tables, thresholds, { ...audit, slice }, refuse);
	await closeStep(
		tables,
		{
			alert,
			retention: () => retention,
		},
		{ ...audit, failed: [] },
		refuse,
	);
}

/** Tests run on any day. */
function alert() {
	return alertSettings({ ALERT_WEEKLY_DAY: "never" });
}

function refuse(message: string): never {
	throw new Error(message);
}

function visible({
	resources,
	dropSubscriptions = [],
}: Night): readonly ArmResource[] {
	const silent = new Set(dropSubscriptions.map((id) => id.toLowerCase()));
	return resources.filter(({ id }) => {
		const [, , subscription = "", ...more] = id.toLowerCase().split("/");
		return more.length === 0 || !silent.has(subscription);
	});
}

/** The real client, with the pages that the night has. */
function pagedClient(
	client: ResourceGraphClient,
	{ pageSize, repeatToken = false, onRows, shuffle }: Night,
): Pick<ResourceGraphClient, "resources"> {
	let requests = 0;
	return {
		async resources(query, options) {
			if (++requests > mostRequests)
				throw new Error(`the audit sent more than ${mostRequests} requests`);
			const asked = query.options ?? {};
			const top = Math.min(asked.top ?? 1000, pageSize ?? 1000);
			const answer = await client.resources(
				{ ...query, options: { ...asked, top } },
				options,
			);
			const rows = answer.data as readonly Row[];
			onRows?.(query.query, rows);
			return {
				...answer,
				data: shuffle ? shuffle(rows) : rows,
				...(repeatToken &&
					asked.skipToken !== undefined && { skipToken: asked.skipToken }),
			};
		},
	};
}

/** Waits are skipped: a clock that is moved by them. */
function hastyPacer() {
	let now = 0;
	return createPacer(
		() => now,
		async (milliseconds) => {
			now += milliseconds;
		},
	);
}

function clusterIn({ resources }: Night, name: string): string {
	const found = resources.find(
		(one) => one.name === name && /\/managedclusters$/i.test(String(one.type)),
	);
	if (found === undefined) throw new Error(`no cluster ${name} in this night`);
	return found.id.toLowerCase();
}

/** The budget of a kind. Where a cluster has several, the one of the subnet with this name. */
export function budgetIn(
	capacity: Capacity | null,
	kind: BudgetLedger["kind"],
	subnet?: string,
): BudgetLedger {
	const found = (capacity?.budgets ?? []).filter(
		(one) =>
			one.kind === kind &&
			(subnet === undefined || subnetOf(one) === subnet.toLowerCase()),
	);
	const [first, ...more] = found;
	if (first === undefined || more.length > 0)
		throw new Error(
			`${found.length} budgets of kind ${kind}${subnet ? ` in ${subnet}` : ""}, of ${capacity?.budgets.map((one) => `${one.kind} ${one.id}`).join(", ") ?? "none"}`,
		);
	return first;
}

/** The name of the subnet that a budget is in, lower case. Null where it is in none. */
export function subnetOf({ id }: Pick<BudgetLedger, "id">): string | null {
	return /\/subnets\/([^/#?]+)/i.exec(id)?.[1]?.toLowerCase() ?? null;
}
