import { parseArgs } from "node:util";
import { fail, runAuditProgram } from "../program/auditProgram.ts";

const help = `Audits your own tenant, read-only, with the identity that the Azure CLI is signed in with (az login).
Nothing is deployed, nothing is changed, nothing leaves this machine but queries to Azure Resource Graph.

Options:
  --once                end after the audit instead of staying up
  --subscriptions A,B   judge the clusters of these subscriptions only
  --help                this text

Other settings come from the environment, for example RESOURCE_MANAGER_ENDPOINT for another cloud.`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: "boolean", default: false },
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
		start: async () =>
			subscriptions === undefined ? {} : { AUDIT_SUBSCRIPTIONS: subscriptions },
	});
}

main().catch(fail);
