import type { IncomingMessage } from "node:http";
import { isLoopbackAddress } from "../../shared/loopback.ts";
import { type Answer, frontDoorError } from "./answer.ts";

const apiVersion = "2024-04-01";
const queryPath = "/providers/microsoft.resourcegraph/resources";

/** Why a request is not answered at all. Undefined when it may be. */
export function refusedStranger(
	request: Pick<IncomingMessage, "headers">,
): Answer | undefined {
	const { host, origin } = request.headers;
	// A page in a browser can reach loopback by a name of its own (DNS rebinding): only loopback names are served.
	if (
		!isLoopbackAddress(`http://${host}`) ||
		(origin !== undefined && !isLoopbackAddress(origin))
	) {
		return frontDoorError(
			403,
			"Forbidden",
			`The Host or Origin header is "${origin ?? host}"; use a loopback address.`,
		);
	}

	return undefined;
}

/** Why a request does not reach Resource Graph. Undefined when it does. */
export function refusedAtTheDoor(
	request: Pick<IncomingMessage, "method" | "url" | "headers">,
): Answer | undefined {
	const url = URL.parse(request.url ?? "", "http://localhost");
	if (url?.pathname.toLowerCase() !== queryPath || request.method !== "POST") {
		return frontDoorError(
			404,
			"NotFound",
			`${request.method} ${request.url} is not served here; use POST ${queryPath}.`,
		);
	}

	const version = url.searchParams.get("api-version");
	if (version !== apiVersion) {
		return frontDoorError(
			400,
			"InvalidApiVersionParameter",
			`The api-version is "${version ?? ""}"; use ${apiVersion}.`,
		);
	}

	// Resource Graph documents a 500 for any other content type.
	if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
		return frontDoorError(
			500,
			"InternalServerError",
			"The content type must be application/json.",
		);
	}
	return undefined;
}
