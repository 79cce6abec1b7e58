import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type SharedStorage, startAccounts } from "./storage.ts";

declare module "vitest" {
	interface ProvidedContext {
		storage: SharedStorage;
	}
}

/** Azurite takes seconds to start: one serves all test files of a run, each with accounts of its own. */
export default async function shareStorage(
	project: TestProject,
): Promise<() => Promise<void>> {
	const azurite = await startAccounts();
	const claims = mkdtempSync(join(tmpdir(), "auditor-accounts-"));
	const { connectionString } = azurite;
	project.provide("storage", { connectionString, claims });
	return async () => {
		await azurite.close();
		rmSync(claims, { recursive: true });
	};
}
