import * as v from "valibot";
import type { NodeInterface } from "./facts.ts";
import {
	byId,
	count,
	idOrNull,
	lowerText,
	type Query,
	requiredId,
	rowParser,
} from "./rows.ts";

/** What sets an entry of an interface apart from one IPv4 address. */
interface EntryKind {
	readonly ipv6: boolean;
	/** Length of the entry's block. Null if it is one address. */
	readonly prefixLength: number | null;
}

/** Entries of a scale set's model or of a Karpenter interface that are not plain entries of the first interface. */
export interface NodeConfigurations extends EntryKind {
	readonly resource: string;
	/** Name of the interface in a scale set's model. "" for an interface of its own. */
	readonly interface: string;
	readonly subnet: string | null;
	readonly entries: number;
}

/** A first interface as its resource's own row shows it, and how much that is special is in the row. */
export interface FirstInterface {
	readonly name: string;
	readonly subnet: string | null;
	readonly entries: number;
	/** Entries of IPv6 and entries with a block, anywhere in the list, in further interfaces as well. */
	readonly special: { readonly ipv6: number; readonly blocks: number };
}

/** The interfaces of every node by the scale set's model. */
export const modelInterfaces =
	"properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations";

/** A block's length, as text: a number in the interface API and in scale set models. */
export const prefixLength = v.pipe(
	lowerText,
	v.regex(/^(\d{1,3})?$/, "is not a prefix length"),
	v.transform((text) => (text === "" ? null : Number(text))),
);
const version = v.pipe(
	lowerText,
	v.transform((text) => text === "ipv6"),
);

/**
 * Columns that count special entries without expanding them: a text is split by a separator, and the parts are counted.
 * So a lost row of special entries is noticed.
 */
export function specialColumns(list: string): string {
	const parts = (text: string) =>
		`array_length(split(tostring(${list}), '${text}'))`;
	return `ipv6Parts = ${parts('"privateIPAddressVersion":"IPv6"')},
  blockParts = ${parts('"privateIPAddressPrefixLength":')},
  nullParts = ${parts('"privateIPAddressPrefixLength":null')}`;
}

export const specialFields = {
	ipv6Parts: count,
	blockParts: count,
	nullParts: count,
};

export function specialOf(row: {
	readonly ipv6Parts: number;
	readonly blockParts: number;
	readonly nullParts: number;
}): FirstInterface["special"] {
	return {
		ipv6: row.ipv6Parts - 1,
		blocks: row.blockParts - row.nullParts,
	};
}

const configurationsRow = rowParser(
	v.object({
		id: requiredId,
		interface: lowerText,
		subnet: idOrNull,
		version,
		prefix: prefixLength,
		entries: count,
	}),
);

/**
 * Only what is special: IPv6, blocks and further interfaces, anywhere in the list. A scale set or an interface without
 * any has no row here, so that the answer stays small. An interface has no model: its own list is expanded.
 */
export const nodeConfigurationsQuery: Query<NodeConfigurations> = {
	name: "node-configurations",
	of: "address blocks, IPv6 entries and further interfaces of nodes",
	required: false,
	kql: `resources
| where type in~ ('microsoft.compute/virtualmachinescalesets', 'microsoft.network/networkinterfaces')
| where isnotempty(tags['aks-managed-poolName']) or isnotempty(tags['poolName']) or isnotempty(tags['karpenter.sh_nodepool'])
| extend firstName = tostring(${modelInterfaces}[0].name)
| mv-expand nic = ${modelInterfaces} limit 1024
| extend interface = tolower(tostring(nic.name))
| mv-expand configuration = coalesce(nic.properties.ipConfigurations, properties.ipConfigurations) limit 1024
| extend subnet = tolower(tostring(configuration.properties.subnet.id)), version = tostring(configuration.properties.privateIPAddressVersion), prefix = tostring(configuration.properties.privateIPAddressPrefixLength)
| where version =~ 'IPv6' or isnotempty(prefix) or not(interface =~ firstName)
| summarize count() by id, interface, subnet, version, prefix
| project id, interface, subnet, version, prefix, entries = count_
| order by id asc, interface asc, subnet asc, version asc, prefix asc`,
	key: (row) =>
		[byId(row), row.interface, row.subnet, row.version, row.prefix]
			.join("\n")
			.toLowerCase(),
	parse: (row) => {
		const parsed = configurationsRow(row);
		return {
			resource: parsed.id,
			interface: parsed.interface,
			subnet: parsed.subnet,
			ipv6: parsed.version,
			prefixLength: parsed.prefix,
			entries: parsed.entries,
		};
	},
};

/** IPv4 addresses of these entries: IPv6 needs none, a block of /28 is 16. */
export function ipv4Addresses(
	{ ipv6, prefixLength }: EntryKind,
	entries: number,
): number {
	if (ipv6) return 0;
	return entries * 2 ** Math.max(0, 32 - (prefixLength ?? 32));
}

/**
 * What a node uses, by subnet: its first interface as its row counts it, with what is special about it, then further
 * interfaces.
 */
export function nodeInterfaces(
	first: FirstInterface,
	special: readonly NodeConfigurations[],
): NodeInterface[] {
	const own = special.filter((one) => one.interface === first.name);
	const plain: NodeConfigurations = {
		resource: "",
		interface: first.name,
		subnet: first.subnet,
		ipv6: false,
		prefixLength: null,
		entries: Math.max(0, first.entries - sum(own, ({ entries }) => entries)),
	};
	const rows = [
		plain,
		...own,
		...special.filter((one) => one.interface !== first.name),
	];
	return [...Map.groupBy(rows, ({ subnet }) => subnet)].map(
		([subnet, entriesThere]) => ({
			subnet,
			entries: sum(entriesThere, ({ entries }) => entries),
			ipv6: sum(entriesThere, ({ ipv6, entries }) => (ipv6 ? entries : 0)),
			addresses: sum(entriesThere, (one) => ipv4Addresses(one, one.entries)),
		}),
	);
}

/** The rows account for all that is special by the resource's own row, and for the interfaces there are. */
export function isExplained(
	first: FirstInterface,
	interfaces: number,
	rows: readonly NodeConfigurations[],
): boolean {
	const others = new Set(rows.map((one) => one.interface));
	others.delete(first.name);
	const ipv6 = sum(rows, (one) => (one.ipv6 ? one.entries : 0));
	const blocks = sum(rows, (one) =>
		one.prefixLength === null ? 0 : one.entries,
	);
	return (
		others.size >= interfaces - 1 &&
		ipv6 >= first.special.ipv6 &&
		blocks >= first.special.blocks
	);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
	return items.reduce((total, item) => total + of(item), 0);
}
