import type { Setting } from "../../shared/settings/setting.ts";
import { settingGroups } from "../../shared/settings/table.ts";
import { replacedBelow } from "./replacedBelow.ts";

const made =
	"<!-- npm run docs makes this table of shared/settings. Change it there. -->";

/** The README with the table of settings as the program has it. */
export function withSettingsTable(readme: string): string {
	return replacedBelow(readme, "README.md", made, settingsTable());
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
