import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Tests run the bundled functions: they are built once, where they are older than their sources, before any test. */
export default function freshBuild(): void {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[join(import.meta.dirname, "../../local/run.mjs"), "host", "--help"],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}
