import { app, type HttpFunctionOptions } from "@azure/functions";
import { forKeys, forSignedIn, type Handler } from "../shared/azure/answer.ts";
import { signedInPath } from "../shared/http/route.ts";
import { routeNamed } from "../shared/http/routes.ts";

/**
 * Registers a route as the table describes it. One for both kinds of callers becomes two functions: the host checks keys
 * at one, and the other checks who is signed in.
 */
export function serve(
	name: string,
	handler: Handler,
	more: Pick<HttpFunctionOptions, "extraInputs"> = {},
): void {
	const { method, path, access = "key" } = routeNamed(name);
	const methods = [method.toUpperCase()] as HttpFunctionOptions["methods"];
	const at = { ...more, ...(methods && { methods }) };
	if (access === "key" || access === "both")
		app.http(name, {
			...at,
			route: path,
			authLevel: "function",
			handler: forKeys(handler),
		});
	if (access === "sign-in")
		app.http(name, {
			...at,
			route: path,
			authLevel: "anonymous",
			handler: forSignedIn(handler),
		});
	if (access === "both")
		app.http(`${name}SignedIn`, {
			...at,
			route: signedInPath(path),
			authLevel: "anonymous",
			handler: forSignedIn(handler),
		});
}
