import * as v from "valibot";
import type { NetworkPlugin, NodePool, SurgeSetting } from "./facts.ts";
import {
	countOrNull,
	idOrNull,
	lowerText,
	RowError,
	rowParser,
	text,
} from "./rows.ts";

const autoscaleProfile = v.object({
	mincount: countOrNull,
	maxcount: countOrNull,
});
const counted = v.array(v.object({ count: countOrNull }));

const poolRow = rowParser(
	v.object({
		name: v.pipe(text, v.nonEmpty("not set")),
		mode: lowerText,
		type: lowerText,
		ostype: lowerText,
		scalesetpriority: lowerText,
		powerstate: v.nullish(v.object({ code: lowerText })),
		provisioningstate: lowerText,
		count: countOrNull,
		mincount: countOrNull,
		maxcount: countOrNull,
		enableautoscaling: v.nullish(v.boolean(), false),
		maxpods: countOrNull,
		vnetsubnetid: idOrNull,
		podsubnetid: idOrNull,
		podipallocationmode: lowerText,
		upgradestrategy: lowerText,
		upgradesettings: v.nullish(
			v.object({ maxsurge: v.nullish(v.union([v.string(), v.number()])) }),
		),
		virtualmachinesprofile: v.nullish(
			v.object({
				scale: v.nullish(
					v.object({
						manual: v.nullish(counted),
						autoscale: v.nullish(
							// The list first: an object of optional fields would take it, too.
							v.union([v.array(autoscaleProfile), autoscaleProfile]),
						),
					}),
				),
			}),
		),
		virtualmachinenodesstatus: v.nullish(counted),
		orchestratorversion: text,
		currentorchestratorversion: text,
	}),
);
type PoolRow = ReturnType<typeof poolRow>;

/** One element of `agentPoolProfiles`. The CLI and ARM spell its fields in different case (`podSubnetId`, `podSubnetID`). */
export function parseNodePool(
	raw: Record<string, unknown>,
	index: number,
	cluster: {
		readonly plugin: NetworkPlugin;
		readonly overlay: boolean;
		readonly version: string;
	},
): NodePool {
	const row = read(raw, index);
	const autoscale = autoscaleProfiles(row);
	const assumed = defaultMaxPods(cluster, row.podsubnetid !== null);
	return {
		name: row.name.toLowerCase(),
		mode: known(row.mode, modes, "mode", index),
		type: known(row.type, types, "type", index),
		windows: row.ostype === "windows",
		spot: row.scalesetpriority === "spot",
		stopped: row.powerstate?.code === "stopped",
		upgrading: row.provisioningstate.startsWith("upgrading"),
		reportedNodes: reportedNodes(row),
		configuredNodes: totalCount(row.virtualmachinesprofile?.scale?.manual),
		autoscaling: row.enableautoscaling || autoscale !== null,
		maxNodes: row.enableautoscaling ? row.maxcount : (autoscale?.max ?? null),
		minNodes: row.enableautoscaling ? row.mincount : (autoscale?.min ?? null),
		maxPods: row.maxpods || assumed,
		maxPodsAssumed: !row.maxpods,
		nodeSubnet: row.vnetsubnetid,
		podSubnet: row.podsubnetid,
		staticBlocks: known(
			row.podipallocationmode,
			allocationModes,
			"podIPAllocationMode",
			index,
		),
		surge: surgeSetting(row, index),
		kubernetesVersion:
			row.currentorchestratorversion ||
			row.orchestratorversion ||
			cluster.version,
	};
}

function read(raw: Record<string, unknown>, index: number): PoolRow {
	try {
		return poolRow(lowerKeys(raw));
	} catch (error) {
		if (!(error instanceof RowError)) throw error;
		throw new RowError(
			error.message.replace("field ", `field agentPoolProfiles[${index}].`),
		);
	}
}

function lowerKeys(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(lowerKeys);
	if (typeof value !== "object" || value === null) return value;
	const lowered: Record<string, unknown> = {};
	for (const [key, inner] of Object.entries(value))
		lowered[key.toLowerCase()] = lowerKeys(inner);
	return lowered;
}

const modes = {
	"": "system",
	system: "system",
	user: "user",
	gateway: "gateway",
	machines: "machines",
	managedsystem: "managed-system",
} as const;

const types = {
	"": "scale-set",
	virtualmachinescalesets: "scale-set",
	virtualmachines: "virtual-machines",
	availabilityset: "availability-set",
} as const;

/** Absent with a pod subnet: dynamic, as before there was a choice. */
const allocationModes = {
	"": false,
	dynamicindividual: false,
	staticblock: true,
} as const;

/** A value that is not known has an arithmetic that is not known either: the cluster is not evaluated. */
function known<T>(
	value: string,
	values: Readonly<Record<string, T>>,
	field: string,
	index: number,
): T {
	if (!Object.hasOwn(values, value))
		throw new RowError(
			`field agentPoolProfiles[${index}].${field}: unknown value ${JSON.stringify(value)}`,
		);
	return values[value] as T;
}

/** A VirtualMachines pool has no count of its own: its live nodes stand by size in `virtualMachineNodesStatus`. */
function reportedNodes(row: PoolRow): number | null {
	return row.count ?? totalCount(row.virtualmachinenodesstatus);
}

function totalCount(
	counts: readonly { readonly count: number | null }[] | null | undefined,
): number | null {
	if (!counts) return null;
	return counts.reduce((total, { count }) => total + (count ?? 0), 0);
}

/** The autoscaler of a VirtualMachines pool stands in its profile, while `enableAutoScaling` says false. */
function autoscaleProfiles(
	row: PoolRow,
): { min: number | null; max: number | null } | null {
	const autoscale = row.virtualmachinesprofile?.scale?.autoscale;
	if (!autoscale) return null;
	const profiles = Array.isArray(autoscale) ? autoscale : [autoscale];
	if (profiles.length === 0) return null;
	const total = (end: "mincount" | "maxcount") =>
		profiles.some((profile) => profile[end] === null)
			? null
			: totalCount(profiles.map((profile) => ({ count: profile[end] })));
	return { min: total("mincount"), max: total("maxcount") };
}

/** Where no max pods are reported: 250 overlay, 110 pod subnet and kubenet, 30 node subnet (AKS IP planning, April 2026). */
function defaultMaxPods(
	cluster: { readonly plugin: NetworkPlugin; readonly overlay: boolean },
	podSubnet: boolean,
): number {
	if (cluster.overlay || cluster.plugin === "none") return 250;
	if (cluster.plugin === "kubenet" || podSubnet) return 110;
	return 30;
}

function surgeSetting(row: PoolRow, index: number): SurgeSetting {
	if (row.upgradestrategy === "bluegreen") return { kind: "blue-green" };
	const setting = row.upgradesettings?.maxsurge;
	if (setting === null || setting === undefined || setting === "")
		return { kind: "default" };
	const match = /^(\d+)(%?)$/.exec(String(setting).trim());
	if (match === null)
		throw new RowError(
			`field agentPoolProfiles[${index}].upgradeSettings.maxSurge: ${JSON.stringify(setting)} is neither nodes nor percent`,
		);
	return match[2] === "%"
		? { kind: "percent", percent: Number(match[1]) }
		: { kind: "nodes", nodes: Number(match[1]) };
}
