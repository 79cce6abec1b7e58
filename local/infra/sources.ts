import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bicepVersion } from "./bicepCli.ts";

/** The templates that people deploy, from the project's root. */
export const templates = [
	"infra/main.bicep",
	"infra/managementGroup.bicep",
	"infra/eventGrid.bicep",
];

/** What people deploy with: it takes its values from the environment. */
export const parameterFile = "infra/main.bicepparam";

/** A set of parameters whose resources are committed as infra/snapshots/NAME.json. */
export const cases = [
	"smallest",
	"signed-in",
	"private",
	"dedicated",
	"management-group",
	"event-grid",
	"event-grid-topic",
] as const;
export type CaseName = (typeof cases)[number];

/** SHA-256 of all that the snapshots are made of, whatever the line ends of the checkout. */
export function sourcesHash(root: string): string {
	const hash = createHash("sha256").update(bicepVersion(root));
	const files = globSync(
		["infra/*.bicep", "infra/readRole.json", "infra/{modules,queries,cases}/*"],
		{ cwd: root },
	)
		.map((file) => file.replaceAll("\\", "/"))
		.sort();
	for (const file of files) {
		const content = readFileSync(join(root, file), "utf8");
		hash.update(`\n${file}\n${content.replaceAll("\r\n", "\n")}`);
	}
	return hash.digest("hex");
}
