import type {
	HttpHandler,
	HttpRequest,
	HttpResponseInit,
	InvocationContext,
} from "@azure/functions";
import { wrongContinuation } from "../http/continuation.ts";
import { badRequest, Problem } from "../http/problem.ts";
import { tablesSetting } from "../settings/audit.ts";
import { SettingsError } from "../settings/environment.ts";
import { storageSettingName } from "../settings/storage.ts";
import { forgetLostTables, openTables } from "./openTables.ts";
import { isStatus, isStorageAway, refusalOf, type Tables } from "./tables.ts";

/** A handler with the tables, whose errors are problem+json. */
export function answer(
	handler: (
		request: HttpRequest,
		tables: Tables,
		context: InvocationContext,
	) => Promise<HttpResponseInit>,
): HttpHandler {
	return guarded(async (request, context) =>
		handler(request, await openTables(tablesSetting(process.env)), context),
	);
}

/** A handler whose errors are problem+json. What was not foreseen is logged whole and told without detail. */
export function guarded(
	handler: (
		request: HttpRequest,
		context: InvocationContext,
	) => Promise<HttpResponseInit>,
): HttpHandler {
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
): HttpResponseInit {
	if (error instanceof Problem)
		return problem(
			error.status,
			error.title,
			error.message,
			error.field,
			error.errors,
		);
	context.error(error);
	forgetLostTables(error);
	if (error instanceof SettingsError)
		return problem(500, "Wrong settings", error.message, null);
	const setting = storageSettingName(process.env);
	const refusal = refusalOf(error);
	if (refusal !== null)
		return problem(
			500,
			"Wrong settings",
			`${setting} is refused by the storage (${refusal}). The app needs to create tables, and to read and write their rows.`,
			setting,
		);
	if (isStorageAway(error))
		return problem(
			503,
			"Storage does not answer",
			`The storage of ${setting} does not answer. Check the setting, and that the app can reach the storage.`,
			setting,
		);
	return problem(
		500,
		"Internal error",
		"The call failed. The log of the function app has the cause.",
		null,
	);
}

function problem(
	status: number,
	title: string,
	detail: string,
	field: string | null,
	errors: Problem["errors"] = null,
): HttpResponseInit {
	return {
		status,
		headers: { "content-type": "application/problem+json" },
		body: JSON.stringify({
			type: "about:blank",
			title,
			status,
			detail,
			...(field === null ? {} : { field }),
			...(errors === null ? {} : { errors }),
		}),
	};
}

/** Storage refuses a continuation that is not its own. */
export async function continued<T>(list: () => Promise<T>): Promise<T> {
	try {
		return await list();
	} catch (error) {
		if (!isStatus(error, 400)) throw error;
		throw badRequest("continuation", wrongContinuation);
	}
}
