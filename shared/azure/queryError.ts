import { isRestError } from "@azure/core-rest-pipeline";
import type { HeaderReader } from "./pacer.ts";

/** What an error of Resource Graph means for the next step. */
export type QueryFailure =
	| { readonly kind: "throttled"; readonly headers: HeaderReader }
	| {
			readonly kind: "passing";
			readonly headers: HeaderReader;
			readonly reason: string;
	  }
	| { readonly kind: "too-large" }
	| { readonly kind: "no-token" }
	| { readonly kind: "denied"; readonly reason: string }
	| { readonly kind: "final"; readonly reason: string };

const noHeaders: HeaderReader = { get: () => undefined };

/**
 * The outer message of Resource Graph is a request for a support ticket. What happened is in `details`. A 429 may have
 * no error object at all, so its status alone decides.
 */
export function queryFailure(error: unknown): QueryFailure {
	if (isTokenError(error)) return { kind: "no-token" };
	if (error instanceof Error && error.name === "AbortError")
		return { kind: "passing", headers: noHeaders, reason: "no answer in time" };
	if (!isRestError(error))
		return {
			kind: "final",
			reason: error instanceof Error ? error.message : String(error),
		};
	const headers = error.response?.headers ?? noHeaders;
	const status = error.statusCode;
	const codes = detailsOf(error.details);
	const reason = [error.code, ...codes].filter(Boolean).join("; ");
	if (status === 429) return { kind: "throttled", headers };
	// A body that is not JSON under a good status is an answer cut short.
	const cutShort = status !== undefined && status < 400;
	if (status === undefined || status === 408 || status >= 500 || cutShort)
		return {
			kind: "passing",
			headers,
			reason: `${status === undefined ? "no answer" : `status ${status}`}${reason === "" ? "" : ` (${reason})`}`,
		};
	if (codes.some((code) => code.startsWith("ResponsePayloadTooLarge")))
		return { kind: "too-large" };
	if (status === 401 || status === 403) return { kind: "denied", reason };
	return {
		kind: "final",
		reason: `status ${status}: ${reason || "no reason given"}`,
	};
}

/** `details` of the SDK's error is the parsed body: `{ error: { code, message, details: [{ code, message }] } }`. */
function detailsOf(body: unknown): string[] {
	const details = field(field(body, "error"), "details");
	if (!Array.isArray(details)) return [];
	return details.map((detail) => {
		const message = field(detail, "message");
		return `${String(field(detail, "code"))}${typeof message === "string" ? `: ${message}` : ""}`;
	});
}

function field(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null
		? (value as Record<string, unknown>)[name]
		: undefined;
}

/** Errors of `@azure/identity`, which names them so and exports no common check. */
function isTokenError(error: unknown): boolean {
	return (
		error instanceof Error &&
		[
			"CredentialUnavailableError",
			"AuthenticationError",
			"AggregateAuthenticationError",
			"AuthenticationRequiredError",
		].includes(error.name)
	);
}
