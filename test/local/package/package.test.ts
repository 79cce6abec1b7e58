import { execFile, spawn } from "node:child_process";
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
	type PackageFile,
	packageFiles,
	packageFolder,
} from "../../../local/package/packageFiles.ts";
import { zipOf } from "../../../local/package/zip.ts";

const root = join(import.meta.dirname, "../../..");
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let files: readonly PackageFile[] = [];
let zip: Uint8Array;
/** The zip unpacked where no node_modules are near. */
let folder = "";

beforeAll(async () => {
	files = await packageFiles(root);
	zip = zipOf(files);
	folder = mkdtempSync(join(tmpdir(), "package-"));
	for (const [name, content] of Object.entries(unzipSync(zip)))
		writeFileSync(join(folder, name), content);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string) =>
	files.find((file) => file.name === name)?.content ?? "";

interface Loaded {
	readonly registered: readonly object[];
	readonly stack: string;
}

async function load(...args: string[]): Promise<Loaded> {
	const { stdout } = await promisify(execFile)(
		process.execPath,
		[join(import.meta.dirname, "loaded.ts"), ...args],
		{ env: { ...process.env, ALERT_MIN_SEVERITY: "loud" } },
	);
	return JSON.parse(stdout);
}

it("registers what the functions register unbundled, and points at their sources", async () => {
	const [bundled, unbundled] = await Promise.all([
		load(folder),
		load(root, "dist/functions/**/*.js"),
	]);
	// A bundle of ES modules registers nothing, with a warning only.
	expect(unbundled.registered.length).toBeGreaterThan(20);
	expect(bundled.registered).toEqual(unbundled.registered);

	const source = readFileSync(join(root, "functions/start.ts"), "utf8");
	const line = source
		.slice(0, source.indexOf("console.warn"))
		.split("\n").length;
	expect(bundled.stack).toContain(`functions/start.ts:${line}:`);
});

it("answers from its own folder alone, with its version", async () => {
	const host = spawn(
		process.execPath,
		["local/host/main.ts", "--root", folder, "--port", "0", "--quiet"],
		{
			cwd: root,
			env: { ...process.env, AUDIT_STORAGE: "", AzureWebJobsStorage: "" },
		},
	);
	try {
		const url = await new Promise<string>((resolve, reject) => {
			let output = "";
			host.once("exit", () => reject(new Error(output)));
			for (const stream of [host.stdout, host.stderr])
				stream.on("data", (chunk) => {
					output += chunk;
					const [, found] = /listening on (\S+)\n/.exec(output) ?? [];
					if (found) resolve(found);
				});
		});
		const response = await fetch(`${url}/api/health`);
		const { version } = JSON.parse(fileOf("package.json"));
		expect(await response.json()).toMatchObject({ version, storage: "away" });
	} finally {
		host.kill();
	}
});

it("has the same bytes whenever it is built, and no path of the machine in them", () => {
	const built = readdirSync(join(root, packageFolder))
		.sort()
		.map((name) => ({
			name,
			content: readFileSync(join(root, packageFolder, name), "utf8"),
		}));
	expect(Buffer.compare(zipOf(built), zip)).toBe(0);
	for (const { content } of files) expect(content.includes(root)).toBe(false);
});

it("is small, and installs nothing", () => {
	expect(files.map(({ name }) => name)).toEqual([
		"LICENSE",
		"THIRD-PARTY-LICENSES.txt",
		"bom.cdx.json",
		"functions.cjs",
		"functions.cjs.map",
		"host.json",
		"main.cjs",
		"package.json",
		"report.html",
	]);
	const bytes = files
		.filter(({ name }) => !name.endsWith(".map"))
		.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
	expect(bytes).toBeLessThan(5_000_000);
	expect(JSON.parse(fileOf("package.json"))).toEqual({
		name: "aks-subnet-auditor",
		version: JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
			.version,
		private: true,
		main: "main.cjs",
	});
});

it("has a bill of materials of every package in the bundle, as CycloneDX", () => {
	const bom = JSON.parse(fileOf("bom.cdx.json"));
	const schemaOf = (name: string) =>
		JSON.parse(
			readFileSync(
				join(
					root,
					"node_modules/@cyclonedx/cyclonedx-library/res/schema",
					name,
				),
				"utf8",
			),
		);
	const ajv = new Ajv({ strict: false, validateFormats: false });
	for (const part of ["spdx", "jsf-0.82"]) {
		const file = `${part}.SNAPSHOT.schema.json`;
		ajv.addSchema(schemaOf(file), `http://cyclonedx.org/schema/${file}`);
	}
	const check = ajv.compile(schemaOf("bom-1.6.SNAPSHOT.schema.json"));
	expect(check(bom), JSON.stringify(check.errors)).toBe(true);

	const titles = fileOf("THIRD-PARTY-LICENSES.txt")
		.split(`\n${"-".repeat(80)}\n\n`)
		.map((text) => text.split("\n")[0]?.replace(/ \(.*/, ""));
	const components: {
		readonly group?: string;
		readonly name: string;
		readonly version: string;
	}[] = bom.components;
	const listed = components.map(
		({ group, name, version }) =>
			`${group === undefined ? "" : `${group}/`}${name} ${version}`,
	);
	expect(new Set(listed)).toEqual(new Set(titles));
	expect(components).toContainEqual(
		expect.objectContaining({
			group: "@azure",
			name: "functions",
			licenses: [{ license: { id: "MIT" } }],
			purl: expect.stringMatching(/^pkg:npm\/%40azure\/functions@4\./),
		}),
	);
	// A time or a random number would change the bytes.
	expect(bom.metadata.timestamp).toBeUndefined();
	expect(bom.serialNumber).toBeUndefined();
});

it("has the full licence text of every package that is in the bundle", () => {
	const licences = fileOf("THIRD-PARTY-LICENSES.txt").split(
		`\n${"-".repeat(80)}\n\n`,
	);
	const titles = licences.map((text) => text.split("\n")[0] ?? "");
	const { dependencies } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	);
	for (const name of Object.keys(dependencies))
		expect(titles.some((title) => title.startsWith(`${name} `))).toBe(true);
	// The bundler heads each module with its path.
	const bundled = [
		...fileOf("functions.cjs").matchAll(
			/^\s*\/\/ .*node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\/.*$/gm,
		),
	].map(([, name]) => name);
	expect(new Set(bundled).size).toBeGreaterThan(50);
	for (const name of new Set(bundled))
		expect(titles.some((title) => title.startsWith(`${name} `))).toBe(true);
	for (const text of licences)
		expect(text).toMatch(
			/Permission (is hereby granted|to use)|Redistribution and use|Apache License/i,
		);
});
