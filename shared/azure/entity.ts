import type { TableEntity } from "@azure/data-tables";

/** A string property takes 32,768 characters. One report has the service refuse the last of them. */
const longestProperty = 32_000;
/** An entity takes 1 MiB, and characters count two bytes. */
const mostProperties = 15;

export class TooLargeForEntity extends Error {}

export interface Keys {
	readonly partitionKey: string;
	readonly rowKey: string;
}

/** Plain data as an entity, its JSON cut over as many properties as it needs. Throws if an entity cannot take it. */
export function packed(
	keys: Keys,
	data: unknown,
	columns: Readonly<Record<string, string | number | boolean>> = {},
): TableEntity {
	const json = JSON.stringify(data);
	const parts = cut(json);
	if (parts.length > mostProperties)
		throw new TooLargeForEntity(
			`${keys.partitionKey}/${keys.rowKey} has ${json.length} characters, more than the ${mostProperties * longestProperty} that an entity can hold`,
		);
	const entity: TableEntity = { ...keys, ...columns };
	for (const [part, text] of parts.entries()) entity[`data${part}`] = text;
	return entity;
}

/** Never between the halves of a character of two. */
function cut(json: string): string[] {
	const parts: string[] = [];
	for (let from = 0; from < json.length; ) {
		const end = from + longestProperty;
		const splits = isHighSurrogate(json.charCodeAt(end - 1));
		const to = splits ? end - 1 : end;
		parts.push(json.slice(from, to));
		from = to;
	}
	return parts;
}

function isHighSurrogate(code: number): boolean {
	return code >= 0xd800 && code <= 0xdbff;
}

/** The data that `packed` put into an entity. The program wrote it: its shape is trusted. */
export function unpacked<T>(entity: Readonly<Record<string, unknown>>): T {
	let json = "";
	for (let part = 0; typeof entity[`data${part}`] === "string"; part++)
		json += entity[`data${part}`];
	return JSON.parse(json) as T;
}
