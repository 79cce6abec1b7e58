import { join } from "node:path";
import { expect, it } from "vitest";
import { build } from "../../../local/infra/bicep.ts";
import { bicepCli } from "../../../local/infra/bicepCli.ts";
import { cases } from "../../../local/infra/sources.ts";
import { textOf } from "../../infra/snapshot.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const cli = bicepCli(root);
const why = "missing" in cli ? ` (skipped: ${cli.missing})` : "";

it.skipIf("missing" in cli)(
	`Bicep has no error and no warning, and predicts the committed snapshots${why}`,
	{ timeout: 120_000 },
	async () => {
		if ("missing" in cli) return;
		const { problems, snapshots } = await build(cli.path, root);
		expect(problems).toEqual([]);
		for (const name of cases) expect(snapshots[name]).toBe(textOf(name));
	},
);
