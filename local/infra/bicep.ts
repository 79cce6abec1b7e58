import { spawn } from "node:child_process";
import { join } from "node:path";
import {
	createMessageConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { CaseName } from "./sources.ts";
import { cases, parameterFile, templates } from "./sources.ts";

/** Made-up IDs: the same on every machine. */
const tenant = {
	tenantId: "22222222-2222-2222-2222-222222222222",
	location: "westeurope",
	deploymentName: "snapshot",
};
const inSubscription = {
	...tenant,
	subscriptionId: "11111111-1111-1111-1111-111111111111",
};
const inManagementGroup = { ...tenant, managementGroupId: "mg-platform" };

export interface Built {
	/** Errors and warnings of compiler and linter, as `file(line): code: message`. */
	readonly problems: readonly string[];
	/** The text of each snapshot. */
	readonly snapshots: Readonly<Record<CaseName, string>>;
}

interface Diagnostic {
	readonly source: string;
	readonly range: { readonly start: { readonly line: number } };
	readonly code: string;
	readonly message: string;
}

/**
 * Compiles and lints the templates and predicts the resources of each case. One process answers all of it: a start of
 * the CLI takes longer than its work. Throws if a case cannot be predicted.
 */
export async function build(cli: string, root: string): Promise<Built> {
	const server = spawn(cli, ["jsonrpc", "--stdio"], {
		stdio: ["pipe", "pipe", "inherit"],
		// What infra/main.bicepparam cannot do without.
		env: {
			...process.env,
			AZURE_ENV_NAME: "any",
			AZURE_LOCATION: tenant.location,
		},
	});
	const connection = createMessageConnection(
		new StreamMessageReader(server.stdout),
		new StreamMessageWriter(server.stdin),
	);
	connection.listen();
	try {
		const problems: string[] = [];
		for (const file of templates) {
			const { diagnostics } = await connection.sendRequest<{
				readonly diagnostics: readonly Diagnostic[];
			}>("bicep/compile", { path: join(root, file) });
			problems.push(...diagnostics.map(asText));
		}
		const { diagnostics } = await connection.sendRequest<{
			readonly diagnostics: readonly Diagnostic[];
		}>("bicep/compileParams", {
			path: join(root, parameterFile),
			parameterOverrides: {},
		});
		problems.push(...diagnostics.map(asText));
		const snapshots: [string, string][] = [];
		for (const name of cases) {
			const { snapshot } = await connection.sendRequest<{
				readonly snapshot: string;
			}>("bicep/getSnapshot", {
				path: join(root, "infra", "cases", `${name}.bicepparam`),
				metadata:
					name === "management-group" ? inManagementGroup : inSubscription,
			});
			snapshots.push([name, settled(snapshot)]);
		}
		return {
			problems,
			snapshots: Object.fromEntries(snapshots) as Built["snapshots"],
		};
	} finally {
		connection.dispose();
		server.kill();
	}
}

function asText({ source, range, code, message }: Diagnostic): string {
	return `${source}(${range.start.line + 1}): ${code}: ${message}`;
}

/** Bicep lists outputs in another order each time. */
function settled(snapshot: string): string {
	const { outputs, ...rest } = JSON.parse(snapshot);
	const sorted = Object.fromEntries(
		Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)),
	);
	return `${JSON.stringify({ ...rest, outputs: sorted }, null, "\t")}\n`;
}
