import * as v from "valibot";
import {
	type Environment,
	isUnresolved,
	keyVaultProblem,
} from "./environment.ts";
import type { Kind } from "./kinds.ts";

/** One row of the table of settings. The README and local.settings.sample.json are made of the rows. */
export interface Setting<T> {
	readonly kind: Kind<T>;
	/** The default. An empty value means the same. */
	readonly default: string;
	/** The default in the README, where the value alone tells little. */
	readonly defaultText?: string;
	/** In local.settings.sample.json, where that is not the default. */
	readonly sample?: string;
	/** The empty value is one of its own, not the default. */
	readonly canBeEmpty?: true;
	/** For the README: sentences, the last one without a full stop. */
	readonly meaning: string;
}

export type SettingRows = Readonly<Record<string, Setting<unknown>>>;

type Values<R extends SettingRows> = {
	readonly [N in keyof R]: R[N] extends Setting<infer T> ? T : never;
};

/** The values of these settings. Null where one is wrong. What is wrong is added to `problems`. */
export function readSettings<R extends SettingRows>(
	rows: R,
	env: Environment,
	problems: string[],
): Values<R> | null {
	const entries = Object.entries(rows).map(
		([name, row]) => [name, schemaOf(row)] as const,
	);
	const parsed = v.safeParse(v.object(Object.fromEntries(entries)), env);
	if (parsed.success) return parsed.output as Values<R>;
	for (const { path, message } of parsed.issues)
		problems.push(`${String(path?.[0].key)} ${message}`);
	return null;
}

function schemaOf<T>({ default: initial, canBeEmpty, kind }: Setting<T>) {
	return v.pipe(
		v.optional(v.string(), initial),
		v.trim(),
		v.transform((given) => (given === "" && !canBeEmpty ? initial : given)),
		v.check((given) => !isUnresolved(given), keyVaultProblem),
		kind.schema,
	);
}
