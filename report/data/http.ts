import type { Acceptance, Finding, Verdict } from "../../shared/contract.ts";
import type { Terms } from "../../shared/findings/acceptance.ts";
import { plural } from "../../shared/text.ts";
import type {
	AuditsPage,
	BudgetsPage,
	Capacity,
	CheckAnswer,
	ClustersPage,
	FindingLines,
	History,
	ListedCluster,
	NetworkMap,
	Overview,
	Problem,
} from "./answers.ts";
import {
	type Acceptable,
	ReadError,
	type ReportData,
	type Viewer,
} from "./reportData.ts";

/** The routes of the API below a path of this page's own server. */
export interface Api {
	readonly base: string;
	/** A function key. Null: none is needed. */
	readonly key: string | null;
}

/** Reads from the API. `ended`: the server no longer accepts who asks. */
export function httpData(
	api: Api,
	viewer: Viewer,
	ended: () => void,
): ReportData {
	async function ask<T>(path: string): Promise<T> {
		const response = await asked(api, path, {});
		if (response.status === 401) ended();
		return await contentOf<T>(response);
	}

	// Several parts of the page want it at once, and it is the largest piece of work for the server.
	let overview: Promise<Overview> | null = null;
	const askOverview = () => {
		overview ??= ask<Overview>("overview").finally(() => {
			overview = null;
		});
		return overview;
	};

	return {
		viewer,
		overview: askOverview,
		audits: async () => (await ask<AuditsPage>("audits")).audits,
		findings: async (state) =>
			(await ask<FindingLines>(`finding-lines${queryOf({ state })}`)).findings,
		finding: (id) => ask<Finding>(`findings/${encodeURIComponent(id)}`),
		budgets: (filter, continuation = null) =>
			ask<BudgetsPage>(`budgets${queryOf({ ...filter, continuation })}`),
		clusters: (verdict) => everyCluster(ask, verdict),
		capacity: (cluster) => ask<Capacity>(`capacity${queryOf({ cluster })}`),
		history: (budget) => ask<History>(`history${queryOf({ budget })}`),
		network: (network) => ask<NetworkMap>(`networks${queryOf({ network })}`),
		check: async (body) => {
			const response = await asked(api, "checks", {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify(body),
			});
			if (response.status === 401) ended();
			return contentOf<CheckAnswer>(response);
		},
		acceptances: {
			accept: async (what, terms) =>
				contentOf<Acceptance>(await accepted(api, what, terms)),
			withdraw: async (what) => {
				const response = await asked(api, acceptancePath(what), {
					method: "DELETE",
				});
				if (!response.ok) throw await refusal(response);
			},
		},
	};
}

type Ask = <T>(path: string) => Promise<T>;

/** Some pages of a thousand. */
async function everyCluster(
	ask: Ask,
	verdict: readonly Verdict[],
): Promise<ListedCluster[]> {
	const clusters: ListedCluster[] = [];
	let continuation: string | null = null;
	do {
		const query: string = queryOf({ verdict, continuation });
		const page: ClustersPage = await ask(`clusters${query}`);
		clusters.push(...page.clusters);
		continuation = page.continuation;
	} while (continuation !== null);
	return clusters;
}

function accepted(api: Api, what: Acceptable, terms: Terms): Promise<Response> {
	return asked(api, acceptancePath(what), {
		method: "PUT",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(terms),
	});
}

function acceptancePath({ by, id }: Acceptable): string {
	return by === "finding"
		? `findings/${encodeURIComponent(id)}/acceptance`
		: `budgets/acceptance${queryOf({ budget: id })}`;
}

/** One request. Throws a `ReadError` where nobody answers. */
export async function asked(
	{ base, key }: Api,
	path: string,
	{ headers, ...rest }: RequestInit,
): Promise<Response> {
	try {
		return await fetch(`${base}/${path}`, {
			cache: "no-store",
			...rest,
			headers: {
				...headers,
				// Other sites cannot send it without asking first.
				"x-auditor-request": "report",
				...(key === null ? {} : { "x-functions-key": key }),
			},
		});
	} catch (cause) {
		throw new ReadError(0, "The auditor does not answer.", { cause });
	}
}

async function contentOf<T>(response: Response): Promise<T> {
	if (!response.ok) throw await refusal(response);
	return (await response.json()) as T;
}

async function refusal(response: Response): Promise<ReadError> {
	const { status } = response;
	const type = response.headers.get("content-type") ?? "";
	if (!type.includes("json"))
		return new ReadError(status, `The auditor answered with status ${status}.`);
	const { detail, title } = (await response.json()) as Partial<Problem>;
	const said = detail ?? title ?? `Status ${status}.`;
	const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
	const again =
		seconds > 0 && !/try again/i.test(said)
			? ` Try again in ${plural(seconds, "second")}.`
			: "";
	return new ReadError(status, `${said}${again}`);
}

/** "?a=1&b=2,3" of what is there. */
export function queryOf(
	values: Readonly<
		Record<string, string | readonly string[] | null | undefined>
	>,
): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(values)) {
		if (value === null || value === undefined) continue;
		const text = typeof value === "string" ? value : value.join(",");
		if (text !== "") query.set(name, text);
	}
	const text = query.toString();
	return text === "" ? "" : `?${text}`;
}
