import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import type { Night } from "./nights.ts";

const directory = new URL("./worlds/", import.meta.url);

interface WorldFile {
	readonly nights: readonly {
		readonly resources: readonly ArmResource[];
		readonly faults?: Pick<
			Night,
			"dropSubscriptions" | "repeatToken" | "pageSize"
		>;
	}[];
}

/** The nights of a handed case. Large ones are zipped. */
export function nightsOf(name: string): Night[] {
	const file = JSON.parse(read(name)) as WorldFile;
	return file.nights.map(({ resources, faults = {} }) => {
		const { dropSubscriptions, repeatToken, pageSize } = faults;
		return {
			resources,
			...(dropSubscriptions && { dropSubscriptions }),
			...(repeatToken && { repeatToken }),
			...(pageSize && { pageSize }),
		};
	});
}

/** The names of all handed cases. */
export function worldNames(): string[] {
	return readdirSync(directory)
		.map((file) => file.replace(/\.json(\.gz)?$/, ""))
		.sort();
}

function read(name: string): string {
	const plain = new URL(`${name}.json`, directory);
	return existsSync(plain)
		? readFileSync(plain, "utf8")
		: gunzipSync(
				readFileSync(new URL(`${name}.json.gz`, directory)),
			).toString();
}
