import { toJsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { components } from "./answers/components.ts";
import {
	type Access,
	type Answer,
	type Parameter,
	type Route,
	signedInFolder,
	tags,
} from "./route.ts";
import { refusals } from "./routeParts.ts";
import { routes } from "./routes.ts";

/** The OpenAPI document of these routes, in the order in which it is written. */
export function openApi() {
	const paths: Record<string, Record<string, unknown>> = {};
	for (const route of routes) {
		const path = `/${route.path}`;
		paths[path] = { ...paths[path], [route.method]: operationOf(route) };
	}
	return {
		openapi: "3.1.1",
		info: {
			title: "AKS subnet auditor",
			version: apiVersion,
			summary: "Tells which AKS clusters run out of IP addresses",
			description: [
				"Every night the auditor reads the whole fleet from Azure Resource Graph.",
				"It says which budgets are short in which scenario, why, and what to do.",
				"Answers can get more fields in a later version: ignore those that you do not know.",
			].join(" "),
			license: { name: "MIT", identifier: "MIT" },
		},
		servers: [withKey],
		security: [{ functionKey: [] }],
		tags: Object.entries(tags).map(([name, description]) => ({
			name,
			description,
		})),
		paths,
		components: {
			securitySchemes: {
				functionKey: {
					type: "apiKey",
					in: "header",
					name: "x-functions-key",
					description: "A function key of the app. Never put it into the URL.",
				},
				signIn: {
					type: "apiKey",
					in: "cookie",
					name: "AppServiceAuthSession",
					description:
						"The session of App Service authentication, for pages of the app itself.",
				},
			},
			responses: Object.fromEntries(
				Object.entries(refusals).map(([name, answer]) => [
					name,
					responseOf(answer),
				]),
			),
			schemas: toJsonSchemaDefs(components, conversion),
		},
	};
}

const withKey = { url: "/api", description: "Beside this document" };
const withSignIn = {
	url: `/api/${signedInFolder}`,
	description: "For who is signed in",
};

/** The version of names and meanings. A field that is gone, or means something else, makes it 2. */
const apiVersion = "1";

let text: string | undefined;

/** As it is answered and committed. Made once a process. */
export function openApiText(): string {
	text ??= `${JSON.stringify(openApi(), null, "\t")}\n`;
	return text;
}

function operationOf({
	name,
	tag,
	summary,
	description,
	access = "key",
	parameters,
	body,
	answers,
}: Route) {
	return {
		operationId: name,
		tags: [tag],
		summary,
		...(description !== undefined && { description }),
		...accessOf(access),
		...(parameters.length > 0 && { parameters: parameters.map(parameterOf) }),
		...(body && {
			requestBody: {
				required: body.required,
				content: {
					"application/json": {
						schema: schemaOf(body.schema),
						example: body.example,
					},
				},
			},
		}),
		responses: Object.fromEntries(
			Object.entries({
				...answers,
				...(access === "both" && { 401: refusals.NotSignedIn }),
			}).map(([status, answer]) => [
				status,
				referenceTo(answer) ?? responseOf(answer),
			]),
		),
	};
}

/** A route with two doors is described once: its second address is a second server. */
function accessOf(access: Access) {
	switch (access) {
		case "key":
			return {};
		case "anybody":
			return { security: [] };
		case "sign-in":
			return { security: [{ signIn: [] }] };
		case "both":
			return {
				security: [{ functionKey: [] }, { signIn: [] }],
				servers: [withKey, withSignIn],
			};
	}
}

function parameterOf({ schema, ...parameter }: Parameter) {
	const isList = schema.type === "array";
	return {
		...parameter,
		// Several values have commas between them.
		...(isList && { style: "form", explode: false }),
		schema: schemaOf(schema),
	};
}

function referenceTo(answer: Answer) {
	const named = Object.entries(refusals).find(([, one]) => one === answer);
	return named && { $ref: `#/components/responses/${named[0]}` };
}

function responseOf({ description, headers = {}, content = {} }: Answer) {
	const named = Object.entries(headers).map(([name, description]) => [
		name,
		{ description, schema: { type: "string" } },
	]);
	const contents = Object.entries(content).map(
		([type, { schema, example }]) => [
			type,
			{ schema: schemaOf(schema), example },
		],
	);
	return {
		description,
		...(named.length > 0 && { headers: Object.fromEntries(named) }),
		...(contents.length > 0 && { content: Object.fromEntries(contents) }),
	};
}

const conversion = {
	// The dialect of OpenAPI 3.1.
	target: "draft-2020-12",
	overrideRef: ({ referenceId }: { readonly referenceId: string }) =>
		`#/components/schemas/${referenceId}`,
} as const;

/** A reference where the schema is a component. */
function schemaOf(schema: GenericSchema) {
	const {
		$schema: _,
		$defs: __,
		...rest
	} = toJsonSchema(schema, { ...conversion, definitions: components });
	return rest;
}
