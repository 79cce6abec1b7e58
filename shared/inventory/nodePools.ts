import * as v from "valibot";
import type { Range } from "../contract.ts";
import type {
	NetworkPlugin,
	NodePool,
	NotUnderstood,
	SurgeSetting,
	UnreadPool,
} from "./facts.ts";
import { nodeSettingsOf } from "./nodeSettings.ts";
import { lowerKeys, notUnderstood } from "./notUnderstood.ts";
import { anything, countOrNull, idOrNull, lowerText, text } from "./rows.ts";

const autoscaleProfile = v.object({
	mincount: countOrNull,
	maxcount: countOrNull,
});
const counted = v.array(v.object({ count: countOrNull }));

const poolRow = v.object({
	name: v.pipe(text, v.nonEmpty()),
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
	podipallocationmode: anything,
	scaledownmode: anything,
	upgradestrategy: anything,
	upgradesettings: anything,
	gatewayprofile: v.nullish(
		v.object({ publicipprefixsize: v.nullish(v.number()) }),
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
});
type PoolRow = v.InferOutput<typeof poolRow>;
const poolFields: ReadonlySet<string> = new Set(Object.keys(poolRow.entries));

type ParsedPool =
	| { readonly kind: "pool"; readonly pool: NodePool }
	| { readonly kind: "unread"; readonly pool: UnreadPool };

/**
 * One element of `agentPoolProfiles`. The CLI and ARM spell its fields in different case (`podSubnetId`, `podSubnetID`).
 * A value that nobody knows costs the pool, or the sums that it enters, never the cluster.
 */
export function parseNodePool(
	raw: unknown,
	index: number,
	cluster: {
		readonly plugin: NetworkPlugin;
		readonly overlay: boolean;
		readonly version: string;
	},
): ParsedPool {
	const lowered = lowerKeys(raw, poolFields);
	const at = `agentPoolProfiles[${index}]`;
	const unread = (path: readonly string[]): ParsedPool => ({
		kind: "unread",
		pool: {
			name: legible(lowered, "name") ?? at,
			reason: notUnderstood(at, raw, path),
			nodeSubnet: legible(lowered, "vnetsubnetid"),
			podSubnet: legible(lowered, "podsubnetid"),
		},
	});
	const unclear = (
		about: NotUnderstood["about"],
		path: readonly string[],
	): NotUnderstood => ({ about, reason: notUnderstood(at, raw, path) });
	const result = v.safeParse(poolRow, lowered, { abortEarly: true });
	if (!result.success) return unread(pathOf(result.issues[0]));
	const row = result.output;
	const mode = oneOf(modes, row.mode);
	if (mode === undefined) return unread(["mode"]);
	const type = oneOf(types, row.type);
	if (type === undefined) return unread(["type"]);
	const mostNodes = mode === "gateway" ? gatewayNodes(row) : null;
	if (mostNodes === undefined)
		return unread(["gatewayprofile", "publicipprefixsize"]);

	const autoscale = autoscaleProfiles(row);
	const staticBlocks = allocationMode(row);
	const scaleDown = oneOf(scaleDownModes, textOf(row.scaledownmode));
	const surge = surgeSetting(row);
	return {
		kind: "pool",
		pool: {
			name: row.name.toLowerCase(),
			mode,
			type,
			windows: row.ostype === "windows",
			spot: row.scalesetpriority === "spot",
			stopped: row.powerstate?.code === "stopped",
			upgrading: row.provisioningstate.startsWith("upgrading"),
			reportedNodes: reportedNodes(row),
			configuredNodes: configuredNodes(row),
			deallocates: scaleDown ?? true,
			mostNodes,
			autoscaling: row.enableautoscaling || autoscale !== null,
			maxNodes: row.enableautoscaling ? row.maxcount : (autoscale?.max ?? null),
			minNodes: row.enableautoscaling ? row.mincount : (autoscale?.min ?? null),
			maxPods: row.maxpods || defaultMaxPods(cluster, row.podsubnetid !== null),
			maxPodsAssumed: !row.maxpods,
			nodeSubnet: row.vnetsubnetid,
			podSubnet: row.podsubnetid,
			staticBlocks: staticBlocks ?? null,
			surge: surge.setting,
			kubernetesVersion:
				row.currentorchestratorversion ||
				row.orchestratorversion ||
				cluster.version,
			nodeSettings: nodeSettingsOf(raw),
			notUnderstood: [
				...(staticBlocks === undefined
					? [unclear("pods", ["podipallocationmode"])]
					: []),
				...(scaleDown === undefined
					? [unclear("scale-down", ["scaledownmode"])]
					: []),
				...(surge.unknown === null ? [] : [unclear("upgrade", surge.unknown)]),
			],
		},
	};
}

/** A text of a row that is not understood, where there is one. */
function legible(lowered: unknown, name: string): string | null {
	if (typeof lowered !== "object" || lowered === null) return null;
	const value = Reflect.get(lowered, name);
	return typeof value === "string" && value.trim() !== ""
		? value.trim().toLowerCase()
		: null;
}

function pathOf(issue: v.BaseIssue<unknown>): string[] {
	return (issue.path ?? []).map(({ key }) => String(key));
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

const scaleDownModes = {
	"": false,
	delete: false,
	deallocate: true,
} as const;

function oneOf<T>(
	values: Readonly<Record<string, T>>,
	value: string | null,
): T | undefined {
	return value !== null && Object.hasOwn(values, value)
		? values[value]
		: undefined;
}

/** "" if it is not set, null if it is not text. */
function textOf(value: unknown): string | null {
	if (value === null || value === undefined) return "";
	return typeof value === "string" ? value.trim().toLowerCase() : null;
}

function allocationMode(row: PoolRow): boolean | undefined {
	return oneOf(allocationModes, textOf(row.podipallocationmode));
}

/** Egress addresses of a gateway pool come from one public prefix of a fixed size: a node each (.NET reference, `GatewayProfile`). */
function gatewayNodes(row: PoolRow): number | undefined {
	const size = row.gatewayprofile?.publicipprefixsize ?? 31;
	return [28, 29, 30, 31].includes(size) ? 2 ** (32 - size) : undefined;
}

/** A VirtualMachines pool has no count of its own: `virtualMachineNodesStatus` has its live nodes by size. */
function reportedNodes(row: PoolRow): number | null {
	return row.count ?? totalCount(row.virtualmachinenodesstatus);
}

type Counts = readonly { readonly count: number | null }[];

/** Null where a part of it is not known. */
function totalCount(counts: Counts | null | undefined): number | null {
	if (!counts || counts.some(({ count }) => count === null)) return null;
	return knownCount(counts);
}

function knownCount(counts: Counts): number {
	return counts.reduce((total, { count }) => total + (count ?? 0), 0);
}

function configuredNodes(row: PoolRow): Range | null {
	const manual = row.virtualmachinesprofile?.scale?.manual;
	return manual ? { low: knownCount(manual), high: totalCount(manual) } : null;
}

/** The autoscaler of a VirtualMachines pool is in its profile, while `enableAutoScaling` says false. */
function autoscaleProfiles(
	row: PoolRow,
): { min: number | null; max: number | null } | null {
	const autoscale = row.virtualmachinesprofile?.scale?.autoscale;
	if (!autoscale) return null;
	const profiles = Array.isArray(autoscale) ? autoscale : [autoscale];
	if (profiles.length === 0) return null;
	const total = (end: "mincount" | "maxcount") =>
		totalCount(profiles.map((profile) => ({ count: profile[end] })));
	return { min: total("mincount"), max: total("maxcount") };
}

/** Where no max pods are reported: 250 overlay, 110 pod subnet and kubenet, 30 node subnet (AKS IP planning, April 2026). */
export function defaultMaxPods(
	cluster: { readonly plugin: NetworkPlugin; readonly overlay: boolean },
	podSubnet: boolean,
): number {
	if (cluster.overlay || cluster.plugin === "none") return 250;
	if (cluster.plugin === "kubenet" || podSubnet) return 110;
	return 30;
}

/** A strategy or a surge that is not understood is named by its path. */
function surgeSetting(row: PoolRow): {
	readonly setting: SurgeSetting;
	readonly unknown: readonly string[] | null;
} {
	const strategy = textOf(row.upgradestrategy);
	if (strategy === "bluegreen")
		return { setting: { kind: "blue-green" }, unknown: null };
	if (strategy !== "" && strategy !== "rolling")
		return { setting: { kind: "unknown" }, unknown: ["upgradestrategy"] };
	const settings = row.upgradesettings ?? {};
	if (typeof settings !== "object")
		return { setting: { kind: "unknown" }, unknown: ["upgradesettings"] };
	const surge: unknown = Reflect.get(settings, "maxsurge") ?? "";
	if (surge === "") return { setting: { kind: "default" }, unknown: null };
	const match = /^(\d+)(%?)$/.exec(
		typeof surge === "number" ? String(surge) : (textOf(surge) ?? ""),
	);
	if (match === null)
		return {
			setting: { kind: "unknown" },
			unknown: ["upgradesettings", "maxsurge"],
		};
	return {
		setting:
			match[2] === "%"
				? { kind: "percent", percent: Number(match[1]) }
				: { kind: "nodes", nodes: Number(match[1]) },
		unknown: null,
	};
}
