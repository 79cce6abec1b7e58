import { byId, el, getJson } from "./dom.js";
import { historyOf } from "./history.js";
import { decisions, otherResourceNames } from "./vocabulary.js";
import {
	amount,
	freeText,
	kindText,
	plural,
	range,
	scenarioText,
} from "./words.js";

let asked = null;

/** Opens the budgets of one cluster in each scenario. */
export async function showCapacity(cluster, name) {
	asked = cluster;
	byId("capacityTitle").textContent = `Capacity of ${name}`;
	byId("capacityBody").replaceChildren(
		el("p", { class: "quiet" }, "Reading …"),
	);
	if (!byId("capacity").open) byId("capacity").showModal();

	const content = await contentOf(cluster);
	if (asked === cluster) byId("capacityBody").replaceChildren(...content);
}

export function watchCapacity() {
	byId("capacityClose").addEventListener("click", () =>
		byId("capacity").close(),
	);
}

async function contentOf(cluster) {
	try {
		const capacity = await getJson(
			`/api/capacity?cluster=${encodeURIComponent(cluster)}`,
		);
		const { notEvaluated, provisioningState, budgets } = capacity;
		return [
			el("p", { class: "id" }, cluster),
			notEvaluated &&
				el("p", { class: "refused" }, `Not evaluated: ${notEvaluated}`),
			provisioningState &&
				provisioningState !== "succeeded" &&
				el("p", { class: "rule" }, `State in Azure: ${provisioningState}`),
			...budgets
				.toSorted((a, b) => urgency(a) - urgency(b))
				.map((budget) => budgetSection(budget, cluster)),
		].filter(Boolean);
	} catch (error) {
		return [el("p", { class: "refused" }, error.message)];
	}
}

const verdicts = ["short", "tight", "unknown", "fits"];

/** What does not fit comes first. */
function urgency({ scenarios }) {
	return Math.min(
		...Object.values(scenarios).map(({ verdict }) => verdicts.indexOf(verdict)),
	);
}

function observedText(observed, unit) {
	const { low, high } = observed;
	return low === 0 && high === null
		? "Azure does not show its use"
		: `${amount(observed, unit)} used now`;
}

function budgetSection(budget, cluster) {
	const { kind, name, unit, limit, observed, otherResources, shared, azure } =
		budget;
	const neighbors = shared.filter((id) => id !== cluster).length;
	const facts = [
		`capacity ${amount(limit, unit)}`,
		observed && observedText(observed, unit),
		otherResources &&
			`other resources ${range(otherResources)}${otherResourcesText(budget)}`,
		neighbors > 0 && `shared with ${plural(neighbors, "neighbor")}`,
	].filter(Boolean);
	return el(
		"section",
		{ class: "panel" },
		el("h3", {}, `${kindText(kind)} `, el("strong", {}, name)),
		el("p", { class: "rule" }, facts.join(" · ")),
		...budget.unseen.map(({ reason }) =>
			el("p", { class: "refused" }, `Not seen: ${reason}`),
		),
		scenarioTable(budget.scenarios),
		historyOf(budget),
		azure &&
			el(
				"p",
				{ class: "rule" },
				`Any change: ${preflight(azure.change, checked(budget))}. Upgrade: ${preflight(azure.upgrade, checked(budget))}.`,
			),
		...Object.entries(budget.scenarios).map((one) => entriesOf(one, unit)),
	);
}

/** " (2 private endpoints, 0 to 2 other)". */
function otherResourcesText({ otherResourcesByKind, otherResourcesReason }) {
	const words = (otherResourcesByKind ?? []).map(({ kind, addresses }) => {
		const figure = range(addresses);
		const [one, several] = otherResourceNames[kind] ?? [kind, kind];
		return `${figure} ${figure === "1" ? one : several}`;
	});
	const all = [words.join(", "), otherResourcesReason].filter(Boolean);
	return all.length > 0 ? ` (${all.join(". ")})` : "";
}

/** Azure checks blocks in addresses. */
function checked({ unit }) {
	return unit === "blocks" ? "addresses" : unit;
}

const answers = {
	fits: "Azure accepts it",
	tight: "Azure may refuse it",
	short: "Azure refuses it",
	unknown: "not known whether Azure accepts it",
};

/** In the two figures of Azure's own message. */
function preflight({ verdict, requested, available }, unit) {
	return `${answers[verdict] ?? verdict} (${amount(requested, unit)} requested, ${range(available)} available)`;
}

function scenarioTable(all) {
	const heads = ["Scenario", "Verdict", "Demand", "Free"];
	return el(
		"table",
		{ class: "scenarios" },
		el(
			"thead",
			{},
			el(
				"tr",
				{},
				heads.map((head) => el("th", { scope: "col" }, head)),
			),
		),
		el("tbody", {}, Object.entries(all).map(scenarioRow)),
	);
}

function scenarioRow([name, scenario]) {
	const { verdict, demand, free } = scenario;
	const why = decisionOf(scenario);
	return el(
		"tr",
		{},
		el("th", { scope: "row" }, scenarioText(name)),
		el(
			"td",
			{},
			el("strong", { class: verdict }, verdict),
			why && el("span", { class: "rule" }, why),
		),
		el("td", {}, range(demand)),
		el("td", {}, freeText(free)),
	);
}

/** Where a pool's demand is assumed, Microsoft's documentation is not what decides. */
function decisionOf({ decidedBy, entries }) {
	const isAssumed = entries.some(({ source }) => source === "assumed");
	if (decidedBy === "documentation" && isAssumed) return null;
	return decisions[decidedBy] ?? null;
}

function entriesOf([name, scenario], unit) {
	const { entries = [], additionalNodes, podsPerNode, stranded } = scenario;
	const more = [
		...Object.entries(additionalNodes ?? {}).map(
			([pool, nodes]) => `${pool}: room for ${nodesText(nodes, "more ")}`,
		),
		...Object.entries(podsPerNode ?? {}).map(
			([pool, pods]) => `${pool}: ${range(pods)} pods per node on average`,
		),
		stranded &&
			`${amount(stranded, "addresses")} are too few for a whole batch`,
	].filter(Boolean);
	if (entries.length + more.length === 0) return null;
	return el(
		"details",
		{},
		el("summary", {}, `What needs it: ${scenarioText(name)}`),
		el(
			"ul",
			{},
			[...entries.map((one) => entry(one, unit)), ...more].map((item) =>
				el("li", {}, item),
			),
		),
	);
}

function nodesText(nodes, more = "") {
	const figure = range(nodes);
	return `${figure} ${more}${figure === "1" ? "node" : "nodes"}`;
}

function entry({ cluster, pool, nodes, demand, source, reasons }, unit) {
	const who = [cluster.split("/").at(-1), pool].filter(Boolean).join(" / ");
	return [
		el("strong", {}, who),
		`, ${nodesText(nodes)}: ${amount(demand, unit)} (${source}) `,
		el("span", { class: "rule" }, reasons.map(({ text }) => text).join("; ")),
	];
}
