import { createHash } from "node:crypto";

/*
 * The report's page is one HTML file with its script and style in it. A browser runs only what the policy has the hash
 * of, so nothing that comes with the data can run.
 */

/** The content security policy of the page that the app serves. Throws if the page loads something from elsewhere. */
export function servedPolicy(html: string): string {
	return policy(html, [
		"connect-src 'self'",
		"img-src 'self' data:",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	]);
}

/**
 * The page as one file that opens offline: with the data in `<script type="application/json" id="report-data">` and a
 * policy of its own. Throws if the page has not one place for each.
 */
export function oneFile(html: string, data: unknown): string {
	const own = policy(html, [
		"img-src data:",
		"base-uri 'none'",
		"form-action 'none'",
	]);
	return replacedOnce(
		replacedOnce(html, policyPlace, own),
		dataPlace,
		inScript(data),
	);
}

/** What is there is of the page that asks its server: the file asks nobody. */
const policyPlace =
	/(?<=<meta http-equiv="Content-Security-Policy" content=")[^"]*(?=">)/g;

const dataPlace =
	/(?<=<script type="application\/json" id="report-data">)[^<]*(?=<\/script>)/g;

/** JSON that ends no script and opens no comment, whatever the names in it are. */
function inScript(data: unknown): string {
	return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function replacedOnce(text: string, place: RegExp, content: string): string {
	const count = text.match(place)?.length ?? 0;
	if (count !== 1)
		throw new Error(
			`report.html has ${count} places for ${place.source}; it needs one.`,
		);
	// As a plain text, `$&` in a name would have a meaning.
	return text.replace(place, () => content);
}

function policy(html: string, others: readonly string[]): string {
	return [
		"default-src 'none'",
		`script-src ${hashesOf(html, /<script\b([^>]*)>([\s\S]*?)<\/script>/gi)}`,
		`style-src ${hashesOf(html, /<style\b([^>]*)>([\s\S]*?)<\/style>/gi)}`,
		...others,
	].join("; ");
}

/** Blocks of data do not run and need no hash. */
function hashesOf(html: string, elements: RegExp): string {
	const hashes = [...html.matchAll(elements)]
		.filter(
			([, attributes = ""]) =>
				!/\btype=["']?application\/json/i.test(attributes),
		)
		.map(([, attributes = "", text = ""]) => {
			if (/\bsrc=/i.test(attributes))
				throw new Error(
					`report.html loads a script${attributes}; put the script into the page.`,
				);
			return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
		});
	return hashes.length > 0 ? hashes.join(" ") : "'none'";
}
