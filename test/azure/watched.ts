import type { TableClient } from "@azure/data-tables";

/** A table client that tells of its calls. */
export function watched(table: TableClient, onList: () => void = () => {}) {
	const transactions: number[] = [];
	const bytes: number[] = [];
	const filters: string[] = [];
	const client = new Proxy(table, {
		get(target, name) {
			if (name === "submitTransaction")
				return (actions: Parameters<TableClient["submitTransaction"]>[0]) => {
					const sent = [...actions].map(([, entity]) => entity);
					transactions.push(sent.length);
					bytes.push(Buffer.byteLength(JSON.stringify(sent)));
					return target.submitTransaction(actions);
				};
			if (name === "listEntities")
				return (options: Parameters<TableClient["listEntities"]>[0]) => {
					onList();
					filters.push(options?.queryOptions?.filter ?? "");
					return target.listEntities(options);
				};
			return Reflect.get(target, name);
		},
	});
	return { client, transactions, bytes, filters };
}
