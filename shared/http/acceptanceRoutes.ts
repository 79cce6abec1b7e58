import * as v from "valibot";
import { acceptance, acceptanceBody } from "./answers/acceptances.ts";
import * as examples from "./examples.ts";
import type { Parameter, Route } from "./route.ts";
import { alwaysRefused, json, ownRequest, refusals } from "./routeParts.ts";

/** The two routes that accept something, and withdraw it. */
export function acceptanceRoutes({
	names: [put, withdraw],
	path,
	what,
	parameter,
	example,
}: {
	readonly names: readonly [string, string];
	readonly path: string;
	readonly what: string;
	readonly parameter: Parameter;
	readonly example: unknown;
}): Route[] {
	const ifMatch: Parameter = {
		in: "header",
		name: "if-match",
		description: "The `ETag` that you read. 412 if it has changed since.",
		schema: v.string(),
	};
	const ifNoneMatch: Parameter = {
		in: "header",
		name: "if-none-match",
		description: "`*`: only if there is no acceptance yet.",
		schema: v.string(),
	};
	const parameters = [parameter, ifMatch, ifNoneMatch, ownRequest];
	return [
		{
			name: put,
			method: "put",
			path,
			access: "both",
			tag: "Acceptances",
			summary: `Accept ${what}`,
			description:
				"It is still judged and shown. It alerts only when it worsens or the acceptance expires.",
			parameters,
			body: {
				required: true,
				schema: acceptanceBody,
				example: examples.acceptanceBody,
			},
			answers: {
				200: {
					description: "The acceptance.",
					headers: { etag: "What `If-Match` takes." },
					content: json(acceptance, example),
				},
				...alwaysRefused,
				403: refusals.OtherSite,
				404: refusals.NotFound,
				412: refusals.PreconditionFailed,
				415: refusals.UnsupportedMediaType,
			},
		},
		{
			name: withdraw,
			method: "delete",
			path,
			access: "both",
			tag: "Acceptances",
			summary: `Withdraw the acceptance of ${what}`,
			parameters,
			answers: {
				204: { description: "It is withdrawn." },
				...alwaysRefused,
				403: refusals.OtherSite,
				404: refusals.NotFound,
				412: refusals.PreconditionFailed,
			},
		},
	];
}
