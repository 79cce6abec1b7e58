import { app } from "@azure/functions";
import { reportData } from "../shared/audit/reportFile.ts";
import {
	guarded,
	type Handler,
	type HttpAnswer,
	problemAnswer,
	unshared,
} from "../shared/azure/answer.ts";
import {
	isSignInOn,
	notSignedIn,
	signedInName,
	signInPath,
} from "../shared/http/callers.ts";
import { isOpenHost } from "../shared/http/openHost.ts";
import { knownParameters } from "../shared/http/parameters.ts";
import { badRequest } from "../shared/http/problem.ts";
import { signedInPath } from "../shared/http/route.ts";
import { oneFile } from "../shared/report/page.ts";
import { servedPage } from "../shared/report/served.ts";
import { reportUrl } from "../shared/settings/alert.ts";
import { portalUrl, reportFacts } from "../shared/settings/audit.ts";
import { serve } from "./serve.ts";

/** A page without data: whoever opens it still needs a key or a sign-in. Its query is the page's own business. */
app.http("getReport", {
	methods: ["GET"],
	route: "report",
	authLevel: "anonymous",
	handler: guarded(async ({ query }) => {
		if (query.has("code"))
			throw badRequest(
				"code",
				"The address has a key in it, and browsers keep addresses. Remove code: the page asks for the key.",
			);
		const { html, policy } = servedPage();
		return {
			headers: {
				"content-type": "text/html; charset=utf-8",
				"content-security-policy": policy,
				// The platform's own check of a signed-in browser may read where a call comes from.
				"referrer-policy": "same-origin",
				"x-content-type-options": "nosniff",
				"cache-control": "no-cache",
			},
			body: html,
		};
	}),
});

app.http("getReportCaller", {
	methods: ["GET"],
	route: signedInPath("me"),
	authLevel: "anonymous",
	handler: unshared(async (request, context) => {
		knownParameters(request.query, []);
		const name = signedInName(request.headers, process.env, (message) =>
			context.error(message),
		);
		return callerAnswer(name);
	}),
});

function callerAnswer(name: string | null): HttpAnswer {
	const portal = portalUrl(process.env);
	if (isOpenHost()) return { jsonBody: { door: "open", portal } };
	if (name !== null) return { jsonBody: { door: "sign-in", name, portal } };
	return problemAnswer(
		notSignedIn(process.env),
		isSignInOn(process.env)
			? { door: "sign-in", signIn: signInPath }
			: { door: "key" },
	);
}

const exported: Handler = async (request, tables) => {
	knownParameters(request.query, []);
	const now = new Date().toISOString();
	const facts = {
		...reportFacts(process.env),
		reportUrl: reportUrl(process.env),
	};
	const data = await reportData(tables, now, facts);
	return {
		headers: {
			"content-type": "text/html; charset=utf-8",
			"content-disposition": `attachment; filename="aks-subnets-${now.slice(0, 10)}.html"`,
		},
		body: oneFile(servedPage().html, data),
	};
};

serve("exportReport", exported);
serve("exportReportSignedIn", exported);
