import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../projectRoot.ts";
import { build } from "./bicep.ts";
import { bicepCli, bicepVersion } from "./bicepCli.ts";
import { cases, sourcesHash, templates } from "./sources.ts";

/* `npm run infra`: builds and lints the templates, and writes infra/snapshots. */

const root = projectRoot();
const cli = bicepCli(root);
if ("missing" in cli) {
	console.error(`The Bicep CLI cannot be fetched: ${cli.missing}.`);
	process.exit(1);
}
console.log(`Bicep ${bicepVersion(root)}`);
const { problems, snapshots } = await build(cli.path, root);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${templates.join(", ")}: no error, no warning`);

const folder = join(root, "infra", "snapshots");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of cases) {
	writeFileSync(join(folder, `${name}.json`), snapshots[name]);
	const { predictedResources } = JSON.parse(snapshots[name]);
	console.log(`${name}: ${predictedResources.length} resources`);
}
writeFileSync(join(folder, "sources.sha256"), `${sourcesHash(root)}\n`);
