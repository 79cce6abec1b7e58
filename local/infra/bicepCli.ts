import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The Bicep CLI on this machine, or why there is none. */
export type BicepCli = { readonly path: string } | { readonly missing: string };

const platforms: Readonly<Record<string, string>> = {
	"linux-x64": "linux-x64",
	"linux-arm64": "linux-arm64",
	"darwin-x64": "osx-x64",
	"darwin-arm64": "osx-arm64",
	"win32-x64": "win-x64",
	"win32-arm64": "win-arm64",
};

/** The version that made the snapshots: another one can predict other resources. */
export function bicepVersion(root: string): string {
	const project = readFileSync(join(root, projectFile), "utf8");
	const [, version] = /<BicepVersion>(.+)<\/BicepVersion>/.exec(project) ?? [];
	if (version === undefined)
		throw new Error(`${projectFile} has no BicepVersion.`);
	return version;
}

const projectFile = "local/infra/bicep.csproj";

/** Fetches the Bicep CLI from NuGet, once a machine and version: NuGet's own folder of packages keeps it. */
export function bicepCli(root: string): BicepCli {
	const host = `${process.platform}-${process.arch}`;
	const platform = platforms[host];
	if (platform === undefined)
		return { missing: `NuGet has no Bicep CLI for ${host}` };
	const path = join(
		process.env.NUGET_PACKAGES ?? join(homedir(), ".nuget", "packages"),
		`azure.bicep.commandline.${platform}`,
		bicepVersion(root),
		"tools",
		process.platform === "win32" ? "bicep.exe" : "bicep",
	);
	if (existsSync(path)) return { path };

	const { error, status, stdout } = spawnSync(
		"dotnet",
		[
			"restore",
			join(root, projectFile),
			"--disable-parallel",
			"--nologo",
			`-p:BicepPlatform=${platform}`,
			// Beside the project it would leave files that are not ours.
			`-p:MSBuildProjectExtensionsPath=${join(root, "artifacts", "bicep")}/`,
		],
		{ encoding: "utf8", timeout: 120_000 },
	);
	if (error && "code" in error && error.code === "ENOENT")
		return { missing: "the .NET SDK is not installed" };
	if (status === 0 && existsSync(path)) return { path };
	const reason =
		/error NU\d+: .*/.exec(stdout)?.[0] ?? error?.message ?? stdout;
	return { missing: `NuGet did not answer with it: ${reason.trim()}` };
}
