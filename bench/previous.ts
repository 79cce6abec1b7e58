import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../local/projectRoot.ts";
import type { Program } from "./auditRun.ts";

/** The last commit before snapshots, findings and history were packed: what this release is measured against. */
const previousCommit = "6207d08f0626285cc1f6b38085be73b5fa82bcdb";
const parts = [
	"package.json",
	"host.json",
	"tsconfig.json",
	"functions",
	"shared",
	"local",
	"bench",
];

export interface PreviousRelease {
	readonly root: string;
	readonly program: Program;
}

/**
 * The previous release, taken from git and compiled once, with the packages of this one. Null where git does not have
 * the commit, as in a shallow clone: then only this release is measured.
 */
export function previousRelease(): PreviousRelease | null {
	const root = join(projectRoot(), "artifacts", `release-${previousCommit}`);
	const host = join(root, "dist", "bench", "hostProcess.js");
	if (!existsSync(host)) {
		if (!hasCommit()) return null;
		build(root);
	}
	return {
		root,
		program: { script: pathToFileURL(host).href, nodeOptions: [] },
	};
}

function hasCommit(): boolean {
	const { status } = spawnSync("git", ["cat-file", "-e", previousCommit], {
		cwd: projectRoot(),
		stdio: "ignore",
	});
	return status === 0;
}

function build(root: string): void {
	rmSync(root, { recursive: true, force: true });
	mkdirSync(root, { recursive: true });
	const archive = `${root}.tar`;
	run("git", "archive", "--output", archive, previousCommit, ...parts);
	run("tar", "-xf", archive, "-C", root);
	rmSync(archive);
	symlinkSync(join(projectRoot(), "node_modules"), join(root, "node_modules"));
	const manifest = createRequire(import.meta.url).resolve(
		"typescript/package.json",
	);
	const compiler = join(dirname(manifest), "bin", "tsc");
	run(process.execPath, compiler, "-p", join(root, "tsconfig.json"));
}

function run(program: string, ...args: readonly string[]): void {
	const { status } = spawnSync(program, args, {
		cwd: projectRoot(),
		stdio: ["ignore", "inherit", "inherit"],
	});
	if (status !== 0) throw new Error(`${program} ${args[0]} failed`);
}
