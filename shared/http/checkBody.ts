import * as v from "valibot";
import { checkBody } from "./answers/checks.ts";
import { badBody, badRequest, type Fault, Problem } from "./problem.ts";

/** A plan of a whole platform is some 100 KB. */
const mostBytes = 1024 * 1024;

interface Call {
	readonly headers: { get(name: string): string | null };
	text(): Promise<string>;
}

/** The request in the body of a call. Throws `Problem`, with the place in the body. */
export async function checkRequestOf(call: Call) {
	const { headers } = call;
	const contentType = headers.get("content-type");
	if (contentType !== null && !/^application\/json\s*(;|$)/i.test(contentType))
		throw new Problem(
			415,
			"Unsupported media type",
			`Content-Type is ${JSON.stringify(contentType)}; use application/json.`,
			"content-type",
		);
	refuseLarge(Number(headers.get("content-length") ?? 0));
	const text = await call.text();
	refuseLarge(Buffer.byteLength(text));
	const parsed = v.safeParse(checkBody, json(text));
	if (!parsed.success) throw badBody(parsed.issues.map(faultOf));
	const { resources, removed, clusters } = parsed.output;
	if (resources.length + removed.length + clusters.length === 0)
		throw badRequest(
			"body",
			"The body names nothing to check; use resources, removed or clusters.",
		);
	return {
		...parsed.output,
		resources: resources.map(({ id, sku, properties }) => ({
			id,
			...(sku && { sku }),
			properties,
		})),
	};
}

function refuseLarge(bytes: number): void {
	if (bytes > mostBytes)
		throw new Problem(
			413,
			"Body too large",
			`The body has ${bytes} bytes; the limit is ${mostBytes} (1 MiB).`,
			"body",
		);
}

function json(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// The parser's own message quotes the text around the error.
		throw badRequest("body", "The body is not JSON; use a JSON object.");
	}
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
	const field = pathOf(issue);
	return { field, detail: `${field}: ${issue.message}.` };
}

/** `resources[0].id`. */
function pathOf({ path }: v.BaseIssue<unknown>): string {
	const text = (path ?? [])
		.map(({ key }) =>
			typeof key === "number" ? `[${key}]` : `.${String(key)}`,
		)
		.join("");
	return text.replace(/^\./, "") || "body";
}
