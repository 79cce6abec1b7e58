import { lastName } from "../arm.ts";
import type { ChangedValue, HeardChange } from "./heardChange.ts";

/** Properties that people know by another name. By the end of their path, lower case. */
const names: Readonly<Record<string, string>> = {
	count: "count",
	mincount: "min count",
	maxcount: "max count",
	maxpods: "max pods",
	enableautoscaling: "autoscaling",
	vnetsubnetid: "node subnet",
	podsubnetid: "pod subnet",
	maxsurge: "max surge",
	kubernetesversion: "Kubernetes version",
	orchestratorversion: "Kubernetes version",
	addressprefix: "address range",
	addressprefixes: "address range",
	capacity: "nodes",
	podcidr: "pod CIDR",
	code: "power state",
};

const nouns: Readonly<Record<string, string>> = {
	"microsoft.containerservice/managedclusters": "cluster",
	"microsoft.containerservice/managedclusters/agentpools": "pool",
	"microsoft.network/virtualnetworks": "virtual network",
	"microsoft.network/virtualnetworks/subnets": "subnet",
	"microsoft.network/routetables": "route table",
	"microsoft.compute/virtualmachinescalesets": "scale set",
};

/**
 * What was changed and when, without who: "max count of pool web 20 to 40 at 14:32 UTC". Names in it are other people's
 * text. `poolName`: the name of the pool at a place in the cluster, where it is known.
 */
export function changeText(
	change: HeardChange,
	poolName: (index: number) => string | null = () => null,
): string {
	const at = `at ${change.at.slice(11, 16)} UTC`;
	const thing = `${nouns[change.type] ?? "resource"} ${lastName(change.resource)}`;
	if (change.kind !== "update")
		return `${thing} ${change.kind === "create" ? "created" : "deleted"} ${at}`;
	const told = (change.values ?? []).flatMap(
		(value) => valueText(value, thing, poolName) ?? [],
	);
	const [first, ...more] = told;
	if (first === undefined) return `${thing} changed ${at}`;
	return `${first}${more.length > 0 ? ` and ${more.length} more` : ""} ${at}`;
}

function valueText(
	{ path, before, after }: ChangedValue,
	thing: string,
	poolName: (index: number) => string | null,
): string | null {
	const end = /([a-z]+)(?:\[\d+\])?$/i.exec(path)?.[1]?.toLowerCase() ?? "";
	const name = Object.hasOwn(names, end) ? names[end] : undefined;
	if (name === undefined) return null;
	const place = /agentpoolprofiles\[(?:(\d+)|"([^"]+)")\]/i.exec(path);
	const pool =
		place?.[2] ??
		(place?.[1] === undefined ? null : poolName(Number(place[1])));
	const whose = pool === null ? thing : `pool ${pool}`;
	const shown = (value: string | null) =>
		value === null
			? "not set"
			: value.startsWith("/")
				? lastName(value)
				: value;
	return `${name} of ${whose} ${shown(before)} to ${shown(after)}`;
}
