import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { writePackage } from "../package/writePackage.ts";
import { projectRoot } from "../projectRoot.ts";
import { type Az, assignGroupRole, uploadPackage } from "./deploy.ts";

/*
 * `npm run deploy`: makes the package and uploads it to the app that infra/main.bicep made. azd runs it as a hook, with
 * the outputs of the deployment in the environment.
 */

const { values } = parseArgs({
	options: {
		"resource-group": { type: "string" },
		app: { type: "string" },
	},
});
const { env } = process;
const resourceGroup = values["resource-group"] ?? env.AZURE_RESOURCE_GROUP;
const app = values.app ?? env.AZURE_FUNCTION_APP;
if (!resourceGroup || !app) {
	console.error(
		"Say where to deploy: npm run deploy -- --resource-group <group> --app <function app>",
	);
	process.exit(1);
}

const root = projectRoot();
const clock = {
	log: (line: string) => console.log(line),
	wait: (seconds: number) => setTimeout(seconds * 1000),
};

const az: Az = (args) =>
	new Promise((resolve, reject) => {
		// On Windows az is a batch file, which only a shell starts. The arguments come from the deployment's outputs.
		const child = spawn("az", args, {
			shell: process.platform === "win32",
			stdio: ["inherit", "pipe", "pipe"],
		});
		let text = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk) => {
				text += chunk;
			});
		child.once("error", (error) =>
			reject(new Error(`The Azure CLI cannot be started: ${error.message}`)),
		);
		child.once("close", (code) => resolve({ ok: code === 0, text }));
	});

const managementGroup = env.AUDITOR_MANAGEMENT_GROUP;
const principalId = env.AUDITOR_PRINCIPAL_ID;
if (managementGroup && principalId)
	await assignGroupRole(
		az,
		root,
		{
			managementGroup,
			principalId,
			environmentName: env.AZURE_ENV_NAME ?? "",
			location: env.AZURE_LOCATION ?? "",
			useReader: env.AUDITOR_USE_READER === "true",
		},
		clock,
	);

const { path } = await writePackage(root);
console.log(`Deploying ${path} to ${app}`);
const subscription = env.AZURE_SUBSCRIPTION_ID ?? null;
await uploadPackage(az, { subscription, resourceGroup, app, zip: path }, clock);
console.log(`Deployed. The first audit starts with AUDIT_SCHEDULE, or now:

  KEY=$(az functionapp keys list --resource-group ${resourceGroup} --name ${app} --query functionKeys.default --output tsv)
  curl --request POST "${env.AUDITOR_API ?? `https://${app}.azurewebsites.net/api`}/audits" --header "x-functions-key: $KEY"`);
