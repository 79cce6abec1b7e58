import type { NodeSettings } from "./facts.ts";
import { lowerName } from "./notUnderstood.ts";

/** A cluster may have a hundred pools, and each keeps its labels and its taints in the snapshot. */
const mostKept = 512;

/** AKS sets this label and this taint on a spot pool itself. */
const ofSpot = "kubernetes.azure.com/scalesetpriority";

/**
 * The settings of a pool that a new one needs, from one element of `agentPoolProfiles`. Keys of labels keep their case.
 * Labels and taints are the owner's words and end up in commands: only those of Kubernetes' form are kept.
 */
export function nodeSettingsOf(raw: unknown): NodeSettings {
	const fields = fieldsOf(raw);
	return {
		vmSize: plain(fields.vmsize),
		osSku: plain(fields.ossku),
		zones: items(fields.availabilityzones).flatMap((zone) => plain(zone) ?? []),
		labels: kept(labelsOf(fields.nodelabels), /^[\w./-]+=[\w.-]*$/),
		taints: kept(
			items(fields.nodetaints),
			/^[\w./-]+(=[\w.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/,
		),
	};
}

/** The CLI and ARM spell fields in different case. */
function fieldsOf(raw: unknown) {
	const fields: Record<
		"vmsize" | "ossku" | "availabilityzones" | "nodelabels" | "nodetaints",
		unknown
	> = {
		vmsize: undefined,
		ossku: undefined,
		availabilityzones: undefined,
		nodelabels: undefined,
		nodetaints: undefined,
	};
	if (typeof raw !== "object" || raw === null) return fields;
	for (const key of Object.keys(raw)) {
		const name = lowerName(key);
		if (isField(name, fields)) fields[name] = Reflect.get(raw, key);
	}
	return fields;
}

function isField<K extends string>(
	name: string,
	fields: Readonly<Record<K, unknown>>,
): name is K {
	return Object.hasOwn(fields, name);
}

function items(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function plain(value: unknown): string | null {
	return typeof value === "string" && /^\w{1,64}$/.test(value) ? value : null;
}

function labelsOf(value: unknown): readonly unknown[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).map(([key, text]) =>
		typeof text === "string" ? `${key}=${text}` : null,
	);
}

/** Null where one of them cannot be kept: a pool without it would not be like the old one. */
function kept(all: readonly unknown[], form: RegExp): readonly string[] | null {
	const own = all.filter(
		(one) => typeof one !== "string" || !one.startsWith(ofSpot),
	);
	const legible = own.filter(
		(one): one is string =>
			typeof one === "string" && form.test(one) && !one.startsWith("-"),
	);
	const isWhole = legible.length === own.length;
	return isWhole && legible.join(",").length <= mostKept ? legible : null;
}
