import { describe, expect, it } from "vitest";
import { readJson } from "../../shared/gate/readJson.ts";
import { whatIfChanges } from "../../shared/gate/whatIf.ts";
import { clusterId, networkId, poolId, secrets, subnetId } from "./plans.ts";

const agentPool = "microsoft.containerservice/managedclusters/agentpools";

/** In the shape that `az deployment group what-if --no-pretty-print` prints. */
function whatIf(changes: readonly object[], over: object = {}): object {
	return {
		changes,
		diagnostics: null,
		error: null,
		potentialChanges: null,
		status: "Succeeded",
		...over,
	};
}

const clusterBody = (pools: readonly object[]) => ({
	id: clusterId,
	type: "Microsoft.ContainerService/managedClusters",
	tags: { owner: "tag-S3CRET-5" },
	properties: {
		dnsPrefix: "aks-shop",
		networkProfile: { networkPlugin: "azure", serviceCidr: "172.20.0.0/16" },
		servicePrincipalProfile: { secret: "clientsecret-S3CRET-2" },
		agentPoolProfiles: pools,
	},
});

const web = {
	name: "web",
	count: 5,
	minCount: 2,
	maxCount: 20,
	enableAutoScaling: true,
	nodeLabels: { team: "label-S3CRET-6" },
};

it("takes the values after a change, not the words of the delta", () => {
	const planned = whatIfChanges(
		whatIf([
			{
				resourceId: clusterId,
				changeType: "Modify",
				before: clusterBody([web, { name: "jobs", count: 1 }]),
				after: clusterBody([{ ...web, count: 3, maxCount: 40 }]),
				delta: [
					{
						path: "properties.agentPoolProfiles",
						propertyChangeType: "Array",
						children: [],
					},
				],
			},
			{ resourceId: networkId, changeType: "Ignore", before: {} },
			{ resourceId: subnetId("x"), changeType: "NoChange", after: {} },
			{
				resourceId: `${networkId}/providers/Microsoft.Insights/diagnosticSettings/d`,
				changeType: "Unsupported",
			},
			{ resourceId: poolId("old"), changeType: "Delete", before: {} },
		]),
	);
	expect(planned.resources).toEqual([
		{
			id: clusterId,
			type: "microsoft.containerservice/managedclusters",
			properties: {
				networkProfile: {
					networkPlugin: "azure",
					serviceCidr: "172.20.0.0/16",
				},
				agentPoolProfiles: [
					{ name: "web", minCount: 2, maxCount: 40, enableAutoScaling: true },
				],
			},
		},
	]);
	expect(planned.removed).toEqual([poolId("old")]);
	expect(planned.unknown).toEqual([]);
	expect(planned.notes.map(({ text }) => text)).toEqual([
		"The template leaves out pools that the cluster has. AKS keeps them, so they still count.",
	]);
	for (const secret of secrets)
		expect(JSON.stringify(planned)).not.toContain(secret);
});

describe("what it does not say is unknown", () => {
	const create = (properties: object) => ({
		resourceId: poolId("web"),
		changeType: "Create",
		after: { id: poolId("web"), properties },
	});
	it.each([
		{
			name: "an expression that was not evaluated",
			result: whatIf([
				create({ count: 3, vnetSubnetID: "[reference('net').outputs.id]" }),
			]),
			text: "properties.vnetSubnetID is known only after the deployment.",
		},
		{
			name: "ids only",
			result: whatIf([{ resourceId: clusterId, changeType: "Deploy" }]),
			text: "The what-if has IDs only. Run it with --result-format FullResourcePayloads.",
		},
		{
			name: "unsupported",
			result: whatIf([
				{
					resourceId: clusterId,
					changeType: "Unsupported",
					unsupportedReason: "…",
				},
			]),
			text: "The what-if does not support this resource.",
		},
		{
			name: "an id that was not evaluated",
			result: whatIf([
				{
					resourceId:
						"[resourceId('Microsoft.ContainerService/managedClusters', parameters('name'))]",
					changeType: "Create",
				},
			]),
			text: "The what-if does not say which resource this is.",
		},
		{
			name: "a potential change",
			result: whatIf([], {
				potentialChanges: [{ resourceId: subnetId("a"), changeType: "Modify" }],
			}),
			text: "The what-if says that this resource may change.",
		},
		{
			name: "a nested template that was not expanded",
			result: whatIf([], {
				diagnostics: [
					{ code: "NestedDeploymentShortCircuited", level: "Warning" },
				],
			}),
			text: "The what-if is not whole (NestedDeploymentShortCircuited): a part of the template was not expanded.",
		},
		{
			name: "a failure",
			result: whatIf([], { status: "Failed", error: { message: secrets[0] } }),
			text: "The what-if ended with an error.",
		},
		{
			name: "a new type of change",
			result: whatIf([{ resourceId: clusterId, changeType: "Rename" }]),
			text: "The what-if has a type of change that is not known here.",
		},
		{
			name: "a change without its result",
			result: whatIf([{ resourceId: clusterId, changeType: "Modify" }]),
			text: "The what-if does not say what the resource will be.",
		},
	])("$name", ({ result, text }) => {
		const planned = whatIfChanges(result);
		expect(planned.unknown.map((one) => one.text)).toEqual([text]);
	});

	it("leaves out what it does not know and keeps the rest", () => {
		const [made] = whatIfChanges(
			whatIf([create({ count: 3, maxPods: "[parameters('p')]" })]),
		).resources;
		expect(made).toEqual({
			id: poolId("web"),
			type: agentPool,
			properties: { count: 3 },
		});
	});
});

it("refuses what is no what-if, without quoting it", () => {
	expect(() => whatIfChanges({ secret: secrets[0] })).toThrow(
		"The file is not the result of a what-if: it has no list of changes.",
	);
});

describe("files", () => {
	const text = '{"a":"ä"}';
	const utf16 = (mark: readonly number[], swap: boolean) => {
		const bytes = Buffer.from(text, "utf16le");
		return Buffer.concat([Buffer.from(mark), swap ? bytes.swap16() : bytes]);
	};
	it.each([
		{ name: "UTF-8", bytes: Buffer.from(text) },
		{ name: "UTF-8 with a mark", bytes: Buffer.from(`\ufeff${text}`) },
		{ name: "UTF-16 LE", bytes: utf16([0xff, 0xfe], false) },
		{ name: "UTF-16 BE", bytes: utf16([0xfe, 0xff], true) },
		{ name: "a warning before it", bytes: Buffer.from(`WARNING: x\n${text}`) },
	])("$name", ({ bytes }) => {
		expect(readJson(bytes)).toEqual({ a: "ä" });
	});

	it.each([
		{ bytes: Buffer.from(""), text: "The file is empty." },
		{ bytes: Buffer.from("Plan: 1 to add"), text: "has no JSON object" },
		{ bytes: Buffer.from(`{"a":"${secrets[0]}"`), text: "not valid JSON" },
		{ bytes: Buffer.from([0x7b, 0xff, 0xff]), text: "neither UTF-8 nor" },
	])("$text", ({ bytes, text }) => {
		expect(() => readJson(bytes)).toThrow(text);
		expect(() => readJson(bytes)).not.toThrow(secrets[0]);
	});
});
