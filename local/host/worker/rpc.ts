/** The worker protocol's data, as far as http, timer and durable triggers use it (FunctionRpc.proto). */
export interface TypedData {
	readonly string?: string;
	readonly json?: string;
	readonly bytes?: Uint8Array;
	readonly int?: number;
	readonly double?: number;
	readonly http?: RpcHttpRequest | RpcHttpResponse;
}

export interface RpcHttpRequest {
	readonly url: string;
	readonly method: string;
	readonly nullableHeaders: RpcMap;
	readonly nullableQuery: RpcMap;
	readonly nullableParams: RpcMap;
	readonly body?: TypedData;
}

export interface RpcHttpResponse {
	readonly statusCode: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly cookies: readonly unknown[];
	readonly body?: TypedData | null;
}

export type RpcMap = Readonly<Record<string, { readonly value: string }>>;

/** A binding as a function registers it. Its further fields depend on its type. */
export interface Binding {
	readonly type: string;
	readonly direction?: string;
	readonly [property: string]: unknown;
}

export type LogLevel =
	| "trace"
	| "debug"
	| "information"
	| "warning"
	| "error"
	| "critical"
	| "none";

/** JSON text of what a function returned, as the host serializes it for the Durable extension. Null for nothing. */
export function jsonOfReturnValue(
	data: TypedData | null | undefined,
): string | null {
	if (!data) {
		return null;
	}
	if (data.json !== undefined) {
		return data.json;
	}
	const value = data.string ?? data.int ?? data.double;
	if (value === undefined) {
		throw new Error(
			`A function may return JSON only, not ${Object.keys(data).join(", ")}.`,
		);
	}
	return JSON.stringify(value);
}
