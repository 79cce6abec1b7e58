import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { appFolder } from "./testHost.ts";

const mainFile = join(import.meta.dirname, "../../../local/host/main.ts");

it("says where it listens and what it serves, answers, and ends at a signal", async () => {
	const child = run("--root", appFolder, "--port", "0");
	const url = await listening(child);

	const reply = await fetch(`${url}/api/echo/1`);
	expect(await reply.json()).toMatchObject({ id: "1" });

	const started = Date.now();
	child.kill("SIGTERM");
	const { code, stdout } = await ended(child);
	expect(code).toBe(0);
	expect(Date.now() - started).toBeLessThan(2000);
	expect(stdout).toContain(`[GET,POST] ${url}/api/echo/{id}`);
	expect(stdout).toContain("[timer 0 0 5 * * *] tick");
});

it("ends with one line where the port is taken", async () => {
	const first = run("--root", appFolder, "--port", "0");
	const { port } = new URL(await listening(first));

	const second = await ended(run("--root", appFolder, "--port", port));
	first.kill("SIGINT");
	expect(second).toMatchObject({
		code: 1,
		stderr: `Port ${port} is in use: choose another with --port N, or --port 0 for a free one.\n`,
	});
	expect((await ended(first)).code).toBe(0);
});

it.each([
	{ flags: ["--prot", "7071"], says: "Unknown option '--prot'" },
	{
		flags: ["--port", "many"],
		says: '--port is "many"; use a number from 0 to 65535.',
	},
	{
		flags: ["--port", "65536"],
		says: '--port is "65536"; use a number from 0 to 65535.',
	},
])("refuses $flags", async ({ flags, says }) => {
	const { code, stderr } = await ended(run(...flags));
	expect(code).toBe(1);
	expect(stderr).toContain(says);
});

it("explains itself", async () => {
	const { code, stdout } = await ended(run("--help"));
	expect(code).toBe(0);
	expect(stdout).toContain("--port N");
});

it("says that nothing has been built", async () => {
	const folder = mkdtempSync(join(tmpdir(), "host-"));
	writeFileSync(
		join(folder, "package.json"),
		'{ "type": "module", "main": "dist/functions/*.js" }',
	);
	const { code, stderr } = await ended(run("--root", folder, "--port", "0"));
	expect({ code, stderr }).toEqual({
		code: 1,
		stderr:
			'"main" of package.json is dist/functions/*.js, which matches no file. Run npm run build.\n',
	});
});

interface Running {
	readonly child: ChildProcessWithoutNullStreams;
	readonly output: { stdout: string; stderr: string };
	kill(signal: "SIGINT" | "SIGTERM"): void;
}

function run(...flags: string[]): Running {
	const env = {
		...process.env,
		TEST_HUB_NAME: "tests",
		TEST_SCHEDULE: "0 0 5 * * *",
	};
	const child = spawn(process.execPath, [mainFile, ...flags], { env });
	const output = { stdout: "", stderr: "" };
	child.stdout.on("data", (chunk: Buffer) => {
		output.stdout += chunk.toString();
	});
	child.stderr.on("data", (chunk: Buffer) => {
		output.stderr += chunk.toString();
	});
	return { child, output, kill: (signal) => child.kill(signal) };
}

function listening({ child, output }: Running): Promise<string> {
	return new Promise((resolve, reject) => {
		child.stdout.on("data", () => {
			const [, url] =
				/Functions host listening on (\S+)\n/.exec(output.stdout) ?? [];
			if (url) {
				resolve(url);
			}
		});
		child.once("close", () => reject(new Error(output.stderr)));
	});
}

function ended({
	child,
	output,
}: Running): Promise<{ code: number | null; stdout: string; stderr: string }> {
	return new Promise((resolve) => {
		child.once("close", (code) => resolve({ code, ...output }));
	});
}
