import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Import {
	readonly file: string;
	readonly from: string;
	readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
	return readdirSync(path.join(root, folder), { recursive: true })
		.map((name) =>
			path.posix.join(folder, String(name).split(path.sep).join("/")),
		)
		.filter((name) => name.endsWith(".ts"));
}

function importsOf(file: string): Import[] {
	const text = readFileSync(path.join(root, file), "utf8");
	const statements = text.matchAll(
		/^(?:import|export)(?<type>\s+type)?\s+(?:(?:\w+\s*,\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)|\w+)\s+from\s+"(?<from>[^"]+)"/gm,
	);
	const bare = text.matchAll(/^import\s+"(?<from>[^"]+)"/gm);
	const dynamic = text.matchAll(/\bimport\(\s*["'](?<from>[^"']+)["']/g);
	return [
		...[...statements].map(({ groups }) => ({
			file,
			from: groups?.from ?? "",
			typeOnly: groups?.type !== undefined,
		})),
		...[...bare, ...dynamic].map(({ groups }) => ({
			file,
			from: groups?.from ?? "",
			typeOnly: false,
		})),
	];
}

const isPackage = ({ from }: Import) =>
	!from.startsWith(".") && !from.startsWith("node:");
const all = ["functions", "shared", "local", "bench"]
	.flatMap(sources)
	.flatMap(importsOf);
const within = (folder: string) => (one: Import) =>
	one.file.startsWith(`${folder}/`);

/** A folder of shared/, or a file beside the folders. */
function roomOf(file: string): string {
	return file.split("/")[1] ?? "";
}

describe("imports", () => {
	it("are found", () => {
		expect(all).toContainEqual({
			file: "shared/inventory/rows.ts",
			from: "valibot",
			typeOnly: false,
		});
		expect(all).toContainEqual({
			file: "shared/audit/instances.ts",
			from: "durable-functions",
			typeOnly: true,
		});
		expect(
			all
				.filter(within("functions"))
				.some(({ from }) => from === "@azure/functions"),
		).toBe(true);
	});

	it("of the domain are valibot, one library each for ranges, for statistics, for CSV, for metrics and for the OpenAPI document, types of durable-functions and SARIF, and nothing else", () => {
		const foreign = all
			.filter(within("shared"))
			.filter((one) => !within("shared/azure")(one))
			.filter(isPackage)
			.filter(
				({ file, from, typeOnly }) =>
					from !== "valibot" &&
					!(from === "cidr-tools" && file === "shared/cidr.ts") &&
					!(
						from === "simple-statistics" && file.startsWith("shared/history/")
					) &&
					!(from === "csv-stringify/sync" && file === "shared/http/csv.ts") &&
					!(
						from === "@valibot/to-json-schema" &&
						file === "shared/http/openapi.ts"
					) &&
					!(from === "prom-client" && file === "shared/exports/metrics.ts") &&
					!(["durable-functions", "sarif"].includes(from) && typeOnly),
			);
		expect(foreign).toEqual([]);
	});

	it("of @azure/functions are in functions/ alone", () => {
		const elsewhere = all
			.filter(({ from }) => from === "@azure/functions")
			.filter((one) => !within("functions")(one))
			// Types register nothing: shared/azure/answer.ts names the shape of a handler.
			.filter(({ typeOnly }) => !typeOnly);
		expect(elsewhere).toEqual([]);
	});

	it("of the rooms of the domain run one way", () => {
		const arrows = all
			.filter(within("shared"))
			.filter((one) => !isPackage(one));
		const below = new Map<string, Set<string>>();
		for (const { file, from } of arrows) {
			const [room, other] = [
				roomOf(file),
				roomOf(path.posix.join(path.posix.dirname(file), from)),
			];
			if (room !== other)
				below.set(room, (below.get(room) ?? new Set()).add(other));
		}
		expect([...(below.get("rules") ?? [])]).toContain("model");
		let left = -1;
		while (left !== below.size) {
			left = below.size;
			for (const [room, others] of below)
				if ([...others].every((other) => !below.has(other))) below.delete(room);
		}
		expect([...below.keys()]).toEqual([]);
	});

	it("of the judging folders reach neither clients nor the environment", () => {
		const pure = [
			"model",
			"history",
			"rules",
			"judge",
			"findings",
			"propose",
			"remedies",
		].map((name) => `shared/${name}`);
		const reaching = all.filter(
			(one) =>
				pure.some((folder) => within(folder)(one)) &&
				/\/(azure|audit|http|alert|settings)\b/.test(one.from),
		);
		expect(reaching).toEqual([]);
		for (const file of pure.flatMap(sources))
			expect(readFileSync(path.join(root, file), "utf8"), file).not.toMatch(
				/process\.env|Date\.now|new Date\(\)|Math\.random/,
			);
	});

	it("of the program reach into neither the local default nor the tests", () => {
		const reaching = all
			.filter((one) => within("functions")(one) || within("shared")(one))
			.filter(({ from }) => /\/(local|test|bench)\//.test(from));
		expect(reaching).toEqual([]);
	});
});
