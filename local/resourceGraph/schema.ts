/** The Kusto types that the supported subset can produce. */
type ColumnType =
	| "string"
	| "dynamic"
	| "int"
	| "long"
	| "real"
	| "bool"
	| "datetime";

export interface Column {
	readonly name: string;
	readonly type: string;
}

/** Columns by table. Table names are in lower case, since Resource Graph resolves them in any casing. */
export type TableSchemas = Readonly<
	Record<string, Readonly<Record<string, ColumnType>>>
>;

const columns = {
	id: "string",
	name: "string",
	type: "string",
	tenantId: "string",
	kind: "string",
	location: "string",
	resourceGroup: "string",
	subscriptionId: "string",
	managedBy: "string",
	sku: "dynamic",
	plan: "dynamic",
	properties: "dynamic",
	tags: "dynamic",
	identity: "dynamic",
	zones: "dynamic",
	extendedLocation: "dynamic",
} as const satisfies Record<string, ColumnType>;

export type TableName = "resources" | "resourcecontainers" | "resourcechanges";

export const argSchema = {
	resources: columns,
	resourcecontainers: columns,
	resourcechanges: columns,
} as const satisfies Record<TableName, Record<string, ColumnType>>;
