import { gatherStep } from "../shared/audit/gatherStep.ts";
import { inventoryStep } from "../shared/audit/inventoryStep.ts";
import { openTables } from "../shared/azure/openTables.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import { type GatherPart, gatherParts } from "../shared/inventory/gather.ts";
import { newAuditId } from "../shared/keys/auditId.ts";
import type { AuditInput } from "../shared/records/auditRecord.ts";
import { auditSettings, tablesSetting } from "../shared/settings/audit.ts";
import { peakRssMiB } from "./measure.ts";
import { answerCalls } from "./remote.ts";

/*
 * The activities that read and add up a fleet, in a process of their own: processor time says what they cost whatever
 * else runs on the machine.
 */

type Places = Readonly<Record<string, string>>;

const parts: string[] = [];
let input: AuditInput | null = null;

const calls = {
	/** Seconds of processor time for reading the next part of the tenant. The first part begins an audit. */
	gather: (env: Places): Promise<number> =>
		cpuSeconds(async () => {
			const { settings, read, tables } = await reading(env);
			if (parts.length === 0) input = newAudit();
			const part: GatherPart | undefined = gatherParts[parts.length];
			if (input === null || part === undefined)
				throw new Error("all parts were read");
			const { name } = await gatherStep(tables, settings, read, {
				...input,
				part,
				parts: [...parts],
			});
			parts.push(name);
		}),
	/** Seconds of processor time for adding up who uses what and writing the snapshot. */
	inventory: (env: Places): Promise<number> =>
		cpuSeconds(async () => {
			if (input === null) throw new Error("nothing was read");
			const { settings, read, tables } = await reading(env);
			await inventoryStep(
				tables,
				settings,
				read,
				{ ...input, parts },
				() => undefined,
			);
		}),
	peakRssMiB,
};

export type InventoryCalls = typeof calls;

function newAudit(): AuditInput {
	const at = new Date();
	return {
		auditId: newAuditId(at),
		kind: "fleet",
		trigger: "http",
		startedAt: at.toISOString(),
		restartOf: null,
	};
}

async function reading(env: Places) {
	const settings = auditSettings(env);
	const client = resourceGraphClient(settings.cloud);
	const tables = await openTables(tablesSetting(env));
	return { settings, read: createRead({ client }), tables };
}

async function cpuSeconds(run: () => Promise<void>): Promise<number> {
	const begin = process.cpuUsage();
	await run();
	const { user, system } = process.cpuUsage(begin);
	return (user + system) / 1e6;
}

answerCalls(calls);
