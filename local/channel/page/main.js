import { refreshAudits } from "./audits.js";
import { watchCapacity } from "./capacity.js";
import { byId } from "./dom.js";
import { refreshFindings, watchFilters } from "./findings.js";
import { refreshPosts } from "./posts.js";

const everyMs = 2_000;

async function refresh() {
	const problems = await Promise.all([
		problemOf(refreshPosts),
		problemOf(refreshReport),
	]);
	const notice = byId("notice");
	const text = problems.filter(Boolean).join(" ");
	if (notice.textContent !== text) notice.textContent = text;
	notice.hidden = text === "";
	setTimeout(refresh, everyMs);
}

async function refreshReport() {
	await refreshFindings(await refreshAudits());
}

async function problemOf(step) {
	try {
		await step();
		return "";
	} catch (error) {
		return error.message;
	}
}

/** The page is short until it is filled, so the browser cannot scroll to the link's target by itself. */
function goToHash() {
	if (location.hash === "") return;
	byId(location.hash.slice(1))?.scrollIntoView();
}

watchCapacity();
watchFilters();
refresh().then(goToHash);
