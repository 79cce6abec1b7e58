import { spawnSync } from "node:child_process";
import { existsSync, globSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/*
 * `node local/run.mjs PROGRAM …` runs dist/local/PROGRAM/main.js (bench: dist/bench/main.js), built first when the
 * sources are newer than the last build. `node local/run.mjs build` builds in any case.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [program = "demo", ...rest] = process.argv.slice(2);
if (program === "build" || isStale()) build();
if (program !== "build") await start();

async function start() {
	// The shell between npm and this program passes no signal on: where npm is ended, its shell is gone, and so are we.
	const parent = process.ppid;
	if (process.env.npm_lifecycle_event)
		setInterval(() => {
			if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
		}, 500).unref();

	process.argv.splice(1, process.argv.length, program, ...rest);
	const folder = program === "bench" ? "bench" : join("local", program);
	await import(pathToFileURL(join(root, "dist", folder, "main.js")).href);
}

function isStale() {
	const bundled = join(root, "dist", "package", "main.cjs");
	const sources = [
		"{host,package,package-lock,tsconfig}.json",
		"{functions,shared,local,bench}/**/*.ts",
		"report/**/*.{ts,tsx,css,html}",
	].flatMap((pattern) => globSync(pattern, { cwd: root }));
	const newest = Math.max(
		...sources.map((path) => statSync(join(root, path)).mtimeMs),
	);
	return !existsSync(bundled) || statSync(bundled).mtimeMs < newest;
}

/** Into an empty folder: files of a renamed source would be loaded with the rest. */
function build() {
	const manifest = createRequire(import.meta.url).resolve(
		"typescript/package.json",
	);
	// On stderr: the output of a gate is its answer alone.
	console.error("Building ...");
	rmSync(join(root, "dist"), { recursive: true, force: true });
	run(join(dirname(manifest), "bin", "tsc"), "-p", "tsconfig.json");
	run(join("dist", "local", "package", "build.js"));
}

function run(...args) {
	const { status } = spawnSync(process.execPath, args, {
		cwd: root,
		stdio: "inherit",
	});
	if (status !== 0) process.exit(status ?? 1);
}
