import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sampleSettings } from "../../local/docs/settings.ts";
import {
	alertProblems,
	alertSettings,
	reportUrl,
} from "../../shared/settings/alert.ts";
import {
	auditSettings,
	maxHours,
	portalUrl,
	tablesSetting,
} from "../../shared/settings/audit.ts";
import {
	type Environment,
	SettingsError,
} from "../../shared/settings/environment.ts";
import type { Setting } from "../../shared/settings/setting.ts";
import { settingDefaults, settingGroups } from "../../shared/settings/table.ts";
import { workflowHosts } from "../../shared/settings/webhookUrl.ts";

const storage = "UseDevelopmentStorage=true";
const base = { AzureWebJobsStorage: storage };
const secret = "TOPSECRET";

function problems(read: () => unknown): readonly string[] {
	try {
		read();
	} catch (error) {
		if (error instanceof SettingsError) return error.problems;
		throw error;
	}
	return [];
}

it.each([
	["", "https://portal.azure.com"],
	["https://management.azure.com", "https://portal.azure.com"],
	["https://management.usgovcloudapi.net/", "https://portal.azure.us"],
	["https://management.chinacloudapi.cn", "https://portal.azure.cn"],
	["http://127.0.0.1:8000", "https://portal.azure.com"],
	["https://management.example.com", null],
])("the portal of %j is %j", (endpoint, portal) => {
	expect(portalUrl({ RESOURCE_MANAGER_ENDPOINT: endpoint })).toBe(portal);
});

describe("settings of an audit", () => {
	it("are the defaults where nothing but storage is set", () => {
		expect(auditSettings(base)).toEqual({
			storage: { kind: "connection-string", connectionString: storage },
			cloud: {
				endpoint: "https://management.azure.com",
				authorityHost: "https://login.microsoftonline.com",
				tokenScope: "https://management.azure.com/.default",
			},
			subscriptions: [],
			managementGroups: [],
			maxHours: 6,
			missingAudits: 3,
			routesPerTable: 400,
			acceptanceTag: "subnet-audit-acceptance",
			routedTags: [],
			thresholds: {
				nearlyFullPercent: 90,
				nearlyFullExitPercent: 85,
				runwayDays: 30,
				podsPerNode: 30,
				oversizedPercent: 5,
			},
			retention: { auditDays: 90, resolvedFindingDays: 365 },
			healthMaxAgeHours: 26,
		});
	});

	it("are the defaults where they are set to nothing", () => {
		const empty = Object.fromEntries(
			Object.keys(settingDefaults)
				.filter((name) => name !== "AUDIT_ACCEPTANCE_TAG")
				.map((name) => [name, " "]),
		);
		expect(auditSettings({ ...empty, ...base })).toEqual(auditSettings(base));
		expect(alertSettings(empty)).toEqual(alertSettings({}));
	});

	it("switch the tag off where its name is set to nothing", () => {
		const { acceptanceTag } = auditSettings({
			...base,
			AUDIT_ACCEPTANCE_TAG: " ",
		});
		expect(acceptanceTag).toBeNull();
	});

	it("are those that are set", () => {
		expect(
			auditSettings({
				...base,
				AUDIT_SUBSCRIPTIONS:
					" 00000000-0000-4000-8000-00000000000A,00000000-0000-4000-8000-00000000000b , 00000000-0000-4000-8000-00000000000a,",
				AUDIT_MANAGEMENT_GROUPS: "mg-landing.zones, mg_(b)",
				AUDIT_MAX_HOURS: "12",
				AUDIT_MISSING_AUDITS: "1",
				AUDIT_ROUTE_LIMIT: "600",
				AUDIT_ACCEPTANCE_TAG: " Accepted: risk ",
				AUDIT_NEARLY_FULL_PERCENT: "80",
				AUDIT_NEARLY_FULL_EXIT_PERCENT: "80",
				AUDIT_RUNWAY_DAYS: "45",
				AUDIT_PODS_PER_NODE: "50",
				AUDIT_OVERSIZED_PERCENT: "2",
				AUDIT_RETENTION_DAYS: "30",
				FINDING_RETENTION_DAYS: "3650",
				HEALTH_MAX_AGE_HOURS: "169.5",
			}),
		).toMatchObject({
			subscriptions: [
				"00000000-0000-4000-8000-00000000000a",
				"00000000-0000-4000-8000-00000000000b",
			],
			managementGroups: ["mg-landing.zones", "mg_(b)"],
			maxHours: 12,
			missingAudits: 1,
			routesPerTable: 600,
			acceptanceTag: "Accepted: risk",
			thresholds: {
				nearlyFullPercent: 80,
				nearlyFullExitPercent: 80,
				runwayDays: 45,
				podsPerNode: 50,
				oversizedPercent: 2,
			},
			retention: { auditDays: 30, resolvedFindingDays: 3650 },
			healthMaxAgeHours: 169.5,
		});
	});

	it.each<{ setting: string; value: string }>([
		{ setting: "AUDIT_SUBSCRIPTIONS", value: "retail-prod" },
		{ setting: "AUDIT_SUBSCRIPTIONS", value: " , " },
		{ setting: "AUDIT_MANAGEMENT_GROUPS", value: "," },
		{
			setting: "AUDIT_SUBSCRIPTIONS",
			value: "00000000-0000-4000-8000-00000000000g",
		},
		{ setting: "AUDIT_MANAGEMENT_GROUPS", value: "mg/landing" },
		{ setting: "AUDIT_MANAGEMENT_GROUPS", value: "m".repeat(91) },
		{ setting: "AUDIT_MAX_HOURS", value: "0" },
		{ setting: "AUDIT_MAX_HOURS", value: "six" },
		{ setting: "AUDIT_MAX_HOURS", value: "6,5" },
		{ setting: "AUDIT_MAX_HOURS", value: "-6" },
		{ setting: "AUDIT_MISSING_AUDITS", value: "0" },
		{ setting: "AUDIT_ROUTE_LIMIT", value: "4e2" },
		{ setting: "AUDIT_NEARLY_FULL_PERCENT", value: "101" },
		{ setting: "AUDIT_RUNWAY_DAYS", value: "0" },
		{ setting: "AUDIT_RUNWAY_DAYS", value: "366" },
		{ setting: "AUDIT_PODS_PER_NODE", value: "0" },
		{ setting: "AUDIT_ACCEPTANCE_TAG", value: "a/b" },
		{ setting: "AUDIT_ACCEPTANCE_TAG", value: "t".repeat(513) },
		{ setting: "AUDIT_PODS_PER_NODE", value: "251" },
		{ setting: "AUDIT_OVERSIZED_PERCENT", value: "101" },
		{ setting: "AUDIT_OVERSIZED_PERCENT", value: "0.5" },
		{ setting: "AUDIT_NEARLY_FULL_PERCENT", value: "90%" },
		{ setting: "AUDIT_NEARLY_FULL_EXIT_PERCENT", value: "91" },
		{ setting: "AUDIT_RETENTION_DAYS", value: "0" },
		{ setting: "AUDIT_RETENTION_DAYS", value: "3651" },
		{ setting: "FINDING_RETENTION_DAYS", value: "a year" },
		{ setting: "HEALTH_MAX_AGE_HOURS", value: "0" },
		{ setting: "HEALTH_MAX_AGE_HOURS", value: "841" },
		{
			setting: "RESOURCE_MANAGER_ENDPOINT",
			value: "https://management.example.com",
		},
	])("$setting of $value is refused by its name", ({ setting, value }) => {
		const found = problems(() => auditSettings({ ...base, [setting]: value }));
		expect(found.length).toBe(1);
		expect(found[0]).toContain(setting);
	});

	it("are refused all at once, in one error", () => {
		const wrong = {
			AUDIT_SUBSCRIPTIONS: "retail-prod",
			AUDIT_MANAGEMENT_GROUPS: "mg/landing",
			AUDIT_MAX_HOURS: "0",
			AUDIT_MISSING_AUDITS: "none",
			AUDIT_ROUTE_LIMIT: "many",
			AUDIT_NEARLY_FULL_PERCENT: "0",
			AUDIT_NEARLY_FULL_EXIT_PERCENT: "x",
			RESOURCE_MANAGER_ENDPOINT: "management.azure.com",
		};
		const found = problems(() => auditSettings(wrong));
		for (const name of [...Object.keys(wrong), "AUDIT_STORAGE"])
			expect(
				found.some((problem) => problem.startsWith(name)),
				name,
			).toBe(true);
		expect(() => auditSettings(wrong)).toThrow(found.join(" "));
	});
});

describe("a wrong setting", () => {
	const hook = `https://prod.westeurope.logic.azure.com/1?sig=${secret}`;
	const clouds =
		"https://management.azure.com, https://management.usgovcloudapi.net or https://management.chinacloudapi.cn";
	const connectionString =
		"DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net";

	it.each<{ env: Environment; says: string }>([
		{
			env: { AUDIT_RUNWAY_DAYS: "0" },
			says: "AUDIT_RUNWAY_DAYS is 0; use a whole number from 1 to 365.",
		},
		{
			env: { AUDIT_RETENTION_DAYS: "a year" },
			says: 'AUDIT_RETENTION_DAYS is "a year"; use a whole number from 1 to 3650.',
		},
		{
			env: { FINDING_RETENTION_DAYS: "x".repeat(61) },
			says: `FINDING_RETENTION_DAYS is "${"x".repeat(60)}"…; use a whole number from 1 to 3650.`,
		},
		{
			env: { AUDIT_MAX_HOURS: "6,5" },
			says: 'AUDIT_MAX_HOURS is "6,5"; use a number of hours above 0 and up to 168.',
		},
		{
			env: { AUDIT_NEARLY_FULL_EXIT_PERCENT: "91" },
			says: "AUDIT_NEARLY_FULL_EXIT_PERCENT is 91; use at most 90, the value of AUDIT_NEARLY_FULL_PERCENT.",
		},
		{
			env: { AUDIT_SUBSCRIPTIONS: "x" },
			says: 'AUDIT_SUBSCRIPTIONS has "x", which is not a subscription ID (a GUID).',
		},
		{
			env: { AUDIT_SUBSCRIPTIONS: " , " },
			says: 'AUDIT_SUBSCRIPTIONS is ","; use subscription IDs with commas between them.',
		},
		{
			env: { AUDIT_MANAGEMENT_GROUPS: "mg-a, mg/b" },
			says: 'AUDIT_MANAGEMENT_GROUPS has "mg/b", which is not a management group name (up to 90 letters, digits or -_.()).',
		},
		{
			env: { AUDIT_ACCEPTANCE_TAG: "a/b" },
			says: 'AUDIT_ACCEPTANCE_TAG is "a/b"; use a tag name of up to 512 characters without < > % & \\ ? /.',
		},
		{
			env: {
				RESOURCE_MANAGER_ENDPOINT: `https://management.example.com/${secret}?key=${secret}`,
			},
			says: `RESOURCE_MANAGER_ENDPOINT is "https://management.example.com" with a path; use ${clouds}. Plain http works on loopback only.`,
		},
		{
			env: { RESOURCE_MANAGER_ENDPOINT: secret },
			says: `RESOURCE_MANAGER_ENDPOINT is not an https address; use ${clouds}. Plain http works on loopback only.`,
		},
		{
			env: {
				RESOURCE_MANAGER_ENDPOINT: `https://me:${secret}@management.azure.com`,
			},
			says: "RESOURCE_MANAGER_ENDPOINT has a user name or password in it; use the address alone.",
		},
		{
			env: { AzureWebJobsStorage: "" },
			says: "AUDIT_STORAGE is missing; set it, AUDIT_STORAGE__tableServiceUri or AzureWebJobsStorage.",
		},
		{
			env: { AUDIT_STORAGE: secret },
			says: `AUDIT_STORAGE is not a storage connection string; use ${connectionString}.`,
		},
		{
			env: {
				AUDIT_STORAGE: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret}`,
			},
			says: `AUDIT_STORAGE has no EndpointSuffix; use ${connectionString}.`,
		},
		{
			env: {
				AzureWebJobsStorage: "",
				AzureWebJobsStorage__accountName: secret,
			},
			says: "AzureWebJobsStorage__accountName is not a storage account name; use 3 to 24 lower-case letters and digits.",
		},
	])("of an audit: $says", ({ env, says }) => {
		expect(problems(() => auditSettings({ ...base, ...env }))).toEqual([says]);
		expect(says).not.toContain(secret);
		for (const sentence of says.split(". "))
			expect(sentence.split(" ").length, sentence).toBeLessThanOrEqual(20);
	});

	it.each<{ env: Environment; says: string }>([
		{
			env: { ALERT_MIN_SEVERITY: "urgent" },
			says: 'ALERT_MIN_SEVERITY is "urgent"; use critical, high, medium, low or info.',
		},
		{
			env: { ALERT_WEEKLY_DAY: "mon" },
			says: 'ALERT_WEEKLY_DAY is "mon"; use sunday, monday, tuesday, wednesday, thursday, friday, saturday or never.',
		},
		{
			env: { REPORT_URL: `https://audits.example.com/?code=${secret}` },
			says: "REPORT_URL has a key or password in it, and everyone in the channel sees the link. Use an address without it.",
		},
		{
			env: { REPORT_URL: "audits.example.com" },
			says: "REPORT_URL is not an https address; use one that starts with https://.",
		},
		{
			env: { TEAMS_WEBHOOK_URL: hook, TEAMS_WEBHOOK_HOSTS: "com" },
			says: 'TEAMS_WEBHOOK_HOSTS has "com", which is not a host suffix such as .logic.azure.com.',
		},
		{
			env: { TEAMS_WEBHOOK_URL: hook, TEAMS_WEBHOOK_HOSTS: "a.example" },
			says: "TEAMS_WEBHOOK_URL has a host that is not allowed. TEAMS_WEBHOOK_HOSTS allows a.example.",
		},
		{
			env: { TEAMS_WEBHOOK_URL: `@Microsoft.KeyVault(SecretUri=${secret})` },
			says: "TEAMS_WEBHOOK_URL is a Key Vault reference that was not resolved. Check the secret's name and that the app's identity can read it.",
		},
		{
			env: { ALERT_ROUTES: '[{"channel":"a","webhook":"HOOK_A"}]' },
			says: "HOOK_A is missing; ALERT_ROUTES names it as a webhook.",
		},
	])("of an alert: $says", ({ env, says }) => {
		expect(alertProblems(env)).toEqual([says]);
		expect(says).not.toContain(secret);
		for (const sentence of says.split(". "))
			expect(sentence.split(" ").length, sentence).toBeLessThanOrEqual(20);
	});

	it.each([
		{ name: "AUDIT_MISSING_AUDITS", least: "1", most: "365", beyond: "366" },
		{ name: "AUDIT_OVERSIZED_PERCENT", least: "1", most: "100", beyond: "101" },
		{ name: "AUDIT_RUNWAY_DAYS", least: "1", most: "365", beyond: "366" },
		{ name: "AUDIT_PODS_PER_NODE", least: "1", most: "250", beyond: "251" },
		{
			name: "AUDIT_ROUTE_LIMIT",
			least: "1",
			most: "100000",
			beyond: "100001",
		},
		{ name: "AUDIT_RETENTION_DAYS", least: "1", most: "3650", beyond: "3651" },
		{
			name: "FINDING_RETENTION_DAYS",
			least: "1",
			most: "3650",
			beyond: "3651",
		},
		{
			name: "AUDIT_MAX_HOURS",
			least: "0.000001",
			most: "168",
			beyond: "168.1",
		},
		{
			name: "HEALTH_MAX_AGE_HOURS",
			least: "0.000001",
			most: "840",
			beyond: "840.1",
		},
		{ name: "ALERT_REPEAT_DAYS", least: "1", most: "365", beyond: "366" },
	])("of $name is below $least or above $most", (row) => {
		const { name, least, most, beyond } = row;
		const wrong = (value: string) => {
			const env = { ...base, [name]: value };
			return [...problems(() => auditSettings(env)), ...alertProblems(env)];
		};
		expect(wrong(least)).toEqual([]);
		expect(wrong(most)).toEqual([]);
		for (const value of [beyond, "0", "-1", "1e1"])
			expect(wrong(value)).toHaveLength(1);
	});
});

describe("the cloud", () => {
	const cloud = (endpoint: string) =>
		auditSettings({ ...base, RESOURCE_MANAGER_ENDPOINT: endpoint }).cloud;

	it.each([
		{
			endpoint: "https://management.azure.com",
			authorityHost: "https://login.microsoftonline.com",
		},
		{
			endpoint: "https://management.usgovcloudapi.net",
			authorityHost: "https://login.microsoftonline.us",
		},
		{
			endpoint: "https://management.chinacloudapi.cn",
			authorityHost: "https://login.chinacloudapi.cn",
		},
	])(
		"of $endpoint has its authority and its scope",
		({ endpoint, authorityHost }) => {
			const expected = {
				endpoint,
				authorityHost,
				tokenScope: `${endpoint}/.default`,
			};
			expect(cloud(endpoint)).toEqual(expected);
			expect(cloud(`${endpoint.toUpperCase()}/`)).toEqual(expected);
		},
	);

	it.each([
		{ given: "http://127.0.0.1:7072", endpoint: "http://127.0.0.1:7072" },
		{ given: "http://localhost:7072/", endpoint: "http://localhost:7072" },
		{ given: "http://[::1]:7072", endpoint: "http://[::1]:7072" },
	])("on loopback, $given, gets no token", ({ given, endpoint }) => {
		expect(cloud(given)).toMatchObject({ endpoint, tokenScope: null });
	});

	it.each([
		"http://management.azure.com",
		"https://127.0.0.1:7072",
		"http://127.0.0.1.example.com",
		"http://localhost.example.com",
		"https://management.azure.com.example.com",
		"https://management.azure.com/tenant",
		"https://management.azure.com:8443",
		"https://user@management.azure.com",
		"https://user:password@management.azure.com",
		"http://user:password@127.0.0.1:8080",
		"ftp://127.0.0.1",
		"loopback",
	])("%s is refused", (endpoint) => {
		expect(() => cloud(endpoint)).toThrow("RESOURCE_MANAGER_ENDPOINT");
	});
});

describe("storage", () => {
	const connectionString = `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret};EndpointSuffix=core.windows.net`;
	const endpoint = "TableEndpoint=https://acct.table.core.windows.net/";
	const sas = (fields: string) =>
		`SharedAccessSignature=sv=2024-11-04&${fields}&sig=${secret}`;

	it.each<{ what: string; env: Environment; setting: object }>([
		{
			what: "the host's own",
			env: { AzureWebJobsStorage: connectionString },
			setting: { kind: "connection-string", connectionString },
		},
		{
			what: "the findings' own first",
			env: { AzureWebJobsStorage: storage, AUDIT_STORAGE: connectionString },
			setting: { kind: "connection-string", connectionString },
		},
		{
			what: "an emulator's",
			env: {
				AUDIT_STORAGE: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${secret};TableEndpoint=http://127.0.0.1:10002/a`,
			},
			setting: { kind: "connection-string" },
		},
		{
			what: "a shared access signature for tables",
			env: { AUDIT_STORAGE: `${endpoint};${sas("ss=t&srt=sco&sp=rwdlau")}` },
			setting: { kind: "connection-string" },
		},
		{
			what: "a managed identity",
			env: {
				AUDIT_STORAGE__tableServiceUri: "https://acct.table.core.windows.net/",
			},
			setting: {
				kind: "identity",
				endpoint: "https://acct.table.core.windows.net",
				clientId: null,
			},
		},
		{
			what: "a managed identity with a client id, before the host's own",
			env: {
				...base,
				AUDIT_STORAGE__tableServiceUri: "https://acct.table.core.windows.net",
				AUDIT_STORAGE__clientId: "id",
			},
			setting: { kind: "identity", clientId: "id" },
		},
		{
			what: "the host's managed identity",
			env: {
				AzureWebJobsStorage__tableServiceUri:
					"https://acct.table.core.windows.net",
			},
			setting: {
				kind: "identity",
				endpoint: "https://acct.table.core.windows.net",
			},
		},
		{
			what: "the host's account name",
			env: { AzureWebJobsStorage__accountName: "acct123" },
			setting: {
				kind: "identity",
				endpoint: "https://acct123.table.core.windows.net",
			},
		},
	])("is $what", ({ env, setting }) => {
		expect(tablesSetting(env)).toMatchObject(setting);
	});

	it.each<{ what: string; env: Environment; names: string }>([
		{ what: "nothing", env: {}, names: "AUDIT_STORAGE" },
		{
			what: "a Key Vault reference that did not resolve",
			env: {
				AUDIT_STORAGE: `@Microsoft.KeyVault(SecretUri=https://kv/${secret})`,
			},
			names: "AUDIT_STORAGE",
		},
		{
			what: "no connection string",
			env: { AUDIT_STORAGE: `https://acct?sig=${secret}` },
			names: "AUDIT_STORAGE",
		},
		{
			what: "no connection string of the host",
			env: { AzureWebJobsStorage: secret },
			names: "AzureWebJobsStorage",
		},
		...[
			`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret}`,
			`AccountName=a;AccountKey=${secret};EndpointSuffix=core.windows.net`,
			"DefaultEndpointsProtocol=https;AccountName=a;EndpointSuffix=core.windows.net",
			endpoint,
			sas("ss=t&srt=sco"),
			`${endpoint};${sas("tn=audits")}`,
			`${endpoint};${sas("ss=b&srt=sco")}`,
			`${endpoint};${sas("ss=t&srt=o")}`,
			`TableEndpoint=https://user:${secret}@acct.table.core.windows.net;${sas("ss=t&srt=sco")}`,
			`TableEndpoint=acct;${sas("ss=t&srt=sco")}`,
		].map((AUDIT_STORAGE) => ({
			what: `what the client would refuse: ${AUDIT_STORAGE.replaceAll(secret, "…")}`,
			env: { AUDIT_STORAGE },
			names: "AUDIT_STORAGE",
		})),
		{
			what: "an endpoint with a password",
			env: {
				AUDIT_STORAGE__tableServiceUri: `https://user:${secret}@acct.table.core.windows.net`,
			},
			names: "AUDIT_STORAGE__tableServiceUri",
		},
		{
			what: "an endpoint without https",
			env: {
				AUDIT_STORAGE__tableServiceUri: "http://acct.table.core.windows.net",
			},
			names: "AUDIT_STORAGE__tableServiceUri",
		},
		{
			what: "an account name that is none",
			env: { AzureWebJobsStorage__accountName: "No-Account" },
			names: "AzureWebJobsStorage",
		},
	])(
		"of $what is refused by its name, and the value is not shown",
		({ env, names }) => {
			const found = problems(() => tablesSetting(env));
			expect(found.length).toBe(1);
			expect(found[0]).toContain(names);
			expect(found[0]).not.toContain(secret);
			expect(problems(() => auditSettings(env))).toEqual(found);
		},
	);
});

describe("one setting alone", () => {
	it("of the tables names every other wrong setting as well, where it is wrong itself", () => {
		const wrong = { AUDIT_STORAGE: secret, AUDIT_MAX_HOURS: "six" };
		expect(problems(() => tablesSetting(wrong))).toEqual(
			problems(() => auditSettings(wrong)),
		);
		expect(
			problems(() => tablesSetting({ ...base, AUDIT_MAX_HOURS: "six" })),
		).toEqual([]);
	});

	it.each([
		{ given: undefined, hours: 6 },
		{ given: "12", hours: 12 },
		{ given: "0.5", hours: 0.5 },
		{ given: "168", hours: 168 },
		// The audit itself fails and says so.
		{ given: "169", hours: 6 },
		{ given: "six", hours: 6 },
	])(
		"of the longest audit is $hours where $given is set",
		({ given, hours }) => {
			expect(maxHours({ AUDIT_MAX_HOURS: given })).toBe(hours);
		},
	);
});

describe("settings of the alert", () => {
	it("record and do not send where nothing is set", () => {
		expect(alertSettings({})).toEqual({
			channels: [
				{
					name: "default",
					webhook: { kind: "none" },
					minSeverity: "high",
					subscriptions: null,
					tag: null,
				},
			],
			routeProblems: [],
			reportUrl: null,
			weeklyDay: "monday",
			repeatDays: 7,
		});
		expect(alertProblems({})).toEqual([]);
	});

	it.each(["critical", "high", "medium", "low", "info", "HIGH"])(
		"list from %s on",
		(severity) => {
			const { channels } = alertSettings({ ALERT_MIN_SEVERITY: severity });
			expect(channels.map(({ minSeverity }) => minSeverity)).toEqual([
				severity.toLowerCase(),
			]);
		},
	);

	it.each([
		{
			given: "https://audits.example.com/report?view=open",
			url: "https://audits.example.com/report?view=open",
		},
		{ given: "http://127.0.0.1:7073", url: "http://127.0.0.1:7073/" },
		{
			given: "http://localhost:7073/report",
			url: "http://localhost:7073/report",
		},
	])("link to $given", ({ given, url }) => {
		expect(alertSettings({ REPORT_URL: given }).reportUrl).toBe(url);
	});

	it.each([
		{
			host: "auditor.azurewebsites.net",
			url: "https://auditor.azurewebsites.net/api/report",
		},
		{ host: "127.0.0.1:7071", url: "http://127.0.0.1:7071/api/report" },
		{ host: "localhost:7071", url: "http://localhost:7071/api/report" },
		{ host: "", url: null },
		{ host: "evil.example/?a=", url: null },
	])("link to the app's own report at $host by default", ({ host, url }) => {
		const env = { WEBSITE_HOSTNAME: host };
		expect(alertSettings(env).reportUrl).toBe(url);
		expect(reportUrl(env)).toBe(url);
		const given = { ...env, REPORT_URL: "https://audits.example.com/" };
		expect(alertSettings(given).reportUrl).toBe(given.REPORT_URL);
		expect(reportUrl(given)).toBe(given.REPORT_URL);
	});

	it.each([
		`https://audits.example.com/?code=${secret}`,
		`https://audits.example.com/?view=open&CODE=${secret}`,
		`https://audits.example.com/?sig=${secret}`,
		`https://audits.example.com/?Key=${secret}`,
		`https://audits.example.com/?token=${secret}`,
		`https://audits.example.com/?x-functions-key=${secret}`,
		`https://user:${secret}@audits.example.com/`,
		`https://${secret}@audits.example.com/`,
		`https://audits.example.com/#code=${secret}`,
	])("refuse a link with a key in it and do not show it: %s", (url) => {
		const found = problems(() => alertSettings({ REPORT_URL: url }));
		expect(found.length).toBe(1);
		expect(found[0]).toContain("REPORT_URL");
		expect(found[0]).not.toContain(secret);
	});

	it.each([
		"audits.example.com",
		"http://audits.example.com",
		"javascript:alert(1)",
		"file:///etc/passwd",
	])("refuse %s as a link", (url) => {
		expect(problems(() => alertSettings({ REPORT_URL: url }))).toEqual([
			expect.stringContaining("REPORT_URL"),
		]);
	});

	it("are refused all at once, by their names, without the webhook's secret", () => {
		const found = problems(() =>
			alertSettings({
				TEAMS_WEBHOOK_URL: `http://evil.example/?sig=${secret}`,
				ALERT_MIN_SEVERITY: "urgent",
				REPORT_URL: "report",
			}),
		);
		expect(found.map((problem) => problem.split(/[: ]/)[0]).sort()).toEqual([
			"ALERT_MIN_SEVERITY",
			"REPORT_URL",
			"TEAMS_WEBHOOK_URL",
		]);
		expect(found.join()).not.toContain(secret);
	});

	it.each([
		{ given: "Sunday", day: "sunday" },
		{ given: "friday", day: "friday" },
		{ given: "", day: "monday" },
		{ given: "never", day: null },
	])("say the word of the week on $given: $day", ({ given, day }) => {
		expect(alertSettings({ ALERT_WEEKLY_DAY: given }).weeklyDay).toBe(day);
	});

	it.each([
		{ env: { ALERT_WEEKLY_DAY: "mon" }, name: "ALERT_WEEKLY_DAY" },
		{ env: { ALERT_REPEAT_DAYS: "0" }, name: "ALERT_REPEAT_DAYS" },
		{ env: { ALERT_REPEAT_DAYS: "366" }, name: "ALERT_REPEAT_DAYS" },
		{ env: { ALERT_REPEAT_DAYS: "a week" }, name: "ALERT_REPEAT_DAYS" },
	])("refuse $env", ({ env, name }) => {
		expect(problems(() => alertSettings(env))).toEqual([
			expect.stringContaining(name),
		]);
		expect(alertProblems(env)).toEqual([expect.stringContaining(name)]);
	});

	it("of one route are wrong for that route alone", () => {
		const good = `https://prod.westeurope.logic.azure.com/workflows/1?sig=${secret}`;
		const env = {
			TEAMS_WEBHOOK_URL: good,
			PAYMENTS_HOOK: good,
			OLD_HOOK: `https://old.webhook.office.com/1?sig=${secret}`,
			ALERT_MIN_SEVERITY: "low",
			ALERT_ROUTES: JSON.stringify([
				{ channel: "payments", webhook: "PAYMENTS_HOOK", tag: "team=payments" },
				{ channel: "old", webhook: "OLD_HOOK", minSeverity: "critical" },
				{ channel: "unset", webhook: "NO_HOOK" },
				{ channel: "Wrong" },
			]),
		};
		const { channels } = alertSettings(env);
		expect(
			channels.map(({ name, webhook, minSeverity }) =>
				[name, webhook.kind, minSeverity].join(" "),
			),
		).toEqual([
			"payments url low",
			"old wrong critical",
			"unset wrong low",
			"default url low",
		]);
		const said = alertProblems(env);
		expect(said).toEqual([
			"ALERT_ROUTES, route 4: channel must be up to 40 lower-case letters, digits and hyphens, with no hyphen at an end.",
			expect.stringMatching(/^OLD_HOOK is .*retired/),
			"NO_HOOK is missing; ALERT_ROUTES names it as a webhook.",
		]);
		expect(said.join()).not.toContain(secret);
	});

	it("name the tags that are kept, also where an alert's setting is wrong", () => {
		const ALERT_ROUTES = JSON.stringify([
			{ channel: "a", webhook: "A", tag: "Team=payments" },
			{ channel: "b", webhook: "B", tag: "team=search" },
			{ channel: "c", webhook: "C", tag: "tribe=x" },
		]);
		const tags = (env: Record<string, string>) =>
			auditSettings({ ...base, ...env }).routedTags;
		expect(tags({ ALERT_ROUTES, ALERT_MIN_SEVERITY: "urgent" })).toEqual([
			"team",
			"tribe",
		]);
		expect(tags({ ALERT_ROUTES: "[{" })).toEqual([]);
	});

	it("of the webhook stop no audit", () => {
		expect(
			problems(() =>
				auditSettings({
					...base,
					TEAMS_WEBHOOK_URL: "nonsense",
					ALERT_MIN_SEVERITY: "urgent",
					REPORT_URL: "report",
				}),
			),
		).toEqual([]);
	});

	it("take a webhook of the documented hosts, or of those that are set", () => {
		const documented = `https://prod.westeurope.logic.azure.com/workflows/1?sig=${secret}`;
		const own = `https://hooks.example/1?sig=${secret}`;
		const webhookOf = (env: Record<string, string>) =>
			alertSettings(env).channels[0]?.webhook;
		expect(webhookOf({ TEAMS_WEBHOOK_URL: documented })).toEqual({
			kind: "url",
			url: documented,
		});
		expect(
			webhookOf({
				TEAMS_WEBHOOK_URL: own,
				TEAMS_WEBHOOK_HOSTS: "hooks.example",
			}),
		).toEqual({ kind: "url", url: own });
		expect(webhookOf({ TEAMS_WEBHOOK_URL: own })).toMatchObject({
			kind: "wrong",
		});
		expect(alertProblems({ TEAMS_WEBHOOK_URL: own }).length).toBe(1);
	});

	it.each(["*", ".com", "com", "https://hooks.example", ","])(
		"say of the hosts %s that they are wrong, not of the webhook",
		(hosts) => {
			expect(
				alertProblems({
					TEAMS_WEBHOOK_URL: "https://prod.westeurope.logic.azure.com/1",
					TEAMS_WEBHOOK_HOSTS: hosts,
				}),
			).toEqual([expect.stringMatching(/^TEAMS_WEBHOOK_HOSTS (has|is) /)]);
		},
	);
});

describe("local.settings.sample.json", () => {
	const text = readFileSync(
		new URL("../../local.settings.sample.json", import.meta.url),
		"utf8",
	);
	const sample: { Values: Record<string, string> } = JSON.parse(text);

	it("is what the table of settings makes of it", () => {
		expect(text).toBe(sampleSettings());
	});

	it("lists every setting that the program reads, and nothing else", () => {
		expect(Object.keys(sample.Values)).toEqual([
			"FUNCTIONS_WORKER_RUNTIME",
			...Object.keys(settingDefaults),
		]);
	});

	it("has the default values, and storage on this machine", () => {
		const { AzureWebJobsStorage, FUNCTIONS_WORKER_RUNTIME, ...values } =
			sample.Values;
		const { AzureWebJobsStorage: _, ...defaults } = settingDefaults;
		expect(values).toEqual(defaults);
		expect(AzureWebJobsStorage).toBe("UseDevelopmentStorage=true");
		expect(FUNCTIONS_WORKER_RUNTIME).toBe("node");
	});

	it("is accepted as it is", () => {
		expect(problems(() => auditSettings(sample.Values))).toEqual([]);
		expect(alertSettings(sample.Values)).toEqual(alertSettings({}));
	});

	it("has the documented defaults", () => {
		expect(settingDefaults).toMatchObject({
			AUDIT_SCHEDULE: "0 0 5 * * *",
			AUDIT_MAX_HOURS: "6",
			AUDIT_MISSING_AUDITS: "3",
			RESOURCE_MANAGER_ENDPOINT: "https://management.azure.com",
			ALERT_MIN_SEVERITY: "high",
			TEAMS_WEBHOOK_HOSTS: workflowHosts.join(","),
		});
	});
});

it.each(
	settingGroups.flatMap(({ rows }) =>
		Object.entries<Setting<unknown>>(rows).map(([name, row]) => ({
			name,
			...row,
		})),
	),
)("$name has a meaning of short sentences", ({ meaning }) => {
	expect(meaning).not.toMatch(/[.|;]$|[|;]/);
	for (const sentence of meaning.split(". "))
		expect(sentence.split(" ").length, sentence).toBeLessThanOrEqual(20);
});
