import type { Setting } from "../../shared/settings/setting.ts";
import { settingGroups } from "../../shared/settings/table.ts";

const made =
	"<!-- npm run docs makes this table of shared/settings. Change it there. -->";

/** The README with the table of settings as the program has it. */
export function withSettingsTable(readme: string): string {
	const start = readme.indexOf(made);
	const end = readme.indexOf("\n\n", start + made.length + 2);
	if (start < 0 || end < 0)
		throw new Error(`README.md has no line ${made} with a table below it.`);
	return `${readme.slice(0, start)}${made}\n\n${settingsTable()}${readme.slice(end)}`;
}

/** local.settings.sample.json: every setting with its default, and storage on this machine. */
export function sampleSettings(): string {
	const rows = settingGroups.flatMap(({ rows }) => entriesOf(rows));
	const values = rows.map(([name, row]) => [name, row.sample ?? row.default]);
	const Values = {
		FUNCTIONS_WORKER_RUNTIME: "node",
		...Object.fromEntries(values),
	};
	return `${JSON.stringify({ IsEncrypted: false, Values }, null, "\t")}\n`;
}

function settingsTable(): string {
	const rows = settingGroups.flatMap(({ rows, ifWrong }) =>
		entriesOf(rows).map(([name, setting]) => [
			`\`${name}\``,
			setting.meaning,
			accepted(setting),
			defaultOf(setting),
			ifWrong,
		]),
	);
	return [
		["setting", "meaning", "accepted", "default", "if wrong"],
		["---", "---", "---", "---", "---"],
		...rows,
	]
		.map((cells) => `| ${cells.join(" | ")} |`)
		.join("\n");
}

function entriesOf(
	rows: (typeof settingGroups)[number]["rows"],
): [string, Setting<unknown>][] {
	return Object.entries(rows);
}

function accepted({ kind }: Setting<unknown>): string {
	return kind.accepted.replaceAll(/https:\/\/[\w.]+/g, "`$&`");
}

function defaultOf(setting: Setting<unknown>): string {
	const { default: value, defaultText } = setting;
	return defaultText ?? (value === "" ? "none" : `\`${value}\``);
}
