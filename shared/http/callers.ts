import * as v from "valibot";
import { isPrintable, longestOwner } from "../findings/acceptance.ts";
import { isLoopback } from "../loopback.ts";
import { type Environment, text } from "../settings/environment.ts";
import { isOpenHost } from "./openHost.ts";
import { Problem } from "./problem.ts";

/* Who calls: somebody with a function key, or somebody who is signed in. */

/** Where the platform starts a sign-in. */
export const signInPath = "/.auth/login/aad";

/** Who calls a route whose key the host has checked. */
export function keyHolder(): string {
	return isOpenHost() ? "local host" : "function key";
}

interface Call {
	readonly method: string;
	readonly url: string;
	readonly headers: { get(name: string): string | null };
}

/** App Service says so itself. Only then does it remove headers of a principal that come from outside. */
export function isSignInOn(env: Environment): boolean {
	return text(env, "WEBSITE_AUTH_ENABLED").toLowerCase() === "true";
}

/** Whether somebody set by hand what only the platform can know. Then anybody can say who they are. */
export function isSignInFaked(env: Environment): boolean {
	return (
		isSignInOn(env) &&
		text(env, "WEBSITE_AUTH_V2_CONFIG_JSON") === "" &&
		text(env, "WEBSITE_AUTH_CLIENT_ID") === ""
	);
}

/**
 * The user name, or object ID, of who is signed in. Null: nobody is. `logError` is told of a header that cannot be read,
 * without its content. No header counts while sign-in is off: anybody can send one then.
 */
export function signedInName(
	headers: Call["headers"],
	env: Environment,
	logError: (message: string) => void,
): string | null {
	const header = headers.get(principalHeader);
	if (!isSignInOn(env) || header === null) return null;
	const principal = v.safeParse(principalSchema, parsed(header));
	const name = principal.success ? nameOf(principal.output) : null;
	if (name === null)
		logError(
			`sign-in: the header ${principalHeader} ${principal.success ? "has neither a user name nor an object ID" : "cannot be read"}`,
		);
	return name;
}

const principalHeader = "x-ms-client-principal";

const principalSchema = v.object({
	claims: v.array(v.object({ typ: v.string(), val: v.string() })),
});

function parsed(header: string): unknown {
	try {
		return JSON.parse(Buffer.from(header, "base64").toString("utf8"));
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		return null;
	}
}

/** The platform renames some claims, so each has two spellings. The first that is there counts. */
const nameClaims = [
	"upn",
	"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
	"preferred_username",
	"oid",
	"http://schemas.microsoft.com/identity/claims/objectidentifier",
];

function nameOf({ claims }: v.InferOutput<typeof principalSchema>) {
	return (
		nameClaims
			.map((type) => claims.find(({ typ }) => typ === type)?.val.trim() ?? "")
			.find(
				(name) =>
					name !== "" && name.length <= longestOwner && isPrintable(name),
			) ?? null
	);
}

/** Who is signed in. Throws a Problem where nobody is, and where another site may have made the browser call. */
export function signedIn(
	call: Call,
	env: Environment,
	logError: (message: string) => void,
): string {
	const name = signedInName(call.headers, env, logError);
	if (name === null) throw notSignedIn(env);
	if (!["GET", "HEAD"].includes(call.method)) refuseOtherSites(call);
	return name;
}

export function notSignedIn(env: Environment): Problem {
	return new Problem(
		401,
		"Not signed in",
		isSignInOn(env)
			? `Nobody is signed in; open ${signInPath} first.`
			: "Sign-in is off for this app. Use the routes without report/data, with a function key.",
	);
}

/**
 * A browser sends the cookie of the sign-in with calls of any site. So a change needs what other sites cannot send: a
 * header of our own, and the browser's word that the page is of this host.
 */
export function refuseOtherSites({ url, headers }: Call): void {
	const { host, hostname } = new URL(url);
	// A page without TLS can be somebody else's. The proxy in front of the app may speak http to it.
	const own = `${isLoopback(hostname) ? "http" : "https"}://${host}`;
	const origin = headers.get("origin");
	const site = headers.get("sec-fetch-site");
	if (headers.get("x-auditor-request") !== "report")
		throw forbidden(
			"x-auditor-request",
			"The header x-auditor-request is missing or wrong; use report.",
		);
	if (origin !== own)
		throw forbidden(
			"origin",
			`The header Origin is ${origin === null ? "missing" : JSON.stringify(origin.slice(0, 200))}; use ${own}.`,
		);
	if (site !== null && site !== "same-origin")
		throw forbidden(
			"sec-fetch-site",
			`The header Sec-Fetch-Site is ${JSON.stringify(site.slice(0, 200))}; use same-origin.`,
		);
}

function forbidden(field: string, detail: string): Problem {
	return new Problem(403, "Forbidden", detail, field);
}
