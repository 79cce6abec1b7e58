import { createHash } from "node:crypto";
import { relative } from "node:path";
import { projectRoot } from "../projectRoot.ts";
import { writePackage } from "./writePackage.ts";

/* `npm run package`: the zip that a Function App takes. */

const { path, files, zip } = await writePackage(projectRoot());

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
