import type { HttpRoute } from "./routes.ts";

/** For tests: what App Service and the Functions host do before a function runs in Azure. */
export interface AsAzure {
	/** The function key. Routes that are not anonymous ask for it. */
	readonly key: string;
	/** The header of who is signed in, as long as WEBSITE_AUTH_ENABLED is set. Null: nobody is. */
	readonly principal: () => string | null;
}

type Headers = Readonly<Record<string, string>>;

export function hasKey(
	{ target }: HttpRoute,
	url: URL,
	headers: Headers,
	{ key }: AsAzure,
): boolean {
	const given = headers["x-functions-key"] ?? url.searchParams.get("code");
	return target.trigger.options.authLevel === "anonymous" || given === key;
}

/** With sign-in the platform removes what comes from outside. Without it, nobody does. */
export function platformHeaders(headers: Headers, asAzure: AsAzure): Headers {
	if (process.env.WEBSITE_AUTH_ENABLED?.toLowerCase() !== "true")
		return headers;
	const own = Object.entries(headers).filter(
		([name]) => !name.startsWith("x-ms-client-principal"),
	);
	const principal = asAzure.principal();
	return {
		...Object.fromEntries(own),
		...(principal !== null && { "x-ms-client-principal": principal }),
	};
}
