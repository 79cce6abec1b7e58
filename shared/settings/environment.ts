export type Environment = Readonly<Record<string, string | undefined>>;

/** One error that names every wrong setting. Each problem begins with the setting's name and is whole sentences. */
export class SettingsError extends Error {
	readonly problems: readonly string[];
	constructor(problems: readonly string[]) {
		super(`wrong settings: ${problems.join(" ")}`);
		this.problems = problems;
	}
}

/** The names of the settings that are wrong, without their values. */
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

/** The value of a setting in an error, so that a typo shows. A long one is cut. Never for a secret. */
export function quoted(value: string): string {
	return value.length > longestQuote
		? `${JSON.stringify(value.slice(0, longestQuote))}…`
		: JSON.stringify(value);
}

/** Logs and errors would show the password. */
export const credentialsProblem =
	"has a user name or password in it; use the address alone.";

/** App Service passes the reference itself if it could not read the secret. */
export const keyVaultProblem =
	"is a Key Vault reference that was not resolved. Check the secret's name and that the app's identity can read it.";

/** Whether App Service passed a Key Vault reference as it is. */
export function isUnresolved(value: string): boolean {
	return value.trim().toLowerCase().startsWith("@microsoft.keyvault(");
}

export function hasCredentials({ username, password }: URL): boolean {
	return username !== "" || password !== "";
}

/** What `read` returns. Null where it throws `SettingsError`, whose problems are added to `problems`. */
export function collect<T>(problems: string[], read: () => T): T | null {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		problems.push(...error.problems);
		return null;
	}
}
