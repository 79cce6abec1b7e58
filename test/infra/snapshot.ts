import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseName } from "../../local/infra/sources.ts";

const root = join(import.meta.dirname, "..", "..");

/** Each type of resource has its own. */
export interface Properties {
	readonly [name: string]: unknown;
}

export interface Resource {
	readonly id: string;
	readonly type: string;
	readonly name: string;
	readonly condition?: string;
	readonly properties: Properties;
}

export interface Snapshot {
	readonly predictedResources: readonly Resource[];
	readonly diagnostics: readonly unknown[];
	readonly outputs: Readonly<Record<string, unknown>>;
}

export function textOf(name: CaseName): string {
	return readFileSync(join(root, "infra", "snapshots", `${name}.json`), "utf8");
}

export function snapshotOf(name: CaseName): Snapshot {
	return JSON.parse(textOf(name));
}

/** The resources of a type, in any case. */
export function allOf({ predictedResources }: Snapshot, type: string) {
	return predictedResources.filter(
		(one) => one.type.toLowerCase() === type.toLowerCase(),
	);
}

/** The only resource of a type, whose name ends so. */
export function oneOf(snapshot: Snapshot, type: string, ending = ""): Resource {
	const found = allOf(snapshot, type).filter(({ name }) =>
		name.endsWith(ending),
	);
	const [one] = found;
	if (one === undefined || found.length > 1)
		throw new Error(`There are ${found.length} resources ${type} ${ending}.`);
	return one;
}

export function appSettings(snapshot: Snapshot): Record<string, string> {
	const { properties } = oneOf(
		snapshot,
		"Microsoft.Web/sites/config",
		"/appsettings",
	);
	return properties as Record<string, string>;
}
