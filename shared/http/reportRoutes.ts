import * as v from "valibot";
import { reportCaller, reportRefusal } from "./answers/report.ts";
import * as examples from "./examples.ts";
import { type Content, type Route, signedInPath } from "./route.ts";
import { alwaysRefused, json, refusals } from "./routeParts.ts";

function html(example: string) {
	return { "text/html": { schema: v.string(), example } satisfies Content };
}

const fileRefused = { ...alwaysRefused, 404: refusals.NotFound } as const;

const exportRoute = {
	method: "get",
	tag: "Report",
	parameters: [],
	answers: {
		200: {
			description: "An HTML file that opens offline, with the data in it.",
			headers: { "content-disposition": "The name of the file." },
			content: html("<!doctype html><title>AKS subnet auditor</title>"),
		},
		...fileRefused,
	},
} as const satisfies Partial<Route>;

/** The page and its own data. The rest of its data comes from the routes with access `both`. */
export const reportRoutes: readonly Route[] = [
	{
		name: "getReport",
		method: "get",
		path: "report",
		access: "anybody",
		tag: "Report",
		summary: "Show the report",
		description:
			"A page without data: it asks for the data as its reader may. A key in the address is refused.",
		parameters: [
			{
				in: "query",
				name: "finding",
				description: "The ID of a finding to open. The page reads it.",
				schema: v.string(),
				example: examples.finding.id,
			},
		],
		answers: {
			200: {
				description: "The page, with its script and style in it.",
				headers: {
					"content-security-policy":
						"Allows the script and style of the page, and calls to the app itself.",
				},
				content: html("<!doctype html><title>AKS subnet auditor</title>"),
			},
			400: refusals.BadRequest,
			500: refusals.Failed,
		},
	},
	{
		name: "getReportCaller",
		method: "get",
		path: signedInPath("me"),
		access: "anybody",
		tag: "Report",
		summary: "Say how the report gets its data",
		parameters: [],
		answers: {
			200: {
				description: "The data is open to the caller.",
				content: json(reportCaller, {
					door: "sign-in",
					name: "ada@contoso.example",
					portal: "https://portal.azure.com",
				}),
			},
			400: refusals.BadRequest,
			401: {
				description: "Sign in, or use a function key.",
				content: {
					"application/problem+json": {
						schema: reportRefusal,
						example: examples.problems.notSignedIn,
					},
				},
			},
			500: refusals.Failed,
		},
	},
	{
		...exportRoute,
		name: "exportReport",
		path: "report/export",
		summary: "Show the whole report as one file",
		description: "What it leaves out is said in it.",
	},
	{
		...exportRoute,
		name: "exportReportSignedIn",
		path: signedInPath("export"),
		access: "sign-in",
		summary: "Show the whole report as one file, to who is signed in",
		answers: { ...exportRoute.answers, 401: refusals.NotSignedIn },
	},
];
