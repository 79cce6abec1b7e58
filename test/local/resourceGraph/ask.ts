import type { ResourceGraphServer } from "../../../local/resourceGraph/server.ts";

/** A response of the emulator with its body read. */
interface Asked {
	readonly status: number;
	readonly headers: Headers;
	readonly body: {
		readonly totalRecords: number;
		readonly count: number;
		readonly data: readonly Record<string, unknown>[];
		readonly facets: readonly unknown[];
		readonly resultTruncated: string;
		readonly $skipToken?: string;
		readonly error: {
			readonly code: string;
			readonly message: string;
			readonly details: readonly Record<string, unknown>[];
		};
	};
}

export const path =
	"/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01";

/** Sends a raw body to the emulator. */
export async function ask(
	server: Pick<ResourceGraphServer, "url">,
	body: object,
): Promise<Asked> {
	const response = await fetch(server.url + path, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
	});

	return {
		status: response.status,
		headers: response.headers,
		body: (await response.json()) as Asked["body"],
	};
}

/** Follows tokens to the end. The names of each page. */
export async function pagesOf(
	server: Pick<ResourceGraphServer, "url">,
	query: string,
	top: number,
): Promise<unknown[][]> {
	const pages: unknown[][] = [];
	let token: string | undefined;
	do {
		const { body } = await ask(server, {
			query,
			options: { $top: top, ...(token && { $skipToken: token }) },
		});
		pages.push(body.data.map(({ name }) => name));
		token = body.$skipToken;
	} while (token);
	return pages;
}
