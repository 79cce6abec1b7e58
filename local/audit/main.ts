import { parseArgs } from "node:util";
import { fail, runAuditProgram } from "../program/auditProgram.ts";

const help = `Audits your own tenant with the identity of the Azure CLI. Run az login first.
It only reads: it deploys nothing and changes nothing. Only queries to Azure Resource Graph leave this machine.

Options:
  --once                end after the audit; without it the report stays up
  --report FILE         write the report to one HTML file, which opens offline
  --subscriptions A,B   check only the clusters of these subscriptions (IDs, comma separated)
  --help                show this text

Other settings come from the environment, for example RESOURCE_MANAGER_ENDPOINT for another cloud.`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: "boolean", default: false },
			report: { type: "string" },
			subscriptions: { type: "string" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		console.log(help);
		return;
	}
	const { subscriptions } = values;
	await runAuditProgram({
		name: "audit",
		once: values.once,
		report: values.report,
		start: async () =>
			subscriptions === undefined ? {} : { AUDIT_SUBSCRIPTIONS: subscriptions },
	});
}

main().catch(fail);
