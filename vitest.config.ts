import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		// Hosts put settings into process.env and functions register once a process: a process per file.
		pool: "forks",
		maxWorkers: 2,
		testTimeout: 30_000,
		hookTimeout: 30_000,
		globalSetup: "test/demo/freshBuild.ts",
	},
});
