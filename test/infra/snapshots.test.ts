import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
	type CaseName,
	cases,
	sourcesHash,
} from "../../local/infra/sources.ts";
import { settingDefaults } from "../../shared/settings/table.ts";
import { tableUnder } from "../markdown.ts";
import {
	allOf,
	appSettings,
	oneOf,
	type Snapshot,
	snapshotOf,
	textOf,
} from "./snapshot.ts";

const root = join(import.meta.dirname, "..", "..");
const apps = cases.filter(
	(name) => name !== "management-group" && !name.startsWith("event-grid"),
);
const here = "/subscriptions/11111111-1111-1111-1111-111111111111";

it("are those of the sources: if not, run npm run infra", () => {
	const made = join(root, "infra", "snapshots", "sources.sha256");
	expect(readFileSync(made, "utf8").trim()).toBe(sourcesHash(root));
});

describe.each(cases)("%s", (name) => {
	const snapshot = snapshotOf(name);

	it("has no diagnostic", () => {
		expect(snapshot.diagnostics).toEqual([]);
		// To a topic that is there, only the subscription is added.
		const least = name === "event-grid-topic" ? 1 : 2;
		expect(snapshot.predictedResources.length).toBeGreaterThanOrEqual(least);
	});

	it("shows no secret, in no output either", () => {
		expect(textOf(name)).not.toMatch(/planted|listKeys|AccountKey|sig=/);
		for (const output of Object.keys(snapshot.outputs))
			expect(output).not.toMatch(/secret|webhook|key|password|connection/i);
	});

	it("assigns to identities of services only, and no role that can write to what is audited", () => {
		// Blob Data Owner, Queue and Table Data Contributor, Key Vault Secrets User, Monitoring Metrics Publisher, Durable Task Data Contributor.
		const onOwn = [
			"b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
			"974c5e8b-45b9-4653-ba55-5f855dd0fb88",
			"0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
			"4633458b-17de-408a-b874-0445c86b69e6",
			"3913510d-42f4-4e42-8a64-420c390055eb",
			"0ad04412-c4d5-4796-b79c-f76d14c8d402",
		];
		const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
		const own = allOf(snapshot, "Microsoft.Authorization/roleDefinitions").map(
			({ name }) => name,
		);
		for (const { id, properties } of allOf(
			snapshot,
			"Microsoft.Authorization/roleAssignments",
		)) {
			expect(properties.principalType).toBe("ServicePrincipal");
			const role = String(properties.roleDefinitionId).split("/").at(-1) ?? "";
			// An assignment on a resource of the auditor names that resource first.
			const isOnOwn = id.startsWith("[extensionResourceId(");
			expect(isOnOwn ? onOwn : [reader, ...own]).toContain(role);
		}
	});
});

describe.each(apps)("%s", (name) => {
	const snapshot = snapshotOf(name);
	const settings = appSettings(snapshot);

	it("has storage without keys, without public blobs, with TLS", () => {
		const storage = oneOf(snapshot, "Microsoft.Storage/storageAccounts");
		expect(storage.properties).toMatchObject({
			allowSharedKeyAccess: false,
			allowBlobPublicAccess: false,
			minimumTlsVersion: "TLS1_2",
			supportsHttpsTrafficOnly: true,
		});
		const containers = allOf(
			snapshot,
			"Microsoft.Storage/storageAccounts/blobServices/containers",
		);
		expect(containers.map(({ properties }) => properties)).toEqual([
			{ publicAccess: "None" },
		]);
	});

	it("has a vault with roles, whose secret is written only if its value comes with the deployment", () => {
		expect(
			oneOf(snapshot, "Microsoft.KeyVault/vaults").properties,
		).toMatchObject({
			enableRbacAuthorization: true,
			enabledForTemplateDeployment: false,
		});
		const secret = oneOf(snapshot, "Microsoft.KeyVault/vaults/secrets");
		const parameter =
			name === "signed-in"
				? "parameters('teamsWebhookUrl')"
				: "parameters('secretValue')";
		expect(secret.condition).toBe(`[not(empty(${parameter}))]`);
		expect(secret.properties.value).toBe(`[${parameter}]`);
	});

	it("has telemetry without a key", () => {
		expect(
			oneOf(snapshot, "Microsoft.Insights/components").properties,
		).toMatchObject({ DisableLocalAuth: true });
		expect(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING).toMatch(
			/^\[format\('ClientId=\{0\};Authorization=AAD', reference\(.*\)\.clientId\)\]$/,
		);
	});

	it("has an app that takes https only, and no password to publish with", () => {
		expect(oneOf(snapshot, "Microsoft.Web/sites").properties).toMatchObject({
			httpsOnly: true,
			siteConfig: {
				minTlsVersion: "1.2",
				scmMinTlsVersion: "1.2",
				ftpsState: "Disabled",
				remoteDebuggingEnabled: false,
			},
		});
		const passwords = allOf(
			snapshot,
			"Microsoft.Web/sites/basicPublishingCredentialsPolicies",
		);
		expect(passwords.map(({ properties }) => properties)).toEqual([
			{ allow: false },
			{ allow: false },
		]);
	});

	it("connects to storage by its identity", () => {
		expect(Object.keys(settings)).not.toContain("AzureWebJobsStorage");
		expect(settings.AzureWebJobsStorage__credential).toBe("managedidentity");
		for (const service of ["blob", "queue", "table"])
			expect(settings[`AzureWebJobsStorage__${service}ServiceUri`]).toContain(
				`https://{0}.${service}.{1}`,
			);
		for (const client of ["AZURE_CLIENT_ID", "AzureWebJobsStorage__clientId"])
			expect(settings[client]).toMatch(/^\[reference\('.*'\)\.clientId\]$/);
	});

	it("sets nothing that the program does not know, and the README has the default of the rest", () => {
		const known = new Set(Object.keys(settingDefaults));
		const platform =
			/^(AzureWebJobsStorage__|AzureFunctionsJobHost__|APPLICATIONINSIGHTS_|FUNCTIONS_|WEBSITE_|DURABLE_TASK_SCHEDULER_CONNECTION_STRING$|AZURE_CLIENT_ID$|OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID$)/;
		const set = Object.keys(settings);
		expect(set.filter((one) => !known.has(one) && !platform.test(one))).toEqual(
			[],
		);
		const readme = readFileSync(join(root, "README.md"), "utf8");
		const defaults = new Map(
			tableUnder(readme, "Settings").map(([setting = "", , , initial]) => [
				setting.replaceAll("`", ""),
				initial,
			]),
		);
		for (const one of known)
			expect(set.includes(one) || defaults.get(one), one).toBeTruthy();
	});

	it("has the webhook's address as that of a secret only", () => {
		expect(settings.TEAMS_WEBHOOK_URL).toMatch(
			/^\[format\('https:\/\/\{0\}\{1\}\/secrets\/\{2\}', 'kv-aks-\w+', environment\(\)\.suffixes\.keyvaultDns, 'teams-webhook-url'\)\]$/,
		);
	});

	it("sets nothing that Flex Consumption refuses", () => {
		const refused = [
			"FUNCTIONS_WORKER_RUNTIME",
			"FUNCTIONS_EXTENSION_VERSION",
			"WEBSITE_RUN_FROM_PACKAGE",
			"WEBSITE_TIME_ZONE",
			"TZ",
		];
		const set = refused.filter((one) => one in settings);
		expect(set).toEqual(
			name === "dedicated"
				? [
						"FUNCTIONS_WORKER_RUNTIME",
						"FUNCTIONS_EXTENSION_VERSION",
						"WEBSITE_RUN_FROM_PACKAGE",
					]
				: [],
		);
	});
});

const actions = [
	"Microsoft.Compute/virtualMachineScaleSets/read",
	"Microsoft.ContainerService/managedClusters/read",
	"Microsoft.Network/loadBalancers/read",
	"Microsoft.Network/networkInterfaces/read",
	"Microsoft.Network/privateLinkServices/read",
	"Microsoft.Network/routeTables/read",
	"Microsoft.Network/virtualNetworks/read",
	"Microsoft.Network/virtualNetworks/subnets/read",
	"Microsoft.ResourceGraph/resources/read",
	"Microsoft.Resources/changes/read",
	"Microsoft.Resources/subscriptions/read",
	"Microsoft.Resources/subscriptions/resourceGroups/read",
];

function roleOf(snapshot: Snapshot) {
	return oneOf(snapshot, "Microsoft.Authorization/roleDefinitions").properties;
}

describe("the role", () => {
	it("has these actions at subscriptions, and no data", () => {
		expect(roleOf(snapshotOf("smallest"))).toMatchObject({
			permissions: [
				{ actions, notActions: [], dataActions: [], notDataActions: [] },
			],
			assignableScopes: [here],
		});
	});

	it("can be assigned at each subscription that is listed, and is", () => {
		const snapshot = snapshotOf("signed-in");
		const other = "/subscriptions/33333333-3333-3333-3333-333333333333";
		expect(roleOf(snapshot).assignableScopes).toEqual([here, other]);
		const readers = allOf(
			snapshot,
			"Microsoft.Authorization/roleAssignments",
		).filter(({ id }) => id.startsWith("[subscriptionResourceId("));
		expect(readers.map(({ id }) => id.split("'")[1])).toEqual([
			here.split("/")[2],
			other.split("/")[2],
		]);
	});

	it("also reads management groups at one, and is a deployment of its own", () => {
		expect(roleOf(snapshotOf("management-group"))).toMatchObject({
			permissions: [
				{
					actions: [...actions, "Microsoft.Management/managementGroups/read"],
					dataActions: [],
				},
			],
			assignableScopes: [
				"/providers/Microsoft.Management/managementGroups/mg-platform",
			],
		});
		const app = snapshotOf("private");
		expect(allOf(app, "Microsoft.Authorization/roleDefinitions")).toEqual([]);
		expect(appSettings(app)).toMatchObject({
			AUDIT_MANAGEMENT_GROUPS: "mg-platform",
			AUDIT_SUBSCRIPTIONS: "",
		});
	});

	it("is Reader on demand", () => {
		const snapshot = snapshotOf("dedicated");
		expect(allOf(snapshot, "Microsoft.Authorization/roleDefinitions")).toEqual(
			[],
		);
		expect(textOf("dedicated")).toContain(
			"/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
		);
	});
});

describe("sign-in", () => {
	const settingsOf = (name: CaseName) =>
		oneOf(snapshotOf(name), "Microsoft.Web/sites/config", "/authsettingsV2")
			.properties;

	it("lets requests with a key pass, keeps fragments and has no secret", () => {
		expect(settingsOf("signed-in")).toMatchObject({
			platform: { enabled: true },
			globalValidation: {
				requireAuthentication: false,
				unauthenticatedClientAction: "AllowAnonymous",
			},
			identityProviders: {
				azureActiveDirectory: {
					registration: {
						clientId: "44444444-4444-4444-4444-444444444444",
						clientSecretSettingName: "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID",
					},
					validation: {
						defaultAuthorizationPolicy: {
							allowedPrincipals: {
								identities: [],
								groups: ["55555555-5555-5555-5555-555555555555"],
							},
						},
					},
				},
			},
			login: { preserveUrlFragmentsForLogins: true },
		});
	});

	it("lets nobody in until somebody is named", () => {
		expect(settingsOf("private")).toMatchObject({
			identityProviders: {
				azureActiveDirectory: {
					validation: {
						defaultAuthorizationPolicy: {
							allowedPrincipals: {
								identities: ["00000000-0000-0000-0000-000000000000"],
								groups: [],
							},
						},
					},
				},
			},
		});
	});

	it("has an identity of its own, without a role", () => {
		const snapshot = snapshotOf("signed-in");
		const identities = allOf(
			snapshot,
			"Microsoft.ManagedIdentity/userAssignedIdentities",
		).map(({ name }) => name);
		expect(identities).toHaveLength(2);
		const signIn = identities.find((name) => name.includes("sign-in")) ?? "";
		const settings = appSettings(snapshot);
		expect(settings.OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID).toContain(signIn);
		expect(settings.AZURE_CLIENT_ID).not.toContain(signIn);
		for (const one of allOf(
			snapshot,
			"Microsoft.Authorization/roleAssignments",
		))
			expect(one.properties.principalId).not.toContain(signIn);
	});

	it("is off without an app registration", () => {
		const text = textOf("smallest");
		expect(text).not.toContain("authsettingsV2");
		expect(text).not.toContain("sign-in");
	});
});

describe("private networking", () => {
	const snapshot = snapshotOf("private");

	it("closes storage and vault", () => {
		for (const type of [
			"Microsoft.Storage/storageAccounts",
			"Microsoft.KeyVault/vaults",
		])
			expect(oneOf(snapshot, type).properties).toMatchObject({
				publicNetworkAccess: "Disabled",
				networkAcls: { defaultAction: "Deny", bypass: "None" },
			});
	});

	it("has an endpoint and a zone for blobs, queues, tables and the vault", () => {
		const endpoints = allOf(snapshot, "Microsoft.Network/privateEndpoints");
		const groups = endpoints.flatMap(({ properties }) =>
			JSON.stringify(properties).match(/"groupIds":\["\w+"\]/g),
		);
		expect(groups).toEqual(
			["blob", "queue", "table", "vault"].map(
				(group) => `"groupIds":["${group}"]`,
			),
		);
		expect(allOf(snapshot, "Microsoft.Network/privateDnsZones")).toHaveLength(
			4,
		);
	});

	it("sends the app's traffic through a subnet of its own, delegated to Flex Consumption", () => {
		const [app] = oneOf(snapshot, "Microsoft.Network/virtualNetworks")
			.properties.subnets as { properties: unknown }[];
		expect(app?.properties).toMatchObject({
			addressPrefix: "10.255.0.0/27",
			delegations: [
				{ properties: { serviceName: "Microsoft.App/environments" } },
			],
		});
		expect(
			oneOf(snapshot, "Microsoft.Web/sites").properties.virtualNetworkSubnetId,
		).toMatch(/\/subnets\/app$/);
	});

	it("uses the workspace that exists, and the scheduler as backend", () => {
		expect(allOf(snapshot, "Microsoft.OperationalInsights/workspaces")).toEqual(
			[],
		);
		expect(
			oneOf(snapshot, "Microsoft.DurableTask/schedulers").properties
				.ipAllowlist,
		).toEqual(["0.0.0.0/0"]);
		expect(
			appSettings(snapshot)
				.AzureFunctionsJobHost__extensions__durableTask__storageProvider__type,
		).toBe("azureManaged");
	});
});

describe.each(["event-grid", "event-grid-topic"] as const)("%s", (name) => {
	const snapshot = snapshotOf(name);

	it("sends the events of operations that can matter to the function that takes them", () => {
		const { properties } = oneOf(
			snapshot,
			"Microsoft.EventGrid/systemTopics/eventSubscriptions",
		);
		expect(properties).toMatchObject({
			destination: {
				endpointType: "AzureFunction",
				properties: {
					resourceId: expect.stringMatching(
						/\/sites\/func-aks-subnet-auditor\/functions\/takeChangeEvent$/,
					),
				},
			},
			filter: {
				advancedFilters: [
					{ operatorType: "StringIn", key: "data.operationName" },
				],
			},
		});
		// Event Grid takes 25 values over all filters.
		const { filter } = properties as {
			filter: { advancedFilters: [{ values: string[] }] };
		};
		expect(filter.advancedFilters[0].values.length).toBeLessThanOrEqual(25);
	});

	it("makes a topic only where none is named: a subscription can have one", () => {
		expect(allOf(snapshot, "Microsoft.EventGrid/systemTopics")).toHaveLength(
			name === "event-grid" ? 1 : 0,
		);
	});
});
