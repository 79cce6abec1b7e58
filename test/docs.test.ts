import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRoleJson, withReadActions } from "../local/docs/readRole.ts";
import { withSettingsTable } from "../local/docs/settings.ts";
import { rules } from "../shared/rules/registry.ts";
import { parseRoutes } from "../shared/settings/routes.ts";
import { settingDefaults } from "../shared/settings/table.ts";
import { workflowHosts } from "../shared/settings/webhookUrl.ts";
import { tableUnder } from "./markdown.ts";

const root = dirname(import.meta.dirname);
const readme = read("README.md");
const pages = readdirSync(join(root, "docs", "rules")).sort();

describe("the README", () => {
	it("lists the rules in the order of the registry, each with its page", () => {
		expect(
			tableUnder(readme, "What it finds").map(([rule, title]) => [rule, title]),
		).toEqual(
			rules.map(({ id, title }) => [`[\`${id}\`](docs/rules/${id}.md)`, title]),
		);
	});

	it("has the table of settings that the program makes of its own", () => {
		expect(readme).toBe(withSettingsTable(readme));
		const listed = tableUnder(readme, "Settings");
		expect(listed.map(([name]) => name?.replaceAll("`", ""))).toEqual(
			Object.keys(settingDefaults),
		);
		expect(listed).toContainEqual([
			"`AUDIT_RETENTION_DAYS`",
			"How long audits, their changes, alerts and durable instances are kept, in days",
			"a whole number from 1 to 3650",
			"`90`",
			"audits fail",
		]);
		expect(listed.map(([, , , initial]) => initial)).not.toContain("``");
	});

	it("shows routes that are accepted as they are", () => {
		const [, section = ""] = readme.split("### More than one channel");
		const [, example = ""] = /```json\n(.*?)```/s.exec(section) ?? [];
		const { routes, problems } = parseRoutes(example);
		expect(problems).toEqual([]);
		expect(routes.map(({ name }) => name)).toEqual([
			"payments",
			"shops",
			"network",
		]);
	});

	it("lists the hosts that a webhook may have by default", () => {
		const [, listed = ""] =
			/The default of `TEAMS_WEBHOOK_HOSTS` is [^:]*: (.*?)\. A leading dot/.exec(
				readme,
			) ?? [];
		expect(listed.replaceAll("`", "").split(", ")).toEqual(workflowHosts);
	});

	it("lists every script that people run", () => {
		const { scripts } = manifest();
		const hooks = ["pretest", "prestart"];
		expect(
			[...readme.matchAll(/^\| `npm (?:run )?([a-z]+)` \|/gm)]
				.map(([, name]) => name)
				.sort(),
		).toEqual(
			Object.keys(scripts)
				.filter((name) => !hooks.includes(name))
				.sort(),
		);
	});
});

it("the role and its list have the actions of the queries: if not, run npm run docs", () => {
	const page = read("docs/deploy.md");
	expect(page).toBe(withReadActions(page));
	expect(page).toContain("\nMicrosoft.Network/routeTables/read\n");
	expect(read("infra/readRole.json")).toBe(readRoleJson());
});

it("the page of the deployment has every option of the parameter file, and no other", () => {
	const names = (text: string) =>
		[...new Set(text.match(/AUDITOR_[A-Z_]+/g))].sort();
	const options = tableUnder(read("docs/deploy.md"), "Options");
	expect(names(options.map(([variable]) => variable).join())).toEqual(
		names(read("infra/main.bicepparam")),
	);
});

describe("the faults of the operations page", () => {
	it("are each seen by a test that there is", () => {
		const page = read("docs/operations.md");
		const [, section = ""] = page.split("\n## Faults\n");
		const seen = [...section.matchAll(/\| `(\w+\.test\.ts)`: `(.+)` \|$/gm)];
		expect(seen.length).toBeGreaterThan(20);
		for (const [, file = "", title = ""] of seen) {
			const folder = ["test/workflow", "test/functions"].find((one) =>
				existsSync(join(root, one, file)),
			);
			expect(read(`${folder}/${file}`)).toContain(title);
		}
	});
});

describe("the pages of the rules", () => {
	it("are one a rule, and no other", () => {
		expect(pages).toEqual(rules.map(({ id }) => `${id}.md`).sort());
	});

	it.each(rules)("$id: its title, its id, and every part", ({ id, title }) => {
		const page = read(`docs/rules/${id}.md`);
		expect(page.split("\n")[0]).toBe(`# ${title}`);
		expect(page).toContain(`Rule \`${id}\``);
		const parts = [...page.matchAll(/^## (.*)$/gm)].map(([, part]) =>
			part === "Examples" ? "Example" : part,
		);
		expect(parts).toEqual([
			"Synopsis",
			"Formula",
			"What will break",
			"Example",
			"Severity",
			"Remedy",
			"Configuration",
			"Links",
		]);
	});
});

it("the pages of the rules say the defaults that the settings have", () => {
	const defaults: Readonly<Record<string, string>> = settingDefaults;
	const said = pages.flatMap((page) => [
		...read(`docs/rules/${page}`).matchAll(/^\| `(\w+)` \| .* \| (\d+) \|$/gm),
	]);
	expect(said.length).toBeGreaterThanOrEqual(5);
	for (const [, name = "", value] of said)
		expect(value, name).toBe(defaults[name]);
});

it("the decisions say severity, threshold and reason of every rule, in the order of the registry", () => {
	const [, section = ""] = read("docs/decisions.md").split(
		"## Severities and thresholds",
	);
	const [table = ""] = section.split("\n## ");
	expect(
		[...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, rule]) => rule),
	).toEqual(rules.map(({ id }) => id));
});

it("the decisions name files of the arithmetic that exist, and every file of a network model", () => {
	const [, section = ""] = read("docs/decisions.md").split(
		"## Where each fact of the arithmetic lives",
	);
	const [table = ""] = section.split("\n## ");
	const named = [...table.matchAll(/`(shared\/[^`]*)`/g)].map(
		([, file = ""]) => file,
	);
	expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
	const models = readdirSync(join(root, "shared/model/networks"))
		.filter((file) => file !== "demand.ts")
		.map((file) => `shared/model/networks/${file}`);
	expect(named).toEqual(expect.arrayContaining(models));
});

it("the decisions have a reason for every dependency", () => {
	const { dependencies, devDependencies } = manifest();
	const named = [...dependencySection().matchAll(/^\| `([^`]+)` \|/gm)].map(
		([, name]) => name,
	);
	expect(named.sort()).toEqual(
		Object.keys({ ...dependencies, ...devDependencies }).sort(),
	);
});

it.each([
	"README.md",
	"CONTRIBUTING.md",
	"SECURITY.md",
	"docs/operations.md",
	"docs/decisions.md",
	"docs/deploy.md",
	"docs/glossary.md",
	"docs/lifecycle.md",
	...pages.map((page) => `docs/rules/${page}`),
])("%s links to files and headings that exist", (file) => {
	const links = [...read(file).matchAll(/\]\(([^)]+)\)/g)]
		.map(([, link = ""]) => link)
		.filter((link) => !link.startsWith("https://"));
	const broken = links.filter((link) => {
		const [path = "", anchor] = link.split("#");
		const target = path === "" ? file : join(dirname(file), path);
		if (!existsSync(join(root, target))) return true;
		return anchor !== undefined && !anchors(read(target)).includes(anchor);
	});
	expect(broken).toEqual([]);
});

function dependencySection(): string {
	const parts = read("docs/decisions.md").split(/^## /m);
	return parts.find((part) => part.startsWith("Dependencies")) ?? "";
}

function read(path: string): string {
	return readFileSync(join(root, path), "utf8");
}

function manifest(): Record<
	"scripts" | "dependencies" | "devDependencies",
	Record<string, string>
> {
	return JSON.parse(read("package.json"));
}

/** As GitHub makes them of headings. */
function anchors(page: string): string[] {
	return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N} -]/gu, "")
			.replaceAll(" ", "-"),
	);
}
