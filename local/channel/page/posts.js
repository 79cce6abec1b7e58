import { renderCard } from "./cards.js";
import { byId, el, getJson } from "./dom.js";
import { time } from "./words.js";

let channel = null;
let shown = 0;

/** Adds what is new at the end; what is there stays as it is. */
export async function refreshPosts() {
	const answer = await getJson(`/posts?after=${shown}`);
	if (channel !== null && answer.channel !== channel) {
		location.reload();
		return;
	}

	channel = answer.channel;
	shown += answer.posts.length;
	if (answer.posts.length === 0) return;
	byId("noPosts").hidden = true;
	append(answer.posts.map(post));
}

/** The page opens at the top of the newest card, and follows who is at its end. */
function append(items) {
	const list = byId("posts");
	const page = document.documentElement;
	const atEnd = page.scrollHeight - page.scrollTop - page.clientHeight < 80;
	const isFirst = list.childElementCount === 0;
	list.append(...items);
	if (isFirst || atEnd) items.at(-1).scrollIntoView({ block: "start" });
}

function post({ receivedAt, message, refused }) {
	const content = refused
		? el(
				"p",
				{ class: "refused" },
				`The flow failed and posted nothing: ${refused}.`,
			)
		: el(
				"div",
				{},
				...message.attachments.map(({ content }) => renderCard(content)),
			);
	return el(
		"li",
		{ class: "post" },
		el("span", { class: "avatar", "aria-hidden": "true" }, "A"),
		el(
			"article",
			{},
			el(
				"p",
				{ class: "byline" },
				el("strong", {}, "AKS subnet auditor"),
				" via Workflows ",
				el("time", { datetime: receivedAt }, time(receivedAt)),
			),
			content,
		),
	);
}
