import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { programVersion } from "../../shared/version.ts";
import { projectRoot } from "../projectRoot.ts";
import { packageFiles } from "./packageFiles.ts";
import { zipOf } from "./zip.ts";

/* `npm run package`: the zip that a Function App takes. */

const root = projectRoot();
const files = await packageFiles(root);
const zip = zipOf(files);
const folder = join(root, "artifacts");
const path = join(folder, `aks-subnet-auditor-${programVersion}.zip`);
mkdirSync(folder, { recursive: true });
writeFileSync(path, zip);

for (const { name, content } of files)
	console.log(`${kilobytes(Buffer.byteLength(content))}  ${name}`);
const unpacked = files.reduce(
	(sum, { content }) => sum + Buffer.byteLength(content),
	0,
);
console.log(`${kilobytes(unpacked)}  ${files.length} files, unpacked`);
console.log(`${kilobytes(zip.length)}  ${relative(process.cwd(), path)}`);
console.log(`sha256 ${createHash("sha256").update(zip).digest("hex")}`);

function kilobytes(bytes: number): string {
	return `${Math.ceil(bytes / 1000)} kB`.padStart(9);
}
