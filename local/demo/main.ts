import { parseArgs } from "node:util";
import { generateFleet } from "../fleet/generate.ts";
import { sampleFleet } from "../fleet/sample.ts";
import {
	type Closers,
	fail,
	runAuditProgram,
} from "../program/auditProgram.ts";
import { startResourceGraph } from "../resourceGraph/server.ts";

const help = `Audits a sample fleet with the same functions that Azure runs, and shows what it finds.

Options:
  --once        end after the audit instead of staying up
  --clusters N  a generated fleet of N clusters instead of the sample fleet
  --help        this text`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: "boolean", default: false },
			clusters: { type: "string" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		console.log(help);
		return;
	}
	const fleet = fleetOf(values.clusters);
	await runAuditProgram({
		name: "demo",
		once: values.once,
		start: (closers) => serve(fleet, closers),
	});
}

type Fleet = Pick<
	ReturnType<typeof sampleFleet>,
	"resources" | "readableSubscriptions"
>;

function fleetOf(clusters: string | undefined): Partial<Fleet> {
	if (clusters === undefined) {
		const { resources, readableSubscriptions } = sampleFleet();
		return { resources, readableSubscriptions };
	}
	if (!/^[1-9]\d{0,5}$/.test(clusters))
		throw new Error(
			`--clusters takes a whole number from 1 on, not ${JSON.stringify(clusters)}`,
		);
	return { resources: generateFleet({ clusters: Number(clusters) }) };
}

/** The whole of the fleet is judged, whatever the environment says of a real tenant. */
async function serve(
	fleet: Partial<Fleet>,
	closers: Closers,
): Promise<Record<string, string>> {
	const graph = await startResourceGraph({ ...fleet, quota: "off" });
	closers.push(graph.close);
	return {
		RESOURCE_MANAGER_ENDPOINT: graph.url,
		AUDIT_SUBSCRIPTIONS: "",
		AUDIT_MANAGEMENT_GROUPS: "",
		ALERT_MIN_SEVERITY: "",
	};
}

main().catch(fail);
