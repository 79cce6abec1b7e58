import type { TableEntity } from "@azure/data-tables";

/** A string property takes 32,768 characters; one report has the service refuse the last of them. */
const longestProperty = 32_000;
/** An entity takes 1 MiB, and characters count two bytes. */
const mostProperties = 15;

export interface Keys {
	readonly partitionKey: string;
	readonly rowKey: string;
}

/** Plain data as an entity, its JSON cut over as many properties as it needs; throws where an entity cannot hold it. */
export function packed(
	keys: Keys,
	data: unknown,
	columns: Readonly<Record<string, string | number | boolean>> = {},
): TableEntity {
	const json = JSON.stringify(data);
	const parts = Math.max(1, Math.ceil(json.length / longestProperty));
	if (parts > mostProperties)
		throw new Error(
			`${keys.partitionKey}/${keys.rowKey} has ${json.length} characters, more than the ${mostProperties * longestProperty} that an entity can hold`,
		);
	const entity: TableEntity = { ...keys, ...columns };
	for (let part = 0; part < parts; part++)
		entity[`data${part}`] = json.slice(
			part * longestProperty,
			(part + 1) * longestProperty,
		);
	return entity;
}

/** The data that `packed` put into an entity. The program wrote it: its shape is trusted. */
export function unpacked<T>(entity: Readonly<Record<string, unknown>>): T {
	let json = "";
	for (let part = 0; typeof entity[`data${part}`] === "string"; part++)
		json += entity[`data${part}`];
	return JSON.parse(json) as T;
}
