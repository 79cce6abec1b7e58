import { el } from "./dom.js";
import { markdownToHtml } from "./markdown.js";

const { AdaptiveCard, HostConfig } = window.AdaptiveCards;

AdaptiveCard.onProcessMarkdown = (text, result) => {
	result.outputHtml = markdownToHtml(text);
	result.didProcess = true;
};

/** A colour of the style sheet, which knows light and dark. */
function color(name) {
	return {
		default: `var(--card-${name})`,
		subtle: `var(--card-${name === "default" ? "subtle" : name})`,
	};
}

const names = [
	"default",
	"dark",
	"light",
	"accent",
	"good",
	"warning",
	"attention",
];
const foregroundColors = Object.fromEntries(
	names.map((name) => [name, color(name)]),
);

function style(background) {
	return { backgroundColor: background, foregroundColors };
}

/** Teams' sizes and distances. */
const hostConfig = new HostConfig({
	fontFamily: "inherit",
	spacing: {
		small: 8,
		default: 12,
		medium: 16,
		large: 20,
		extraLarge: 24,
		padding: 16,
	},
	separator: { lineThickness: 1, lineColor: "var(--card-line)" },
	fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
	fontWeights: { lighter: 200, default: 400, bolder: 600 },
	containerStyles: {
		default: style("transparent"),
		emphasis: style("var(--card-emphasis)"),
	},
	actions: {
		maxActions: 6,
		spacing: "default",
		actionsOrientation: "horizontal",
		actionAlignment: "left",
	},
});

/** The card as the real library renders it, or Teams' own words where it cannot. */
export function renderCard(content) {
	try {
		const card = new AdaptiveCard();
		card.hostConfig = hostConfig;
		card.onExecuteAction = openUrl;
		card.parse(content);
		return el("div", { class: "card" }, card.render());
	} catch {
		return el("p", { class: "refused" }, "This card could not be displayed.");
	}
}

function openUrl(action) {
	if (/^https?:/i.test(action.url ?? ""))
		window.open(action.url, "_blank", "noopener,noreferrer");
}
