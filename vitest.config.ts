import { defineConfig } from "vitest/config";

/** Tests of pure functions: nothing in them is kept from one file to the next, so files share a process. */
const pureFolders = [
	"alert",
	"audit",
	"bench",
	"checks",
	"exports",
	"feed",
	"findings",
	"gate",
	"history",
	"http",
	"infra",
	"inventory",
	"local/fleet",
	"local/gate",
	"meta",
	"model",
	"oracle",
	"propose",
	"remedies",
	"rules",
	"settings",
].map((folder) => `test/${folder}/**/*.test.ts`);

/** The same in folders whose other tests are not pure. */
const pureFiles = [
	"azure/pacer",
	"cidr",
	"docs",
	"health",
	"local/movedDate",
	"local/package/sourceMap",
	"local/resourceGraph/evaluate",
	"local/resourceGraph/lint",
	"local/resourceGraph/rows",
	"local/summary",
	"report/addressRows",
	"report/edits",
	"report/fillOrder",
	"report/outcome",
	"report/wholeSubnet",
	"upgrade/olderFindings",
	"workflow/determinism",
].map((file) => `test/${file}.test.ts`);

const pure = [...pureFolders, ...pureFiles];

/**
 * Over tables and servers alone, without a host: the Azure SDK takes seconds to load, so files share a process. Where a host runs,
 * an activity that outlives its test would work in the settings of the next one.
 */
const storage = ["azure/**/*", "cases/**/*", "local/resourceGraph/**/*"].map(
	(files) => `test/${files}.test.ts`,
);

const shared = {
	pool: "forks",
	testTimeout: 30_000,
	hookTimeout: 30_000,
} as const;

/** Files share a process, and Node reads their TypeScript itself: that halves the time of loading them. */
const native = {
	isolate: false,
	experimental: { viteModuleRunner: false },
} as const;

export default defineConfig({
	test: {
		maxWorkers: 2,
		globalSetup: "test/demo/freshBuild.ts",
		projects: [
			{ test: { ...shared, ...native, name: "pure", include: pure } },
			{
				test: {
					...shared,
					...native,
					name: "storage",
					globalSetup: "test/workflow/sharedStorage.ts",
					include: storage,
					exclude: pure,
				},
			},
			{
				test: {
					...shared,
					// Hosts put settings into process.env and functions register once a process: a process per file.
					name: "parts",
					globalSetup: "test/workflow/sharedStorage.ts",
					include: ["test/**/*.test.ts"],
					exclude: [...pure, ...storage],
				},
			},
		],
	},
});
