import type {
	HttpHandler,
	HttpRequest,
	HttpResponseInit,
	InvocationContext,
} from "@azure/functions";
import { keyHolder, signedIn } from "../http/callers.ts";
import { Problem } from "../http/problem.ts";
import { tablesSetting } from "../settings/audit.ts";
import { SettingsError } from "../settings/environment.ts";
import { storageSettingName } from "../settings/storage.ts";
import { forgetLostTables, openTables } from "./openTables.ts";
import { isStorageAway, refusalOf, type Tables } from "./tables.ts";

/** Answers a call with the tables. `caller`: who calls, in the words that an acceptance keeps. */
export type Handler = (
	request: HttpRequest,
	tables: Tables,
	context: InvocationContext,
	caller: string,
) => Promise<HttpAnswer>;

export interface HttpAnswer extends HttpResponseInit {
	readonly headers?: Readonly<Record<string, string>>;
}

/** For routes whose key the host has checked. Errors are problem+json. */
export function forKeys(handler: Handler): HttpHandler {
	return guarded(async (request, context) =>
		handler(request, await tablesNow(), context, keyHolder()),
	);
}

/** For who is signed in, whom the host does not check. Errors are problem+json. */
export function forSignedIn(handler: Handler): HttpHandler {
	return unshared(async (request, context) => {
		const caller = signedIn(request, process.env, (message) =>
			context.error(message),
		);
		return handler(request, await tablesNow(), context, caller);
	});
}

/** As `guarded`, with answers that nobody may keep: a cache on the way does not tell one cookie from another. */
export function unshared(
	handler: Parameters<typeof guarded>[0],
): ReturnType<typeof guarded> {
	const safe = guarded(handler);
	return async (request, context) => {
		const answer = await safe(request, context);
		const headers = {
			...answer.headers,
			"cache-control": "private, no-store",
			"x-content-type-options": "nosniff",
		};
		return { ...answer, headers };
	};
}

function tablesNow(): Promise<Tables> {
	return openTables(tablesSetting(process.env));
}

/** A handler whose errors are problem+json. What was not foreseen is logged whole and told without detail. */
export function guarded(
	handler: (
		request: HttpRequest,
		context: InvocationContext,
	) => Promise<HttpAnswer>,
): (request: HttpRequest, context: InvocationContext) => Promise<HttpAnswer> {
	return async (request, context) => {
		try {
			return await handler(request, context);
		} catch (error) {
			return problemResponse(error, context);
		}
	};
}

function problemResponse(
	error: unknown,
	context: InvocationContext,
): HttpAnswer {
	if (error instanceof Problem) return problemAnswer(error);
	context.error(error);
	forgetLostTables(error);
	if (error instanceof SettingsError)
		return problemAnswer(new Problem(500, "Wrong settings", error.message));
	const setting = storageSettingName(process.env);
	const refusal = refusalOf(error);
	if (refusal !== null)
		return problemAnswer(
			new Problem(
				500,
				"Wrong settings",
				`${setting} is refused by the storage (${refusal}). The app needs to create tables, and to read and write their rows.`,
				setting,
			),
		);
	if (isStorageAway(error))
		return problemAnswer(
			new Problem(
				503,
				"Storage does not answer",
				`The storage of ${setting} does not answer. Check the setting, and that the app can reach the storage.`,
				setting,
			),
		);
	return problemAnswer(
		new Problem(
			500,
			"Internal error",
			"The call failed. The log of the function app has the cause.",
			null,
		),
	);
}

/** `more`: fields beside those of every problem. */
export function problemAnswer(
	{ status, title, message, field, errors, retryAfterSeconds }: Problem,
	more: object = {},
): HttpAnswer {
	return {
		status,
		headers: {
			"content-type": "application/problem+json",
			...(retryAfterSeconds !== null && {
				"retry-after": String(retryAfterSeconds),
			}),
		},
		body: JSON.stringify({
			type: "about:blank",
			title,
			status,
			detail: message,
			...(field === null ? {} : { field }),
			...(errors === null ? {} : { errors }),
			...more,
		}),
	};
}
