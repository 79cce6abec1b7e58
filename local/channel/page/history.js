import { budgetKinds } from "./budgetKinds.js";
import { el, getJson, svg } from "./dom.js";
import { scenarioLabels } from "./vocabulary.js";
import { amount, kindText, plural, range, runwayText, time } from "./words.js";

const width = 600;
const height = 120;
/** Room for half a line at the edges. */
const edge = 2;

/** The series of a budget as a small chart, with its figures as text; null for a kind without a history. */
export function historyOf({ id, kind }) {
	if (!budgetKinds[kind]?.hasHistory) return null;
	const room = el("figure", { class: "history" });
	fill(room, id);
	return room;
}

async function fill(room, id) {
	try {
		const history = await getJson(
			`/api/history?budget=${encodeURIComponent(id)}`,
		);
		room.replaceChildren(...contentOf(history));
	} catch (error) {
		room.replaceChildren(
			el("figcaption", { class: "rule" }, `History: ${error.message}`),
		);
	}
}

function contentOf(history) {
	const { points } = history;
	const drawing = points.length > 1 ? [chart(history), legend()] : [];
	return [
		...drawing,
		el("figcaption", { class: "rule" }, caption(history)),
		el(
			"details",
			{},
			el("summary", {}, `History: ${plural(points.length, "point")}`),
			el(
				"ul",
				{},
				points.toReversed().map((point) => el("li", {}, pointText(point))),
			),
		),
	];
}

function caption({ points, unit, runway }) {
	const newest = points.at(-1);
	const now = `${time(newest.at)}: demand ${amount(newest.demand, unit)}, capacity ${range(newest.limit)}.`;
	return runway
		? `${now} ${runwayText(runway)}.`
		: `${now} This history gives no estimate of when it is full.`;
}

function pointText({ at, demand, full, limit }) {
	return `${time(at)}: demand ${range(demand)}, ${atMax} ${range(full)}, capacity ${range(limit)}`;
}

const atMax = `at ${scenarioLabels.full.toLowerCase()}`;

function legend() {
	return el(
		"p",
		{ class: "rule legend" },
		el("span", { class: "demand" }, "demand"),
		el("span", { class: "full" }, atMax),
		el("span", { class: "limit" }, "capacity"),
	);
}

function chart({ kind, name, points }) {
	const place = placesOf(points);
	const title = `${kindText(kind)} ${name}: demand, demand ${atMax} and capacity from ${time(points[0].at)} to ${time(points.at(-1).at)}`;
	return svg(
		"svg",
		{ viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title },
		svg("title", {}, title),
		line("limit", points, ({ limit }) => limit.low, place),
		line("full", points, ({ full }) => full.high, place),
		line("demand", points, ({ demand }) => demand.high, place),
	);
}

/** Where a point goes: time to the right, amounts upwards from 0. */
function placesOf(points) {
	const first = Date.parse(points[0].at);
	const span = Date.parse(points.at(-1).at) - first || 1;
	const most = Math.max(
		1,
		...points.flatMap(({ demand, full, limit }) => [
			demand.high,
			full.high ?? 0,
			limit.low,
		]),
	);
	return (at, amount) => {
		const x = ((Date.parse(at) - first) / span) * (width - 2 * edge) + edge;
		const y = height - edge - (amount / most) * (height - 2 * edge);
		return `${x.toFixed(1)},${y.toFixed(1)}`;
	};
}

/** Points whose amount is not known are left out. */
function line(name, points, amountOf, place) {
	const known = points.filter((point) => amountOf(point) !== null);
	return svg("polyline", {
		class: name,
		points: known.map((point) => place(point.at, amountOf(point))).join(" "),
	});
}
