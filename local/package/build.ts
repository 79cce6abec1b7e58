import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../projectRoot.ts";
import { packageFiles, packageFolder } from "./packageFiles.ts";

/* Writes the package's files to its folder: the second half of `npm run build`. */

const root = projectRoot();
const folder = join(root, packageFolder);
const files = await packageFiles(root);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { name, content } of files)
	writeFileSync(join(folder, name), content);
