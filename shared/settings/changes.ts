import { type Severity, severities } from "../contract.ts";
import { minuteMs } from "../time.ts";
import { type Environment, SettingsError } from "./environment.ts";
import { minutes, oneOf } from "./kinds.ts";
import { readSettings, type SettingRows } from "./setting.ts";

/** Settings of the change feed: what is audited between two nights, and what is told of it. */
export const changeRows = {
	CHANGE_FEED_MINUTES: {
		kind: minutes(0, 1440),
		default: "10",
		meaning:
			"How often Resource Graph is asked what has changed. Clusters that changed, and their neighbors, are audited again. 0: never",
	},
	CHANGE_QUIET_MINUTES: {
		kind: minutes(0.1, 240),
		default: "5",
		meaning:
			"A neighborhood is audited when it had no further change for this long",
	},
	CHANGE_LONGEST_MINUTES: {
		kind: minutes(0.1, 1440),
		default: "30",
		meaning:
			"A neighborhood that does not come to rest is audited after this time",
	},
	CHANGE_MIN_SEVERITY: {
		kind: oneOf(severities),
		default: "high",
		meaning:
			"After a change, a card tells what is new or worse from this severity up. The nightly audit tells the rest",
	},
	CHANGE_SHOW_NAMES: {
		kind: oneOf(["no", "yes"]),
		default: "no",
		meaning:
			"Whether that card names who made the change. If not, names are not even read",
	},
} satisfies SettingRows;

export interface ChangeSettings {
	/** Milliseconds from one look to the next. Null: the feed is off. */
	readonly every: number | null;
	/** Milliseconds. */
	readonly quiet: number;
	/** Milliseconds. */
	readonly longest: number;
	readonly names: boolean;
}

/** Throws `SettingsError`: changes are then heard by nobody until it is corrected, and nothing is lost. */
export function changeSettings(env: Environment): ChangeSettings {
	const problems: string[] = [];
	const values = readSettings(changeRows, env, problems);
	if (values === null) throw new SettingsError(problems);
	const every = values.CHANGE_FEED_MINUTES * minuteMs;
	return {
		every: every === 0 ? null : every,
		quiet: values.CHANGE_QUIET_MINUTES * minuteMs,
		longest: values.CHANGE_LONGEST_MINUTES * minuteMs,
		names: values.CHANGE_SHOW_NAMES === "yes",
	};
}

/** A wrong setting means the default here: an audit must end. */
export function changeMinSeverity(env: Environment): Severity {
	const { CHANGE_MIN_SEVERITY } = changeRows;
	const values = readSettings({ CHANGE_MIN_SEVERITY }, env, []);
	return values?.CHANGE_MIN_SEVERITY ?? "high";
}

/**
 * How often the function runs, as NCRONTAB: as often as the feed is asked, or a neighborhood can come to rest. Wrong
 * settings mean their defaults here: the function then says what is wrong.
 */
export function changeSchedule(env: Environment): string {
	const { CHANGE_FEED_MINUTES, CHANGE_QUIET_MINUTES } = changeRows;
	const values = readSettings(
		{ CHANGE_FEED_MINUTES, CHANGE_QUIET_MINUTES },
		env,
		[],
	);
	const quiet = values?.CHANGE_QUIET_MINUTES ?? 5;
	const seconds = Math.round(
		Math.min(quiet, values?.CHANGE_FEED_MINUTES || quiet) * 60,
	);
	if (seconds < 60) return `*/${Math.max(1, seconds)} * * * * *`;
	if (seconds < 3600) return `0 */${Math.floor(seconds / 60)} * * * *`;
	return "0 0 * * * *";
}
