import { randomUUID } from "node:crypto";
import type { InvalidQuery } from "./invalidQuery.ts";

/** What goes out over HTTP. */
export interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: string;
}

interface ErrorDetail {
	readonly code: string;
	readonly message: string;
}

/** Resource Graph's error envelope: its message says nothing, the reason is in the details. */
function errorAnswer(
	status: number,
	code: string,
	details: readonly ErrorDetail[],
): Answer {
	const message =
		`Please provide below info when asking for support: ` +
		`timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`;

	return {
		status,
		body: JSON.stringify({ error: { code, message, details } }),
	};
}

export function badRequest(message: string, code = "BadRequest"): Answer {
	return errorAnswer(400, "BadRequest", [{ code, message }]);
}

export function invalidQuery(error: InvalidQuery): Answer {
	return errorAnswer(400, "BadRequest", [
		{
			code: "InvalidQuery",
			message:
				"Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.",
		},
		...error.details,
	]);
}

export function accessDenied(): Answer {
	return errorAnswer(403, "AccessDenied", [
		{
			code: "AccessDenied",
			message:
				"Access is denied to the requested resource. The user might not have enough permission.",
		},
	]);
}

/** `twoByteBody`: the body that was once seen instead, an empty JSON string (Azure/azure-sdk-for-python#5412). */
export function throttled(
	options: { retryAfterSeconds?: number; twoByteBody?: boolean } = {},
): Answer {
	const { retryAfterSeconds, twoByteBody = false } = options;
	const answer = errorAnswer(429, "RateLimiting", [
		{
			code: "RateLimiting",
			message:
				"Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.",
		},
	]);

	return {
		...answer,
		...(retryAfterSeconds !== undefined && {
			headers: { "retry-after": String(retryAfterSeconds) },
		}),
		...(twoByteBody && { body: '""' }),
	};
}

export function payloadTooLarge(bytes: number, limit: number): Answer {
	return badRequest(
		`Response payload size is ${bytes}, and has exceeded the limit of ${limit}. Please consider querying less data at a time and make paginated call if needed.`,
		"ResponsePayloadTooLarge",
	);
}

export function unavailable(): Answer {
	return errorAnswer(503, "ServiceUnavailable", [
		{
			code: "ServiceUnavailable",
			message: "The service is temporarily unavailable.",
		},
	]);
}

/** An error of the front door rather than of Resource Graph: no details. */
export function frontDoorError(
	status: number,
	code: string,
	message: string,
): Answer {
	return { status, body: JSON.stringify({ error: { code, message } }) };
}
