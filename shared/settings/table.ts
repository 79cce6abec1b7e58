import { cardRows, channelRows } from "./alert.ts";
import { auditRows, scheduleRows } from "./audit.ts";
import { changeRows } from "./changes.ts";
import type { SettingRows } from "./setting.ts";
import { storageRows } from "./storage.ts";

/** Every setting, in the order of the README, by what a wrong one costs. */
export const settingGroups = [
	{ rows: storageRows, ifWrong: "no audit, no API" },
	{ rows: scheduleRows, ifWrong: "no nightly audit" },
	{ rows: auditRows, ifWrong: "audits fail" },
	{ rows: changeRows, ifWrong: "no audit after a change" },
	{ rows: channelRows, ifWrong: "no card in that channel" },
	{ rows: cardRows, ifWrong: "no cards" },
] as const satisfies readonly {
	readonly rows: SettingRows;
	readonly ifWrong: string;
}[];

const rows = {
	...storageRows,
	...scheduleRows,
	...auditRows,
	...changeRows,
	...channelRows,
	...cardRows,
};

/** Every setting with its default. */
export const settingDefaults = Object.fromEntries(
	Object.entries(rows).map(([name, row]) => [name, row.default]),
) as Readonly<Record<keyof typeof rows, string>>;
