import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { openApi } from "../../shared/http/openapi.ts";

/* Calls and answers held against the OpenAPI document. */

type Json = Readonly<Record<string, unknown>>;

interface Operation {
	readonly parameters?: readonly {
		readonly in: string;
		readonly name: string;
		readonly required?: true;
	}[];
	readonly requestBody?: unknown;
	readonly servers?: readonly { readonly url: string }[];
	readonly responses: Readonly<Record<string, Response | { $ref: string }>>;
}

interface Response {
	readonly content?: Readonly<Record<string, unknown>>;
}

const root = "document";
const document = closed(openApi()) as Json & {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const ajv = new Ajv2020({
	allErrors: true,
	// Each component is compiled once.
	inlineRefs: false,
	// The linter has checked the schemas themselves.
	validateSchema: false,
	formats: {
		"date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
	},
});
ajv.addVocabulary(Object.keys(document));
ajv.addSchema({ $id: root, ...document });

/** What is not in the document is a fault of the answer, although callers may meet it in a later version. */
function closed(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(closed);
	if (typeof value !== "object" || value === null) return value;
	const inner: Json = Object.fromEntries(
		Object.entries(value).map(([name, one]) => [
			name,
			name === "example" ? one : closed(one),
		]),
	);
	return inner.type === "object" && "properties" in inner
		? { additionalProperties: false, ...inner }
		: inner;
}

/** `fetch` for tests: throws where the answer, or a call that was taken, is not as the document says. */
export async function checkedFetch(
	url: string,
	init: RequestInit = {},
): Promise<globalThis.Response> {
	const response = await fetch(url, init);
	const method = (init.method ?? "GET").toLowerCase();
	const { pathname, searchParams } = new URL(url);
	const { path, template } = placeOf(pathname, method);
	const operation = template && document.paths[template]?.[method];
	if (!template || !operation) {
		if (response.status === 404) return response;
		throw new Error(`The document has no ${method} ${path}.`);
	}
	const where = ["paths", template, method];
	const text = await response.clone().text();
	const type = response.headers.get("content-type")?.split(";")[0] ?? "";
	checkAnswer(operation, where, response.status, type, text);
	if (response.ok) checkCall(operation, where, searchParams, init.body);
	return response;
}

const secondDoor = "/api/report/data";

/** Where the document has an address: by itself, or by the second door of an operation that says so. */
function placeOf(pathname: string, method: string) {
	const path = pathname.replace(/^\/api/, "");
	const template = templateOf(path);
	if (template !== undefined || !pathname.startsWith(`${secondDoor}/`))
		return { path, template };
	const behind = templateOf(pathname.slice(secondDoor.length));
	const operations = document.paths[behind ?? ""];
	return operations?.[method]?.servers?.some(({ url }) => url === secondDoor)
		? { path, template: behind }
		: { path, template: undefined };
}

/** The words come first: `/budgets/acceptance` is no finding of that name. */
function templateOf(path: string): string | undefined {
	return Object.keys(document.paths)
		.sort((a, b) => a.split("{").length - b.split("{").length)
		.find((template) =>
			new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path),
		);
}

function checkAnswer(
	{ responses }: Operation,
	where: readonly string[],
	status: number,
	type: string,
	text: string,
): void {
	const said = responses[status];
	if (said === undefined)
		throw new Error(`The document has no answer ${status} at ${where}.`);
	const found =
		"$ref" in said
			? said.$ref.slice(2).split("/")
			: [...where, "responses", String(status)];
	const { content } = valueAt(found) as Response;
	if (content === undefined) {
		if (text !== "") throw new Error(`${status} at ${where} has a body.`);
		return;
	}
	if (!(type in content))
		throw new Error(`${status} at ${where} is ${type || "without a type"}.`);
	if (!type.endsWith("json")) return;
	check([...found, "content", type, "schema"], JSON.parse(text));
}

function checkCall(
	{ parameters = [], requestBody }: Operation,
	where: readonly string[],
	query: URLSearchParams,
	body: RequestInit["body"],
): void {
	const queried = parameters.filter((parameter) => parameter.in === "query");
	for (const { name, required } of queried)
		if (required && !query.has(name))
			throw new Error(`${where} was taken without ${name}.`);
	for (const name of query.keys())
		if (!queried.some((parameter) => parameter.name === name))
			throw new Error(`${where} has taken ${name}, which it does not have.`);
	if (requestBody !== undefined && typeof body === "string" && body.trim())
		check(
			[...where, "requestBody", "content", "application/json", "schema"],
			JSON.parse(body),
		);
}

/** Throws with all faults of a value. */
export function check(where: readonly string[], value: unknown): void {
	const validate = validatorAt(where);
	if (!validate(value))
		throw new Error(
			`${where.join(" ")} is not as the document says: ${ajv.errorsText(validate.errors)}`,
		);
}

function validatorAt(where: readonly string[]): ValidateFunction {
	const pointer = where
		.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"))
		.map(encodeURIComponent)
		.join("/");
	const found = ajv.getSchema(`${root}#/${pointer}`);
	if (found === undefined) throw new Error(`There is no schema at ${pointer}.`);
	return found;
}

function valueAt(where: readonly string[]): unknown {
	return where.reduce<unknown>(
		(value, name) => (value as Json | undefined)?.[name],
		document,
	);
}
