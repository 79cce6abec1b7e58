export type Environment = Readonly<Record<string, string | undefined>>;

/** One error that names every wrong setting. */
export class SettingsError extends Error {
	readonly problems: readonly string[];
	constructor(problems: readonly string[]) {
		super(`wrong settings: ${problems.join("; ")}`);
		this.problems = problems;
	}
}

/** The names of the settings that are wrong, without their values: every problem begins with one. */
export function wrongNames(problems: readonly string[]): string[] {
	return [
		...new Set(
			problems.map((problem) => /^\w+/.exec(problem)?.[0] ?? "unknown"),
		),
	];
}

export function text(env: Environment, name: string): string {
	return (env[name] ?? "").trim();
}

const longestQuote = 60;

/** A value as it stands, so that a typo is seen; not at any length. */
export function quoted(value: string): string {
	return value.length > longestQuote
		? `${JSON.stringify(value.slice(0, longestQuote))}…`
		: JSON.stringify(value);
}

/** Whether an address has a user name or a password in it: it would end up in logs and errors. */
export function hasCredentials({ username, password }: URL): boolean {
	return username !== "" || password !== "";
}

/** Items between commas; commas alone are no list, and must not pass for "all". */
export function list(
	env: Environment,
	name: string,
	problems: string[],
): string[] {
	const given = text(env, name);
	const items = given
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
	if (given !== "" && items.length === 0)
		problems.push(`${name}: ${quoted(given)} names nothing`);
	return items;
}

export function collect<T>(problems: string[], read: () => T): T | null {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		problems.push(...error.problems);
		return null;
	}
}

export function isLoopback(hostname: string): boolean {
	return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
