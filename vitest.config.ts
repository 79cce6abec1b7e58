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

/** Over tables and servers alone, without a host. */
const storage = [
	"azure/**/*",
	"cases/**/*",
	"laws/**/*",
	"local/resourceGraph/**/*",
	"upgrade/**/*",
	"workflow/changeFeed",
].map((files) => `test/${files}.test.ts`);

/** Hosts over the bundled functions. A host of these ends when none of its functions runs any more. */
const hosts = [
	"functions/{acceptances,health,http,report}",
	"report/page",
	"workflow/!(brokenRule)",
].map((files) => `test/${files}.test.ts`);

const shared = {
	pool: "forks",
	testTimeout: 30_000,
	hookTimeout: 30_000,
} as const;

/** Node reads TypeScript itself: that halves the time of loading it. */
const native = { experimental: { viteModuleRunner: false } } as const;

/** The Azure SDK, the bundle and the parser of KQL take seconds to load: once for all files of a process. */
const together = { ...shared, ...native, isolate: false } as const;

const sharedStorage = "test/workflow/sharedStorage.ts";

export default defineConfig({
	test: {
		maxWorkers: 2,
		globalSetup: "test/demo/freshBuild.ts",
		projects: [
			{ test: { ...together, name: "pure", include: pure } },
			{
				test: {
					...together,
					name: "storage",
					globalSetup: sharedStorage,
					include: storage,
					exclude: pure,
				},
			},
			{
				test: {
					...together,
					name: "hosts",
					globalSetup: sharedStorage,
					include: hosts,
					exclude: [...pure, ...storage],
				},
			},
			{
				test: {
					...shared,
					...native,
					// Functions of their own, which register once a process, or settings in process.env: a process per file.
					name: "parts",
					globalSetup: sharedStorage,
					include: ["test/**/*.test.ts"],
					exclude: [...pure, ...storage, ...hosts],
				},
			},
		],
	},
});
