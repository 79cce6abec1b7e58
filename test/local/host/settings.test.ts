import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import {
	applySettings,
	resolveSettings,
} from "../../../local/host/settings.ts";

let restore = (): void => {};
afterEach(() => restore());

function folderWith(settings: object): string {
	const folder = mkdtempSync(join(tmpdir(), "settings-"));
	writeFileSync(join(folder, "local.settings.json"), JSON.stringify(settings));
	return folder;
}

it("come from what is given, then the environment, then local.settings.json", () => {
	process.env.HOST_TEST_B = "environment";
	process.env.HOST_TEST_C = "environment";
	const Values = {
		HOST_TEST_A: "file",
		HOST_TEST_B: "file",
		HOST_TEST_C: "file",
	};
	restore = applySettings(folderWith({ IsEncrypted: false, Values }), {
		HOST_TEST_C: "given",
	});

	const { HOST_TEST_A, HOST_TEST_B, HOST_TEST_C } = process.env;
	expect([HOST_TEST_A, HOST_TEST_B, HOST_TEST_C]).toEqual([
		"file",
		"environment",
		"given",
	]);

	restore();
	expect([process.env.HOST_TEST_A, process.env.HOST_TEST_C]).toEqual([
		undefined,
		"environment",
	]);
});

it("need no file, and refuse an encrypted one", () => {
	restore = applySettings(mkdtempSync(join(tmpdir(), "settings-")));
	expect(() =>
		applySettings(folderWith({ IsEncrypted: true, Values: {} })),
	).toThrow("is encrypted");
});

it("name the file that is not JSON", () => {
	const folder = mkdtempSync(join(tmpdir(), "settings-"));
	const path = join(folder, "local.settings.json");
	writeFileSync(path, '{ "Values": { "A": "b", } ');
	expect(() => applySettings(folder)).toThrow(`${path} is not valid JSON: `);
});

it("keep calls to this machine away from a proxy", () => {
	const none = mkdtempSync(join(tmpdir(), "settings-"));
	restore = applySettings(none, {
		http_proxy: "http://proxy.example:8080",
		no_proxy: "intranet.example",
	});
	expect(process.env.no_proxy).toBe("intranet.example,127.0.0.1,localhost");
});

it("fill in %NAMES%, or name what is missing", () => {
	restore = applySettings(mkdtempSync(join(tmpdir(), "settings-")), {
		HOST_TEST_HUB: "hub",
	});
	expect(resolveSettings("a-%HOST_TEST_HUB%", "host.json")).toBe("a-hub");
	expect(() => resolveSettings("%HOST_TEST_NONE%", "host.json")).toThrow(
		"host.json needs the setting HOST_TEST_NONE, which is not set.",
	);
});
