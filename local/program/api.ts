import type { Audit, Finding } from "../../shared/contract.ts";

/** The auditor's HTTP API, as anybody would call it. */
export interface Api {
	startAudit(): Promise<string>;
	audit(auditId: string): Promise<Audit>;
	openFindings(most: number): Promise<Finding[]>;
	/** The whole report as one HTML file. */
	report(): Promise<string>;
}

export function api(hostUrl: string): Api {
	return {
		startAudit: async () => {
			const started = await call<{ auditId: string }>(
				hostUrl,
				"/api/audits",
				"POST",
			);
			return started.auditId;
		},
		audit: (auditId) => call(hostUrl, `/api/audits/${auditId}`),
		openFindings: async (most) => {
			const findings: Finding[] = [];
			let continuation: string | null = null;
			do {
				const query: string =
					continuation === null
						? ""
						: `?continuation=${encodeURIComponent(continuation)}`;
				const page: Page = await call(hostUrl, `/api/findings${query}`);
				findings.push(...page.findings);
				continuation = page.continuation;
			} while (continuation !== null && findings.length < most);
			return findings;
		},
		report: () => textOf(hostUrl, "/api/report/export"),
	};
}

interface Page {
	readonly findings: Finding[];
	readonly continuation: string | null;
}

async function call<T>(
	hostUrl: string,
	path: string,
	method = "GET",
): Promise<T> {
	return JSON.parse(await textOf(hostUrl, path, method)) as T;
}

async function textOf(
	hostUrl: string,
	path: string,
	method = "GET",
): Promise<string> {
	const response = await fetch(`${hostUrl}${path}`, { method });
	const text = await response.text();
	if (!response.ok)
		throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
	return text;
}
