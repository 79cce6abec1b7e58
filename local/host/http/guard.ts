import { isLoopbackAddress } from "../../../shared/loopback.ts";

/**
 * Why a request is refused, undefined where it is not. The host asks for no key, so a page of another site must not
 * reach it: neither by a cross-origin call (Origin) nor by a name that it points at this machine (Host).
 */
export function refusal(headers: {
	readonly host?: string | undefined;
	readonly origin?: string | undefined;
}): string | undefined {
	if (!isLoopbackAddress(`http://${headers.host ?? ""}`)) {
		return `The Host header is ${JSON.stringify(headers.host ?? "")}; use localhost, 127.0.0.1 or [::1].`;
	}
	if (headers.origin !== undefined && !isLoopbackAddress(headers.origin)) {
		return `The Origin header is ${JSON.stringify(headers.origin)}; use a loopback address.`;
	}
	return undefined;
}
