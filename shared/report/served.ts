import { readFileSync } from "node:fs";
import { join } from "node:path";
import { servedPolicy } from "./page.ts";

/** The page as the app serves it. */
export interface ServedPage {
	readonly html: string;
	readonly policy: string;
}

let page: ServedPage | undefined;

/** The page beside the bundle, which is CommonJS and so knows its own folder. Read once a process. */
export function servedPage(): ServedPage {
	if (page === undefined) {
		const html = readFileSync(join(__dirname, "report.html"), "utf8");
		page = { html, policy: servedPolicy(html) };
	}
	return page;
}
