import { byId } from "./dom.js";
import { refreshPosts } from "./posts.js";

const everyMs = 2_000;

async function refresh() {
	const notice = byId("notice");
	const text = await problemOf(refreshPosts);
	if (notice.textContent !== text) notice.textContent = text;
	notice.hidden = text === "";
	setTimeout(refresh, everyMs);
}

async function problemOf(step) {
	try {
		await step();
		return "";
	} catch (error) {
		return error.message;
	}
}

refresh();
