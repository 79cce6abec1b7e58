import { embeddedData } from "./embedded.ts";
import type { ExportedReport } from "./exported.ts";
import { asked, httpData } from "./http.ts";
import { ReadError, type ReportData } from "./reportData.ts";

/** What somebody finds at the door of the report. */
export type Door =
	| { readonly kind: "inside"; readonly data: ReportData }
	| { readonly kind: "sign-in"; readonly address: string }
	| { readonly kind: "key"; readonly isRefused: boolean }
	| { readonly kind: "closed"; readonly reason: string };

/** What `data/me` answers. */
type Me =
	| { readonly door: "sign-in"; readonly name: string }
	| { readonly door: "open" };

interface Refused {
	readonly door?: "sign-in" | "key";
	readonly signIn?: string;
	readonly detail?: string;
}

const keyName = "function key of the report";
const fragmentName = "fragment of the report";

/** Finds the way in. `ended`: the server no longer accepts who came in. */
export async function findDoor(ended: () => void): Promise<Door> {
	const embedded = document.getElementById("report-data")?.textContent?.trim();
	if (embedded)
		return {
			kind: "inside",
			data: embeddedData(JSON.parse(embedded) as ExportedReport),
		};

	// The page is at /api/report. What it asks for is below that, or beside it.
	const page = location.pathname.replace(/\/+$/, "");
	const api = page.slice(0, page.lastIndexOf("/"));
	try {
		const signedIn = { base: `${page}/data`, key: null };
		const answer = await asked(signedIn, "me", {});
		const body = (await answer.json()) as Me | Refused;
		if (answer.ok) {
			const me = body as Me;
			const base = me.door === "open" ? api : signedIn.base;
			return { kind: "inside", data: httpData({ base, key: null }, me, ended) };
		}
		const { door, signIn, detail } = body as Refused;
		if (door === "sign-in" && signIn !== undefined)
			return { kind: "sign-in", address: signInAddress(signIn) };
		if (door === "key") return await keyDoor(api, ended);
		return closed(detail ?? `The auditor answered ${answer.status}.`);
	} catch (error) {
		return closed(
			error instanceof ReadError
				? error.message
				: "The answer of the auditor is not understood.",
		);
	}
}

/** Keeps the key for this tab; then `findDoor` tries it. */
export function keepKey(key: string): void {
	sessionStorage.setItem(keyName, key);
}

async function keyDoor(base: string, ended: () => void): Promise<Door> {
	const key = sessionStorage.getItem(keyName);
	if (key === null) return { kind: "key", isRefused: false };
	const api = { base, key };
	const answer = await asked(api, "audits/latest", {});
	// 404: no audit has ended yet, and the key is good.
	if (answer.ok || answer.status === 404)
		return { kind: "inside", data: httpData(api, { door: "key" }, ended) };
	if (answer.status !== 401 && answer.status !== 403)
		return closed(`The auditor answered ${answer.status}.`);
	sessionStorage.removeItem(keyName);
	return { kind: "key", isRefused: true };
}

function closed(reason: string): Door {
	return { kind: "closed", reason };
}

/** Comes back to this page. The fragment is kept here as well: not every sign-in brings it back. */
function signInAddress(signIn: string): string {
	const { pathname, search, hash } = location;
	const back = encodeURIComponent(`${pathname}${search}${hash}`);
	return `${signIn}?post_login_redirect_uri=${back}`;
}

export function keepFragment(): void {
	sessionStorage.setItem(fragmentName, location.hash);
}

/** Opens what a link asked for: by its fragment, by one that was kept through the sign-in, or by `?finding=`. */
export function restoreFragment(): void {
	const kept = sessionStorage.getItem(fragmentName);
	sessionStorage.removeItem(fragmentName);
	const { pathname, search, hash } = location;
	const finding = new URLSearchParams(search).get("finding");
	const asked = finding && `#/findings/${encodeURIComponent(finding)}`;
	const fragment = hash || asked || kept;
	if (fragment)
		history.replaceState(
			null,
			"",
			`${finding ? pathname : `${pathname}${search}`}${fragment}`,
		);
}
