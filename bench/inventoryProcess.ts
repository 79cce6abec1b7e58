import { gatherTenant, type Tenant } from "../shared/audit/gatherTenant.ts";
import { inventoryStep } from "../shared/audit/inventoryStep.ts";
import { openTables } from "../shared/azure/openTables.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import { whoAnswered } from "../shared/inventory/coverage.ts";
import { newAuditId } from "../shared/keys/auditId.ts";
import { buildFleet } from "../shared/model/fleet.ts";
import { auditSettings, tablesSetting } from "../shared/settings/audit.ts";
import { peakRssMiB } from "./measure.ts";
import { answerCalls } from "./remote.ts";

/*
 * The inventory step in a process of its own, and its parts: processor time says what it costs whatever else runs on
 * the machine.
 */

type Places = Readonly<Record<string, string>>;

let gathered: Tenant | null = null;

const calls = {
	/** Seconds of processor time for reading the tenant into facts, which stay for `build`. */
	gather: (env: Places): Promise<number> =>
		cpuSeconds(async () => {
			const { settings, read } = reading(env);
			const nothing = { withClusters: [], missing: {} };
			gathered = await gatherTenant(read, settings, nothing);
		}),
	/** Seconds of processor time for adding up who uses what. */
	build: (env: Places): Promise<number> =>
		cpuSeconds(async () => {
			if (gathered === null) throw new Error("nothing was gathered");
			const { settings } = reading(env);
			const at = new Date();
			buildFleet(
				gathered.inventory,
				{
					auditId: newAuditId(at),
					at: at.toISOString(),
					known: new Map(),
					answered: whoAnswered(gathered),
				},
				settings,
			);
		}),
	/** Seconds of processor time for the whole step, storing included. */
	step: (env: Places): Promise<number> =>
		cpuSeconds(async () => {
			const { settings, read } = reading(env);
			const tables = await openTables(tablesSetting(env));
			const at = new Date();
			const input = {
				auditId: newAuditId(at),
				kind: "fleet",
				trigger: "http",
				startedAt: at.toISOString(),
				restartOf: null,
			} as const;
			await inventoryStep(tables, settings, read, input, () => undefined);
		}),
	peakRssMiB,
};

export type InventoryCalls = typeof calls;

function reading(env: Places) {
	const settings = auditSettings(env);
	const client = resourceGraphClient(settings.cloud);
	return { settings, read: createRead({ client }) };
}

async function cpuSeconds(run: () => Promise<void>): Promise<number> {
	const begin = process.cpuUsage();
	await run();
	const { user, system } = process.cpuUsage(begin);
	return (user + system) / 1e6;
}

answerCalls(calls);
