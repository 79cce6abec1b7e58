/** Where the report opens, as a channel or an export shows it. `base`: the report's own address. */
export function reportLink(base: string): string {
	return new URL(base).href;
}

/**
 * Where the report opens at one finding. Some clients drop the fragment of a link, so the query names the finding too.
 * A query of the base stays.
 */
export function findingLink(base: string, id: string): string {
	const url = new URL(base);
	url.searchParams.set("finding", id);
	url.hash = `/findings/${encodeURIComponent(id)}`;
	return url.href;
}
