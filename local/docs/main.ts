import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openApiText } from "../../shared/http/openapi.ts";
import { projectRoot } from "../projectRoot.ts";
import { readRoleJson, withReadActions } from "./readRole.ts";
import { ruleHelpSource } from "./ruleHelp.ts";
import { sampleSettings, withSettingsTable } from "./settings.ts";

/** Writes what the documentation takes from the program. */
const root = projectRoot();
const readme = join(root, "README.md");
writeFileSync(readme, withSettingsTable(readFileSync(readme, "utf8")));
writeFileSync(join(root, "local.settings.sample.json"), sampleSettings());
writeFileSync(join(root, "docs", "openapi.json"), openApiText());
const deploy = join(root, "docs", "deploy.md");
writeFileSync(deploy, withReadActions(readFileSync(deploy, "utf8")));
writeFileSync(join(root, "infra", "readRole.json"), readRoleJson());
writeFileSync(
	join(root, "shared", "exports", "ruleHelp.ts"),
	ruleHelpSource(root),
);
