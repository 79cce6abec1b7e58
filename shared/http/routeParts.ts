import * as v from "valibot";
import { problem } from "./answers/problem.ts";
import * as examples from "./examples.ts";
import type { Answer, Content, Parameter } from "./route.ts";

/* What several routes have. */

export function continuationParameter(): Parameter {
	return {
		in: "query",
		name: "continuation",
		description:
			"The `continuation` of the page before, with the same filters.",
		schema: v.string(),
	};
}

export function formatParameter(
	formats: readonly string[],
	description: string,
): Parameter {
	const schema = v.picklist(formats);
	return { in: "query", name: "format", description, schema };
}

export function csv(example: string) {
	return { "text/csv": { schema: v.string(), example } satisfies Content };
}

export function findingParameter(): Parameter {
	return {
		in: "path",
		name: "id",
		description: "The ID of a finding.",
		required: true,
		schema: v.string(),
		example: examples.finding.id,
	};
}

export function budgetParameter(): Parameter {
	return {
		in: "query",
		name: "budget",
		description: "The ID of a budget, in any case.",
		required: true,
		schema: v.string(),
		example: examples.finding.budget?.id,
	};
}

/** Of a route that is also below `/api/report/data` and is no GET. */
export const ownRequest: Parameter = {
	in: "header",
	name: "x-auditor-request",
	description:
		"`report`. Needed with sign-in, beside the `Origin` that a browser sends: another site cannot send it.",
	schema: v.literal("report"),
};

export function json(schema: v.GenericSchema, example: unknown) {
	return { "application/json": { schema, example } satisfies Content };
}

/** Answers with a name in the document. */
export const refusals = {
	BadRequest: refusal(
		"The call is wrong: `field` and `detail` say what.",
		examples.problems.badRequest,
	),
	// The Functions host refuses it before our code is asked.
	Unauthorized: { description: "The function key is missing or wrong." },
	NotSignedIn: refusal(
		"Nobody is signed in. Or the function key is missing or wrong: then there is no body.",
		examples.problems.signInNeeded,
	),
	OtherSite: refusal(
		"With sign-in: it cannot be told that the report itself calls.",
		examples.problems.otherSite,
	),
	NotFound: refusal(
		"What was asked for does not exist.",
		examples.problems.notFound,
	),
	Conflict: refusal(
		"No audit of the fleet has ended yet: start one first.",
		examples.problems.conflict,
	),
	PreconditionFailed: refusal(
		"Somebody changed it since you read it.",
		examples.problems.preconditionFailed,
	),
	BodyTooLarge: refusal(
		"The body is larger than 1 MiB.",
		examples.problems.bodyTooLarge,
	),
	UnsupportedMediaType: refusal(
		"The body is not JSON.",
		examples.problems.unsupportedMediaType,
	),
	Failed: refusal(
		"Settings are wrong, or something unforeseen. The log has the cause.",
		examples.problems.failed,
	),
	Busy: refusal(
		"The storage does not answer, or Azure throttles: then `Retry-After` says when to try again.",
		examples.problems.busy,
	),
	StorageAway: refusal(
		"The storage does not answer.",
		examples.problems.storageAway,
	),
} as const satisfies Readonly<Record<string, Answer>>;

/** What every route with a key and the storage behind it can answer. */
export const alwaysRefused = {
	400: refusals.BadRequest,
	401: refusals.Unauthorized,
	500: refusals.Failed,
	503: refusals.StorageAway,
} as const;

function refusal(description: string, example: unknown): Answer {
	return {
		description,
		content: { "application/problem+json": { schema: problem, example } },
	};
}
